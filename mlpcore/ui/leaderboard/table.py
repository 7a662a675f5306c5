"""The table of runs: a page of them at a time, with ticks to compare and heads to sort by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from mlpcore.store.runs import Run
from mlpcore.ui.language import _
from mlpcore.ui.leaderboard import selection
from mlpcore.ui.leaderboard.columns import COLUMNS, cell, configuration
from mlpcore.ui.leaderboard.view import PAGE_SIZE, View

ROW = 35
MOST_ROWS = 12


def table(runs: Sequence[Run], sparklines: Mapping[int, Sequence[float]], view: View) -> None:
    """Draw the runs of this page of the view."""
    selection.place_ticks([run.id for run in runs])
    keys = [key for key in COLUMNS if key != "rank" or view.ranks]
    st.dataframe(
        frame(runs, sparklines, view),
        key=selection.TABLE,
        on_select="rerun",
        selection_mode=["multi-row", "single-column"],
        hide_index=True,
        column_order=keys,
        column_config=configuration(keys, view.sort, view.descending),
        height=ROW * (1 + min(len(runs), MOST_ROWS)) + 2 + (ROW // 2 if len(runs) > MOST_ROWS else 0),
        row_height=ROW,
        placeholder="–",
        alt=_("The runs and their results"),
    )


def frame(runs: Sequence[Run], sparklines: Mapping[int, Sequence[float]], view: View) -> pd.DataFrame:
    """The cells: a row for each run, a column for each of `COLUMNS`."""
    cells: dict[str, Any] = {key: [cell(key, run, view.figures) for run in runs] for key in COLUMNS if key not in _OWN}
    cells["rank"] = [_rank(run, index, view) for index, run in enumerate(runs)]
    cells["curve"] = [sparklines.get(run.id) for run in runs]
    found = pd.DataFrame(cells)
    found["rank"] = found["rank"].astype("Int64")
    found["created_at"] = pd.to_datetime(found["created_at"], unit="s", utc=True)
    return found


_OWN = ("rank", "curve")


def _rank(run: Run, index: int, view: View) -> int | None:
    ranked = run.validated and run.status not in ("failed", "diverged") and run.val_accuracy is not None
    return (view.page - 1) * PAGE_SIZE + index + 1 if ranked and view.ranks else None
