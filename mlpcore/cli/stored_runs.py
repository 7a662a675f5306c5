"""`python -m mlpcore runs` and `export RUN`: all runs, the best first, and a run's training as plain Keras code."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from mlpcore import formatting, keras_export
from mlpcore.cli import UsageError
from mlpcore.cli.output import Output, accuracy, aligned, printable
from mlpcore.store import leaderboard, runs
from mlpcore.store.connection import opened
from mlpcore.store.plain_runs import as_json, plain_run
from mlpcore.store.run_names import run_name
from mlpcore.store.runs import Run

_HEADERS = (
    "run", "status", "dataset", "layers", "activation", "optimizer", "epochs", "networks", "validation", "test",
    "seconds",
)  # fmt: skip
ORDER = (
    "Ordered by the validation accuracy of the network that each run kept, the best first; then the runs without\n"
    "validation, finished ones first and stopped ones after them; failed and diverged runs are last."
)
"""The order of the list, written below the table for people; other programs read the table alone."""
_NUMBERS = {"run", "epochs", "networks", "validation", "test", "seconds"}


def list_runs(json: bool) -> int:
    """Write a table, or a JSON list with one line per run, both in the order that `ORDER` says; the exit status.

    Runs whose stored settings cannot be used are listed as well, each with a sentence on standard error.
    """
    with opened() as db:
        listed = leaderboard.all_runs(db, leaderboard.Query(order="kept_val_accuracy"))
        return (_write_json if json else _write_table)(listed)


def _write_json(listed: Iterable[Run]) -> int:
    """Write each run as soon as it is read: there may be more than fit into memory."""
    out, before = Output(), "["
    for run in listed:
        out.text(f"{before}{as_json(plain_run(run))}")
        before = ",\n"
        _report_problem(run)
    out.line("[]" if before == "[" else "]")
    return 0 if out.complete else 1


def _write_table(listed: Iterable[Run]) -> int:
    out, rows = Output(), list(listed)
    for line in aligned([(*_HEADERS, "name"), *map(_cells, rows)], _NUMBERS):
        out.line(line)
    if out.in_terminal:
        out.line(f"\n{ORDER}")
    for run in rows:
        _report_problem(run)
    return 0 if out.complete else 1


def _report_problem(run: Run) -> None:
    if run.problem is not None:
        print(printable(str(run.problem)), file=sys.stderr)


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


def _cells(run: Run) -> tuple[str, ...]:
    epochs = f"{run.epoch}/{run.epochs}"
    validation = accuracy(run.kept_val_accuracy, run.kept_val_accuracy_sd)
    figures = (
        str(run.members),
        validation,
        accuracy(run.test_accuracy, run.test_accuracy_sd),
        formatting.fixed(run.seconds, 1),
    )
    network = (run.dataset, run.layers, run.activation, run.optimizer)
    return (str(run.id), run.status, *network, epochs, *figures, run_name(run))
