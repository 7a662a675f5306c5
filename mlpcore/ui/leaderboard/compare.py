"""The ticked runs beside each other: their curves, and where their settings differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from mlpcore.store.runs import Run
from mlpcore.ui.language import _
from mlpcore.ui.leaderboard.differences import differing, label
from mlpcore.ui.live_chart import Curve, overlay_chart
from mlpcore.ui.live_rows import COLUMNS

MOST = 20
"""More curves than this nobody can tell apart."""


def curves(runs: Sequence[Run], epochs: Mapping[int, Sequence[Mapping[str, Any]]]) -> None:
    """Overlay the runs' learning curves; `epochs` holds those of each run."""
    lines = [
        Curve(str(run.id), run.title, {name: [epoch[name] for epoch in epochs.get(run.id, ())] for name in COLUMNS})
        for run in runs
    ]
    overlay_chart("leaderboard_curves", lines)


def differences(runs: Sequence[Run]) -> None:
    """A row for each run, with its results and only those settings that are not the same in all of them."""
    if len(runs) < 2:
        return
    fields = differing([run.spec for run in runs])
    st.markdown(f"#### {_('Where the settings differ')}")
    if not fields:
        st.caption(_("All settings of these runs are the same."))
    names = [run.title for run in runs]
    data: dict[str, Any] = {"run": [[name] for name in names]}
    config: dict[str, Any] = {
        "run": st.column_config.MultiselectColumn(
            _("Run"), options=list(dict.fromkeys(names)), color=_colors(), width=200
        )
    }
    for name, text in (
        ("best_val_accuracy", _("Validation accuracy")),
        ("test_accuracy", _("Test accuracy")),
    ):
        data[name] = [None if (share := getattr(run, name)) is None else 100 * share for run in runs]
        config[name] = st.column_config.NumberColumn(text, format="%.2f %%")
    for field, cells in fields.items():
        data[f"setting {field}"] = cells
        config[f"setting {field}"] = st.column_config.TextColumn(label(field))
    st.dataframe(
        data, column_config=config, hide_index=True, height="content", placeholder="–", key="leaderboard_differences"
    )


def _colors() -> list[str]:
    theme = "dark" if st.context.theme.type == "dark" else "light"
    return list(st.get_option(f"theme.{theme}.chartCategoricalColors"))
