"""Which of a run's networks the Train page shows: all of them together, or one by itself."""

from __future__ import annotations

import streamlit as st

from mlpcore.store.runs import Run
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.run_picker import member_name
from mlpcore.ui.train import current_run

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
        format_func=lambda index: _everyone(run) if index == _ALL else member_name(index, run.spec),
        key=_PICKER,
        on_change=_choose,
        args=[run.members],
        label_visibility="collapsed",
        help=_("Look at the mean of all networks, or at one of them by itself."),
        width=360,
    )
    return chosen


def _everyone(run: Run) -> str:
    return _("All {count} networks together").format(count=run.members)


def _choose(count: int) -> None:
    index = st.session_state[_PICKER]
    current_run.select_member(index if isinstance(index, int) and 0 <= index < count else None)
