"""`python -m mlpcore runs`: all runs, the best first."""

from __future__ import annotations

import dataclasses
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any

from mlpcore.cli.output import Output, accuracy, as_json
from mlpcore.store import leaderboard
from mlpcore.store.connection import opened
from mlpcore.store.runs import Run

_HEADERS = (
    "run", "status", "dataset", "layers", "activation", "optimizer", "epochs", "networks", "validation", "test",
    "seconds",
)  # fmt: skip
_RIGHT = {"run", "epochs", "networks", "validation", "test", "seconds"}
_ALL = -1


def list_runs(json: bool) -> int:
    """Write a table, or a JSON list with one line per run; the exit status.

    Runs whose stored settings cannot be used are listed as well, each with a sentence on standard error.
    """
    with opened() as db:
        found = leaderboard.page(db, leaderboard.Query(limit=_ALL))
    out = Output()
    if json:
        lines = ",\n".join(as_json(_plain(run)) for run in found)
        out.line(f"[{lines}]")
    else:
        for line in table([(*_HEADERS, "name"), *map(_cells, found)]):
            out.line(line)
    for run in found:
        if run.problem is not None:
            print(printable(str(run.problem)), file=sys.stderr)
    return 0 if out.complete else 1


def _plain(run: Run) -> dict[str, Any]:
    values = {field.name: getattr(run, field.name) for field in dataclasses.fields(Run)}
    values["spec"] = run.spec.to_dict() if run.problem is None else None
    values["problem"] = str(run.problem) if run.problem else None
    values["message"] = str(run.failure) if run.failure else None
    for name in ("spec_json", "failure", "log", "owner", "worker", "attempt"):
        del values[name]
    return values


def _cells(run: Run) -> tuple[str, ...]:
    epochs = f"{run.epoch}/{run.epochs}"
    validation = accuracy(run.best_val_accuracy, run.best_val_accuracy_sd)
    figures = (str(run.members), validation, accuracy(run.test_accuracy, run.test_accuracy_sd), f"{run.seconds:.1f}")
    network = (run.dataset, run.layers, run.activation, run.optimizer)
    return (str(run.id), run.status, *network, epochs, *figures, run.name)


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines with aligned columns; the first row names them, and figures stand on the right."""
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    right = [header in _RIGHT for header in cells[0]]
    return ["  ".join(map(_padded, row, widths, right)).rstrip() for row in cells]


def _padded(cell: str, columns: int, right: bool) -> str:
    space = " " * (columns - width(cell))
    return space + cell if right else cell + space


def printable(text: str) -> str:
    """`text` without what a terminal would obey: control, formatting and unassigned characters become `?`."""
    return "".join("?" if unicodedata.category(sign).startswith("C") else sign for sign in text)


def width(text: str) -> int:
    """The columns that `text` takes in a terminal: two for Japanese characters, none for combining marks."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )
