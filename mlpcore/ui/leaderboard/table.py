"""The table of runs: a page of them at a time, with ticks to compare and heads to sort by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from mlpcore.store.runs import Run
from mlpcore.ui.leaderboard import selection
from mlpcore.ui.leaderboard.columns import COLUMNS, cells, configuration
from mlpcore.ui.leaderboard.view import View
from mlpcore.ui.shell.language import _

ROW = 35
MOST_ROWS = 12


def table(
    runs: Sequence[Run], places: Mapping[int, int], sparklines: Mapping[int, Sequence[float]], view: View
) -> None:
    """Draw the runs of this page of the view; `places` are their ranks, `sparklines` the course of their accuracy."""
    selection.place_ticks([run.id for run in runs])
    st.dataframe(
        frame(runs, places, sparklines, view.figures),
        key=selection.TABLE,
        on_select="rerun",
        selection_mode=["multi-row", "single-column"],
        hide_index=True,
        column_config=configuration(view.sort, view.descending),
        height=ROW * (1 + min(len(runs), MOST_ROWS)) + 2 + (ROW // 2 if len(runs) > MOST_ROWS else 0),
        row_height=ROW,
        placeholder="–",
        alt=_("The runs and their results"),
    )


def frame(
    runs: Sequence[Run], places: Mapping[int, int], sparklines: Mapping[int, Sequence[float]], figures: str
) -> pd.DataFrame:
    """The cells: a row for each run, a column for each of `COLUMNS`."""
    own: dict[str, Any] = {
        "rank": pd.array([places.get(run.id) for run in runs], dtype="Int64"),
        "curve": [line if len(line := sparklines.get(run.id, ())) > 1 else None for run in runs],
        "created_at": pd.to_datetime([run.created_at for run in runs], unit="s", utc=True),
    }
    return pd.DataFrame({key: own[key] if key in own else cells(key, runs, figures) for key in COLUMNS})
