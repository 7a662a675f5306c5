"""Runs as plain values for other programs: as JSON for the command line and the API, and as rows of a CSV.

The id of an owner never leaves the server: it is what gives a browser the right to change its runs.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mlpcore.formatting import spreadsheet_text
from mlpcore.store.run_names import run_name
from mlpcore.store.run_record import Run

_KEPT_INSIDE = ("spec_json", "failure", "log", "owner", "worker", "attempt", "waiting_for")
"""What is for the app alone, or has another name outside."""

_FIELDS = tuple(field.name for field in dataclasses.fields(Run) if field.name not in _KEPT_INSIDE)
RUN_COLUMNS = (*_FIELDS, "spec", "title", "problem", "message")
"""The names of the values of `plain_run`, in order."""


def plain_run(run: Run) -> dict[str, Any]:
    """The values of a run by their names; `spec` are its settings, None where they cannot be used (`problem`)."""
    values = {name: getattr(run, name) for name in _FIELDS}
    return values | {
        "spec": run.spec.to_dict() if run.problem is None else None,
        "title": run_name(run),
        "problem": str(run.problem) if run.problem else None,
        "message": str(run.failure) if run.failure else None,
    }


def as_json(value: Any) -> str:
    """JSON in ASCII, with null for numbers that are not finite."""
    try:
        return json.dumps(value, allow_nan=False)
    except ValueError:  # which is rare: looking at each number first takes longer than writing it
        return json.dumps(_with_nulls(value), allow_nan=False)


def csv_lines(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """The rows as lines of CSV, without a head: parts that are not plain as JSON, and nothing for what is not known."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_cell(row[name]) for name in columns] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return as_json(value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return spreadsheet_text(value) if isinstance(value, str) else value


def _with_nulls(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _with_nulls(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_nulls(item) for item in value]
    return value
