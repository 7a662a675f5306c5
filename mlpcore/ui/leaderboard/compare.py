"""The ticked runs beside each other: their curves, and where their settings differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from mlpcore.store.runs import Run
from mlpcore.ui.components.learning_curves import Curve, overlay_chart
from mlpcore.ui.components.learning_curves.row_updates import COLUMNS as METRICS
from mlpcore.ui.components.learning_curves.row_updates import DEVIATIONS
from mlpcore.ui.leaderboard.columns import COLUMNS, accuracy, cells
from mlpcore.ui.leaderboard.differences import differing
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.settings_text import label_text

MOST = 20
"""More curves than this nobody can tell apart."""


def names(runs: Sequence[Run]) -> list[str]:
    """The runs' titles, with the number where two have the same."""
    titles = [run.title for run in runs]
    return [
        title if titles.count(title) == 1 else f"{title} #{run.id}" for title, run in zip(titles, runs, strict=True)
    ]


def curves(runs: Sequence[Run], epochs: Mapping[int, Sequence[Mapping[str, Any]]]) -> None:
    """Overlay the runs' learning curves; `epochs` holds those of each run."""
    lines = [
        Curve(str(run.id), title, _columns(run, epochs.get(run.id, ())))
        for run, title in zip(runs, names(runs), strict=True)
    ]
    overlay_chart("leaderboard_curves", lines)


def _columns(run: Run, epochs: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The chart's columns, with deviations for the means of several networks."""
    wanted = (*METRICS, *DEVIATIONS) if run.members > 1 else METRICS
    return {name: [epoch[name] for epoch in epochs] for name in wanted}


def differences(runs: Sequence[Run], figures: str) -> None:
    """A row for each run, with its results and only those settings that are not the same in all of them.

    `figures` says whether the results are those of the `best` or of the `last` epoch.
    """
    if len(runs) < 2:
        return
    fields = differing([run.spec for run in runs])
    st.markdown("#### " + _("Where the settings differ"))
    if not fields:
        st.caption(_("All settings of these runs are the same."))
    titles = names(runs)
    data: dict[str, Any] = {"run": [[title] for title in titles]}
    config: dict[str, Any] = {
        "run": st.column_config.MultiselectColumn(_("Run"), options=titles, color=_colors(), width=200)
    }
    for name in ("val_accuracy", "test_accuracy"):
        data[name] = cells(name, runs, figures)
        config[name] = accuracy(_(COLUMNS[name].label))
    for field, values in fields.items():
        data[f"setting {field}"] = values
        config[f"setting {field}"] = st.column_config.TextColumn(label_text(field))
    st.dataframe(
        data, column_config=config, hide_index=True, height="content", placeholder="–", key="leaderboard_differences"
    )


def _colors() -> list[str]:
    theme = "dark" if st.context.theme.type == "dark" else "light"
    return list(st.get_option(f"theme.{theme}.chartCategoricalColors"))
