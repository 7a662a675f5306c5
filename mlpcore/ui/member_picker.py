"""Which of a run's networks the Train page shows: all of them together, or one by itself."""

from __future__ import annotations

import streamlit as st

from mlpcore.spec import RunSpec
from mlpcore.store.runs import Run
from mlpcore.ui import current_run
from mlpcore.ui.language import _

_PICKER = "member_picker"
_ALL = -1


def pick(run: Run) -> int | None:
    """Draw the choice for a run of several networks; the chosen one's index, None for all together."""
    if run.members == 1:
        return None
    chosen = current_run.member()
    if chosen is not None and not 0 <= chosen < run.members:
        current_run.select_member(None)
        chosen = None
    st.session_state[_PICKER] = _ALL if chosen is None else chosen
    st.selectbox(
        _("Networks"),
        [_ALL, *range(run.members)],
        format_func=lambda index: _everyone(run) if index == _ALL else name(index, run.spec),
        key=_PICKER,
        on_change=_choose,
        args=[run.members],
        label_visibility="collapsed",
        help=_("Look at the mean of all networks, or at one of them by itself."),
        width=360,
    )
    return chosen


def name(index: int, spec: RunSpec) -> str:
    """A network in a list: its number from 1 on, and the seed and fold that tell it from the others."""
    parts = [_("Network {number}").format(number=index + 1)]
    if spec.repeats > 1:
        parts.append(_("seed {seed}").format(seed=spec.seed + index // max(1, spec.folds)))
    if spec.folds:
        parts.append(_("fold {fold}").format(fold=index % spec.folds + 1))
    return " · ".join(parts)


def _everyone(run: Run) -> str:
    return _("All {count} networks together").format(count=run.members)


def _choose(count: int) -> None:
    index = st.session_state[_PICKER]
    current_run.select_member(index if isinstance(index, int) and 0 <= index < count else None)
