"""Which runs are ticked, by their numbers: ticks are kept when the order, the filters or the page change."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

_TICKED = "leaderboard.ticked"
_MOVED = "leaderboard.moved"


def ticked() -> list[int]:
    """The numbers of the ticked runs, in the order of ticking."""
    return list(st.session_state.get(_TICKED, ()))


def tick(run_ids: Iterable[int]) -> None:
    """Tick these runs and no others, from the next time on that the table is drawn."""
    keep_ticked(run_ids)
    st.session_state[_MOVED] = True


def untick(run_ids: Iterable[int]) -> None:
    """Untick runs, which may no longer exist."""
    gone = set(run_ids)
    tick(run_id for run_id in ticked() if run_id not in gone)


def keep_ticked(run_ids: Iterable[int]) -> None:
    """Remember what a user ticked in the table, whose rows say so already."""
    st.session_state[_TICKED] = list(run_ids)


def moved() -> bool:
    """Whether runs were ticked by something else than the table since it was drawn: its rows do not count then."""
    return bool(st.session_state.get(_MOVED))


def placed() -> None:
    """The table's rows agree with the ticks from now on."""
    st.session_state[_MOVED] = False
