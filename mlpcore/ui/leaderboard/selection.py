"""Which runs are ticked, by number: the ticks outlive new orders, filters, pages and visits to other pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

TABLE = "leaderboard_table"

_TICKED = "leaderboard.ticked"
_SHOWN = "leaderboard.shown"
_MOVED = "leaderboard.moved"


def ticked() -> list[int]:
    """The numbers of the ticked runs, in the order of ticking."""
    return list(st.session_state.get(_TICKED, ()))


def tick(run_ids: Iterable[int]) -> None:
    """Tick these runs and no others, from the next time on that the table is drawn."""
    st.session_state[_TICKED] = list(run_ids)
    st.session_state[_MOVED] = True


def forget(run_ids: Iterable[int]) -> None:
    """Take the ticks of runs away, which may not be there any more."""
    gone = set(run_ids)
    tick(run_id for run_id in ticked() if run_id not in gone)


def take_clicks() -> str | None:
    """Learn what the user ticked since the last run, and return the column whose head was clicked, if any."""
    state: Any = st.session_state.get(TABLE)
    if state is None or st.session_state.get(_MOVED):
        return None
    shown: Sequence[int] = st.session_state.get(_SHOWN, ())
    here = [shown[row] for row in rows(state, len(shown))]
    kept = [run_id for run_id in ticked() if run_id not in shown or run_id in here]
    st.session_state[_TICKED] = kept + [run_id for run_id in here if run_id not in kept]
    return next((head for head in state["selection"]["columns"] if isinstance(head, str)), None)


def place_ticks(shown: Sequence[int]) -> None:
    """Put the ticks where the runs stand now; call it before the table is drawn."""
    st.session_state[_SHOWN] = list(shown)
    st.session_state[_MOVED] = False
    wanted = set(ticked())
    places = [row for row, run_id in enumerate(shown) if run_id in wanted]
    state: Any = st.session_state.get(TABLE) or {"selection": {"rows": [], "columns": []}}
    chosen = state["selection"]
    if sorted(rows(state, len(shown))) != places or len(chosen["rows"]) != len(places) or chosen["columns"]:
        st.session_state[TABLE] = {"selection": {"rows": places, "columns": [], "cells": []}}


def rows(state: Any, count: int) -> list[int]:
    """The ticked rows in what a browser sent for a table of `count` rows; what is no row is left out."""
    return [row for row in state["selection"]["rows"] if type(row) is int and 0 <= row < count]
