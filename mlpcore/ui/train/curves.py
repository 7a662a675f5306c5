"""The learning curves of the shown run, kept in the session: only epochs that are new are read from the store."""

from __future__ import annotations

from typing import cast

import streamlit as st

from mlpcore.store import metrics, runs
from mlpcore.store.connection import Database
from mlpcore.store.runs import Run
from mlpcore.ui.components.learning_curves import Curve
from mlpcore.ui.components.learning_curves.row_updates import COLUMNS, DEVIATIONS
from mlpcore.ui.shell.language import _, language

Columns = dict[str, list[float | None]]
"""The epochs of a run: a list for each of `COLUMNS`, and of `DEVIATIONS` where they are means of several networks."""

_STATE = "curves"
_GHOST = "curves.ghost"


def columns(db: Database, run: Run, member: int | None = None) -> Columns:
    """All epochs of a run (its means), or of one of its networks; only those not yet seen in this session are read."""
    known_key, known = st.session_state.get(_STATE, (None, None))
    if known_key != (run.id, member):
        names = (*COLUMNS, *DEVIATIONS) if run.members > 1 and member is None else COLUMNS
        known = {name: [] for name in names}
        st.session_state[_STATE] = (run.id, member), known
    last = int(known["epoch"][-1]) if known["epoch"] else 0
    for row in metrics.epochs_after(db, run.id, after=last, member=member):
        for name, values in known.items():
            values.append(row[name])
    return cast(Columns, known)


def best_epoch(columns: Columns) -> int | None:
    """The epoch with the highest validation accuracy (training accuracy where nothing validates).

    Of equals it is the one with the lower loss, then the earliest, as in the store.
    """
    prefix = "val_" if any(value is not None for value in columns["val_accuracy"]) else ""
    rows = zip(columns[f"{prefix}accuracy"], columns[f"{prefix}loss"], columns["epoch"], strict=True)
    ranked = [
        (-accuracy, float("inf") if loss is None else loss, epoch)
        for accuracy, loss, epoch in rows
        if accuracy is not None and epoch is not None
    ]
    return int(min(ranked)[2]) if ranked else None


def ghost(db: Database, run: Run, member: int | None = None) -> Curve | None:
    """The curve to compare with, drawn faintly behind the others; read once.

    For a run that is the run before it on the same dataset, to see whether the change helped. For one network of an
    ended run it is the mean of all; while the run goes on, when the mean still grows, there is none.
    """
    key = (run.id,) if member is None else (run.id, member, run.ended, language())
    known_key, known = st.session_state.get(_GHOST, (None, None))
    if known_key != key:
        known = _load_ghost(db, run) if member is None else _mean(db, run)
        st.session_state[_GHOST] = key, known
    return cast("Curve | None", known)


def _load_ghost(db: Database, run: Run) -> Curve | None:
    before = runs.previous(db, run)
    return None if before is None else _curve(db, before, before.title)


def _mean(db: Database, run: Run) -> Curve | None:
    return _curve(db, run, _("Mean of all networks")) if run.ended else None


def _curve(db: Database, run: Run, name: str) -> Curve:
    rows = metrics.epochs_after(db, run.id)
    return Curve(str(run.id), name, {name: [row[name] for row in rows] for name in COLUMNS})
