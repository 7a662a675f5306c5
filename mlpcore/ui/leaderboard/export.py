"""The list as CSV: all matching runs, in the order of the list, with plain numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from mlpcore.formatting import spreadsheet_text
from mlpcore.store import leaderboard
from mlpcore.store.connection import opened
from mlpcore.store.runs import Run
from mlpcore.ui.leaderboard.columns import SETTING_COLUMNS
from mlpcore.ui.leaderboard.view import View
from mlpcore.ui.shell.language import _

_RUN = (
    "id", "name", "note", "starred", "status", "dataset", "layers", "activation", "optimizer", "learning_rate",
    "dropout", "batch_size", "epochs",
)  # fmt: skip
_RESULTS = (
    "epoch", "best_epoch", "parameters", "members", "accuracy", "accuracy_sd", "val_accuracy", "val_accuracy_sd",
    "loss", "val_loss", "best_accuracy", "best_accuracy_sd", "best_val_accuracy", "best_val_accuracy_sd", "best_loss",
    "best_val_loss", "test_accuracy", "test_accuracy_sd", "test_loss", "seconds", "device", "created_at", "started_at",
    "ended_at",
)  # fmt: skip
_SETTINGS = tuple(SETTING_COLUMNS)
"""The settings with a column that the store keeps none for: their values come from the run's spec."""

FIELDS = (*_RUN, *_SETTINGS, *_RESULTS)
"""The columns, by the names that a spec and the command line use too; accuracies are shares from 0 to 1.

Of several `members`, the networks of a run, figures are means and `*_sd` their sample standard deviations.
"""

_TIMES = ("created_at", "started_at", "ended_at")


def download(view: View) -> None:
    """Draw the button; the file is made when it is pressed."""
    st.download_button(
        _("CSV"),
        lambda: _file(view),
        file_name="mlplab-runs.csv",
        mime="text/csv",
        icon=":material/download:",
        help=_("All runs of this list, also those on its other pages, as a table for a spreadsheet."),
        on_click="ignore",
    )


def _file(view: View) -> bytes:
    with opened() as db:
        # The mark at the beginning lets Excel see that it is UTF-8.
        return as_csv(leaderboard.all_runs(db, view.query)).encode("utf-8-sig")


def as_csv(runs: Iterable[Run]) -> str:
    """The runs as CSV with a line of `FIELDS`; what is not known is empty, times are UTC."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow(FIELDS)
    lines.writerows([_plain(field, _value(field, run)) for field in FIELDS] for run in runs)
    return text.getvalue()


def _value(field: str, run: Run) -> Any:
    if field not in _SETTINGS:
        return getattr(run, field)
    return getattr(run.spec, field) if run.problem is None else None


def _plain(field: str, value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if field in _TIMES and value is not None:
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
    return spreadsheet_text(value) if isinstance(value, str) else value
