"""The faint curve that a run is compared with: the visitor's run before it, another of their runs, or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import streamlit as st

from mlpcore.live.curve_rows import COLUMNS
from mlpcore.store import metrics, runs
from mlpcore.store.connection import Database
from mlpcore.store.runs import Run
from mlpcore.ui.components.learning_curves import Curve
from mlpcore.ui.shell.browser import visitor
from mlpcore.ui.shell.language import _, language
from mlpcore.ui.shell.page_shell import choice_of, widget_key
from mlpcore.ui.shell.run_text import run_name
from mlpcore.ui.train.current_run import recent_run_label

MAX_OFFERED = 30
"""How many of the visitor's runs can be chosen from."""
_PREVIOUS, _NONE = 0, -1
"""The choices that are no run's id."""
_CHOICE, _PICKER, _READ = "reference_run.choice", "reference_picker", "reference_run.read"


def reference_curve(db: Database, run: Run, member: int | None = None) -> Curve | None:
    """The curve that is drawn faintly for comparison; it is read once in a session.

    For one network of an ended run it is the mean of all; while the run goes on, when the mean still grows, there is
    none.
    """
    if member is not None:
        other, name = (run if run.ended else None), _("Mean of all networks")
    else:
        other = _reference(run, _comparable(db, run))
        name = run_name(other) if other is not None else ""
    if other is None:
        return None
    key = other.id, other.epoch, name, language()
    known_key, known = st.session_state.get(_READ, (None, None))
    if known_key != key:
        known = _curve(db, other, name)
        st.session_state[_READ] = key, known
    return cast("Curve | None", known)


def draw_reference_picker(db: Database, run: Run) -> None:
    """Draw the choice of the run that `run` is compared with, where the visitor has one on the same dataset."""
    offered = {other.id: other for other in _comparable(db, run)}
    if not offered:
        return
    previous = _previous(run, list(offered.values()))
    labels = {run_id: recent_run_label(other) for run_id, other in offered.items()}
    labels[_NONE] = _("Compare with no run")
    if previous is not None:
        labels[_PREVIOUS] = _("Compare with my run before it: {run}").format(run=labels[previous.id])
    options = [*((_PREVIOUS,) if previous is not None else ()), _NONE, *offered]
    chosen = st.session_state.get(_CHOICE, _PREVIOUS)
    picker = widget_key(_PICKER, chosen if chosen in options else options[0])
    st.selectbox(
        _("Compare with"),
        options,
        format_func=labels.__getitem__,
        key=picker,
        on_change=_choose,
        args=[picker],
        label_visibility="collapsed",
        help=_("The faint curve in the chart: one of your runs on the same dataset."),
        width=420,
    )


def _choose(picker: str) -> None:
    chosen = choice_of(picker)
    if isinstance(chosen, int):
        st.session_state[_CHOICE] = chosen


def _comparable(db: Database, run: Run) -> list[Run]:
    return runs.comparable(db, run, visitor().id, MAX_OFFERED)


def _reference(run: Run, offered: Sequence[Run]) -> Run | None:
    """The chosen run; where it is not offered for this one, the run before it."""
    chosen = st.session_state.get(_CHOICE, _PREVIOUS)
    if chosen == _NONE:
        return None
    return next((other for other in offered if other.id == chosen), _previous(run, offered))


def _previous(run: Run, offered: Sequence[Run]) -> Run | None:
    return next((other for other in offered if other.id < run.id), None)


def _curve(db: Database, run: Run, name: str) -> Curve:
    rows = metrics.epochs_after(db, run.id)
    return Curve(str(run.id), name, {column: [row[column] for row in rows] for column in COLUMNS})
