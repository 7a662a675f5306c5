"""`python -m mlpcore export RUN`: a run's training as plain Keras code."""

from __future__ import annotations

from pathlib import Path

from mlpcore import keras_export
from mlpcore.cli import UsageError
from mlpcore.cli.output import Output
from mlpcore.store import runs
from mlpcore.store.connection import opened


def export_code(run_id: int, as_notebook: bool, path: str | None) -> int:
    """Write a run's script or notebook to the file `path` (None: standard output); the exit status.

    Raises `RunNotFoundError`, `UnusableRunError` where the run's settings cannot be used, and `UsageError`.
    """
    with opened() as db:
        exported = keras_export.from_store(db, runs.get(db, run_id))
    text = keras_export.notebook(exported) if as_notebook else keras_export.script(exported)
    if path is None:
        out = Output()
        out.line(text.removesuffix("\n"))
        return 0 if out.complete else 1
    try:
        Path(path).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError("The file {path} cannot be written: {reason}.", path=path, reason=reason) from error
    return 0
