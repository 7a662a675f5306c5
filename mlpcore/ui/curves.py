"""A run's learning curves in the session: read from where the last look ended, so that no history is read twice."""

from __future__ import annotations

from typing import cast

import streamlit as st

from mlpcore.store import metrics, runs
from mlpcore.store.connection import Database
from mlpcore.store.runs import Run
from mlpcore.ui.live_chart import Curve
from mlpcore.ui.live_rows import COLUMNS

Columns = dict[str, list[float | None]]
"""The epochs of a run: a list for each of `COLUMNS`."""

_STATE = "curves"
_GHOST = "curves.ghost"
_FILE_COLUMNS = (*COLUMNS, "seconds", "learning_rate")


def columns(db: Database, run_id: int) -> Columns:
    """All epochs of a run; only those that this session has not seen are read."""
    known_run, known = st.session_state.get(_STATE, (None, None))
    if known_run != run_id:
        known = {name: [] for name in COLUMNS}
        st.session_state[_STATE] = run_id, known
    last = int(known["epoch"][-1]) if known["epoch"] else 0
    for row in metrics.epochs_after(db, run_id, after=last):
        for name in COLUMNS:
            known[name].append(row[name])
    return cast(Columns, known)


def ghost(db: Database, run: Run) -> Curve | None:
    """The curves of the run before this one on the same dataset, to see whether the change helped."""
    known_run, known = st.session_state.get(_GHOST, (None, None))
    if known_run != run.id:
        known = _load_ghost(db, run)
        st.session_state[_GHOST] = run.id, known
    return cast("Curve | None", known)


def _load_ghost(db: Database, run: Run) -> Curve | None:
    before = runs.previous(db, run)
    if before is None:
        return None
    rows = metrics.epochs_after(db, before.id)
    return Curve(str(before.id), before.title, {name: [row[name] for row in rows] for name in COLUMNS})
