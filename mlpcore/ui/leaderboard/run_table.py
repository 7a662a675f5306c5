"""The table of runs: a page of them at a time, with headers to sort by, and rows to tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from mlpcore import formatting
from mlpcore.store.runs import Run
from mlpcore.ui.components import overview_stream
from mlpcore.ui.leaderboard import selection
from mlpcore.ui.leaderboard.columns import COLUMNS, cells, configuration
from mlpcore.ui.shell.browser import visitor
from mlpcore.ui.shell.language import _

_REPLACED = "leaderboard.replaced_rows"
_TABLE = "leaderboard_table"

_SHOWN = "leaderboard.shown"
_ROW = 35
_MAX_ROWS = 12


def draw_table(
    runs: Sequence[Run],
    names: Mapping[int, str],
    ranks: Mapping[int, int],
    sparklines: Mapping[int, Sequence[float]],
    *,
    figures: str,
    sort: str,
    descending: bool,
) -> None:
    """Draw the runs of a page with their names; `sparklines` are their validation accuracies.

    `figures` says of which network the results are; `sort` and `descending`, by what the list is sorted.
    """
    place_ticks([run.id for run in runs])
    st.dataframe(
        table_cells(runs, names, ranks, sparklines, figures),
        key=_TABLE,
        on_select="rerun",
        selection_mode=["multi-row", "single-column"],
        hide_index=True,
        column_config=configuration(sort, descending),
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
    me = visitor().id
    others = any(run.owner != me for run in runs)
    own: dict[str, Any] = {
        "name": [_marks(run.starred, others and run.owner == me) + names[run.id] for run in runs],
        "rank": pd.array([ranks.get(run.id) for run in runs], dtype="Int64"),
        "curve": [line if len(line := sparklines.get(run.id, ())) > 1 else None for run in runs],
        "created_at": pd.to_datetime([run.created_at for run in runs], unit="s", utc=True),
    }
    return pd.DataFrame({key: own[key] if key in own else cells(key, runs, figures) for key in COLUMNS})


def _marks(starred: bool, own: bool) -> str:
    """What stands before a run's name."""
    return "● " * own + "★ " * starred


def take_clicks() -> str | None:
    """Read what the user ticked since the last run, and return the column whose header was clicked, if any."""
    state: Any = st.session_state.get(_TABLE)
    stale = (
        overview_stream.caused_this_run() and state and state["selection"]["rows"] == st.session_state.get(_REPLACED)
    )
    if state is None or selection.moved() or stale:  # a browser that has not received the moved ticks yet
        return None
    selection.keep_ticked(_ticked_now(state))
    return next((column for column in state["selection"]["columns"] if isinstance(column, str)), None)


def _ticked_now(state: Any) -> list[int]:
    """The ticked runs as the table's rows say; those that it does not show stay as they are."""
    shown: Sequence[int] = st.session_state.get(_SHOWN, ())
    selected = [shown[row] for row in ticked_rows(state, len(shown))]
    remaining = [run_id for run_id in selection.ticked() if run_id not in shown or run_id in selected]
    return remaining + [run_id for run_id in selected if run_id not in remaining]


def place_ticks(shown: Sequence[int]) -> None:
    """Move the ticks to the rows in which the runs are now; call it before the table is drawn."""
    st.session_state[_SHOWN] = list(shown)
    selection.placed()
    ids = set(selection.ticked())
    ticked_here = [row for row, run_id in enumerate(shown) if run_id in ids]
    state: Any = st.session_state.get(_TABLE) or {"selection": {"rows": [], "columns": []}}
    sent = state["selection"]
    as_it_should_be = sorted(ticked_rows(state, len(shown))) == ticked_here and len(sent["rows"]) == len(ticked_here)
    st.session_state[_REPLACED] = None if as_it_should_be else sent["rows"]
    if not as_it_should_be or sent["columns"]:
        st.session_state[_TABLE] = {"selection": {"rows": ticked_here, "columns": [], "cells": []}}


def ticked_rows(state: Any, count: int) -> list[int]:
    """The ticked rows in what a browser sent for a table of `count` rows, each once; anything else is left out."""
    rows = state["selection"]["rows"]
    possible = (row for row in rows if type(row) is int and 0 <= row < count) if isinstance(rows, list) else ()
    return list(dict.fromkeys(possible))
