"""The table of runs: a page of them at a time, with headers to sort by, and which runs are ticked in it.

Runs are ticked by their number: ticks are kept when the order, the filters or the page change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from mlpcore import formatting
from mlpcore.store.runs import Run
from mlpcore.ui.leaderboard.columns import COLUMNS, cells, configuration
from mlpcore.ui.leaderboard.view import View
from mlpcore.ui.shell.language import _

_TABLE = "leaderboard_table"

_TICKED = "leaderboard.ticked"
_SHOWN = "leaderboard.shown"
_MOVED = "leaderboard.moved"
_ROW = 35
_MAX_ROWS = 12


def draw_table(
    runs: Sequence[Run],
    names: Mapping[int, str],
    ranks: Mapping[int, int],
    sparklines: Mapping[int, Sequence[float]],
    view: View,
) -> None:
    """Draw the runs of this page of the view with their names; `sparklines` are their validation accuracies."""
    place_ticks([run.id for run in runs])
    st.dataframe(
        table_cells(runs, names, ranks, sparklines, view.figures),
        key=_TABLE,
        on_select="rerun",
        selection_mode=["multi-row", "single-column"],
        hide_index=True,
        column_config=configuration(view.sort, view.descending),
        height=_ROW * (1 + min(len(runs), _MAX_ROWS)) + 2 + (_ROW // 2 if len(runs) > _MAX_ROWS else 0),
        row_height=_ROW,
        placeholder=formatting.UNKNOWN,
        alt=_("The runs and their results"),
    )


def table_cells(
    runs: Sequence[Run],
    names: Mapping[int, str],
    ranks: Mapping[int, int],
    sparklines: Mapping[int, Sequence[float]],
    figures: str,
) -> pd.DataFrame:
    """The cells: one row per run, one column for each of `COLUMNS`."""
    own: dict[str, Any] = {
        "name": [f"★ {names[run.id]}" if run.starred else names[run.id] for run in runs],
        "rank": pd.array([ranks.get(run.id) for run in runs], dtype="Int64"),
        "curve": [line if len(line := sparklines.get(run.id, ())) > 1 else None for run in runs],
        "created_at": pd.to_datetime([run.created_at for run in runs], unit="s", utc=True),
    }
    return pd.DataFrame({key: own[key] if key in own else cells(key, runs, figures) for key in COLUMNS})


def ticked() -> list[int]:
    """The numbers of the ticked runs, in the order of ticking."""
    return list(st.session_state.get(_TICKED, ()))


def tick(run_ids: Iterable[int]) -> None:
    """Tick these runs and no others, from the next time on that the table is drawn."""
    st.session_state[_TICKED] = list(run_ids)
    st.session_state[_MOVED] = True


def untick(run_ids: Iterable[int]) -> None:
    """Untick runs, which may no longer exist."""
    gone = set(run_ids)
    tick(run_id for run_id in ticked() if run_id not in gone)


def take_clicks() -> str | None:
    """Read what the user ticked since the last run, and return the column whose header was clicked, if any."""
    state: Any = st.session_state.get(_TABLE)
    if state is None or st.session_state.get(_MOVED):
        return None
    shown: Sequence[int] = st.session_state.get(_SHOWN, ())
    selected = [shown[row] for row in ticked_rows(state, len(shown))]
    remaining = [run_id for run_id in ticked() if run_id not in shown or run_id in selected]
    st.session_state[_TICKED] = remaining + [run_id for run_id in selected if run_id not in remaining]
    return next((column for column in state["selection"]["columns"] if isinstance(column, str)), None)


def place_ticks(shown: Sequence[int]) -> None:
    """Move the ticks to the rows in which the runs are now; call it before the table is drawn."""
    st.session_state[_SHOWN] = list(shown)
    st.session_state[_MOVED] = False
    ids = set(ticked())
    ticked_here = [row for row, run_id in enumerate(shown) if run_id in ids]
    state: Any = st.session_state.get(_TABLE) or {"selection": {"rows": [], "columns": []}}
    sent = state["selection"]
    as_it_should_be = sorted(ticked_rows(state, len(shown))) == ticked_here and len(sent["rows"]) == len(ticked_here)
    if not as_it_should_be or sent["columns"]:
        st.session_state[_TABLE] = {"selection": {"rows": ticked_here, "columns": [], "cells": []}}


def ticked_rows(state: Any, count: int) -> list[int]:
    """The ticked rows in what a browser sent for a table of `count` rows; anything else is left out."""
    return [row for row in state["selection"]["rows"] if type(row) is int and 0 <= row < count]
