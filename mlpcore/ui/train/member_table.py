"""All networks of a run: a picture of how their accuracies spread, and a table, the best validation accuracy first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from mlpcore import formatting
from mlpcore.events import deviation
from mlpcore.figures.dot_strip import Dot, DotStrip, dot_strips_svg
from mlpcore.spec import RunSpec
from mlpcore.store import members, runs
from mlpcore.store.connection import opened
from mlpcore.store.members import MemberRow
from mlpcore.store.runs import Run
from mlpcore.ui.components import component
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences
from mlpcore.ui.shell.phone import on_phone
from mlpcore.ui.shell.run_picker import member_name
from mlpcore.ui.train.run_result import member_metrics

_TICK_SECONDS = 2.0
_ROWS_SHOWN = 10
_ROW_HEIGHT = 35

MetricsByMember = Mapping[int, Mapping[str, Any]]
"""The metrics of networks by their index, as `run_result.member_metrics` gives them."""

_picture = component("pickable", "picture")

_STATUSES = {
    "training": lambda: _("in training"),
    "finished": lambda: _("finished"),
    "stopped early": lambda: _("stopped early"),
    "diverged": lambda: _("diverged"),
}


def draw_member_table(run: Run, chosen: int | None) -> None:
    """Draw the spread of an ended run, and the table, collapsed; `chosen` is the network that is shown alone."""
    if run.ended:
        with opened() as db:
            networks = members.members(db, run.id)
            metrics = member_metrics(db, run, networks)
        strips = accuracy_strips(run.spec, networks, metrics, chosen)
        if strips:
            st.caption(
                _(
                    "Each dot is one network after its training; point at a dot to see which one. Line and band: the"
                    " mean, and one standard deviation above and below it."
                )
            )
            description = "; ".join(f"{strip.label}: {strip.summary}" for strip in strips)
            _picture(key="spread", data=str(dot_strips_svg(strips, description, narrow=on_phone())))
    label = _("All {count} networks").format(count=run.members)
    with st.expander(label, icon=":material/scatter_plot:", key="details.networks", on_change="rerun") as section:
        if section.open:
            st.fragment(_table, run_every=None if run.ended else _TICK_SECONDS)(run.id)


@sentences()
def _table(run_id: int) -> None:
    with opened() as db:
        run = runs.get(db, run_id)
        networks = members.members(db, run.id)
        metrics = member_metrics(db, run, networks)
    accuracy = st.column_config.NumberColumn(format="percent")
    names = _names()
    table = table_cells(run.spec, networks, metrics)
    st.dataframe(
        table,
        hide_index=True,
        height=_ROW_HEIGHT * (1 + _ROWS_SHOWN) if len(table) > _ROWS_SHOWN else "auto",
        column_config={
            field: {**accuracy, "label": label} if field.endswith("accuracy") else label
            for field, label in names.items()
        },
        placeholder=formatting.UNKNOWN,
    )


def _names() -> dict[str, str]:
    return {
        "network": _("Network"),
        "status": _("Status"),
        "val_accuracy": _("Validation accuracy"),
        "accuracy": _("Training accuracy"),
        "test_accuracy": _("Test accuracy"),
        "epoch": _("Epoch"),
    }


def table_cells(spec: RunSpec, networks: Sequence[MemberRow], metrics: MetricsByMember) -> pd.DataFrame:
    """One row per network, the best validation accuracy first (training accuracy without validation).

    The figures are those of the epoch that a network keeps, else of its last one; None for one that has diverged.
    """
    rows: list[dict[str, Any]] = []
    for network in networks:
        figures = metrics.get(network.member, {})
        rows.append(
            {
                "network": member_name(network.member, spec),
                "status": _STATUSES[network.status](),
                "val_accuracy": figures.get("val_accuracy"),
                "accuracy": figures.get("accuracy"),
                "test_accuracy": network.test_accuracy,
                "epoch": network.kept_epoch or network.epoch,
            }
        )
    validated = any(row["val_accuracy"] is not None for row in rows)
    score = "val_accuracy" if validated else "accuracy"
    rows.sort(key=lambda row: -1.0 if row[score] is None else row[score], reverse=True)
    columns = [column for column in _names() if validated or column != "val_accuracy"]
    return pd.DataFrame(rows, columns=columns)


def accuracy_strips(
    spec: RunSpec, networks: Sequence[MemberRow], metrics: MetricsByMember, chosen: int | None
) -> list[DotStrip]:
    """Validation and test accuracies of the networks, where at least two have one."""
    validated = {index: figures["val_accuracy"] for index, figures in metrics.items()}
    tested = {network.member: network.test_accuracy for network in networks}
    strips = []
    for label, accuracies in ((_("Validation accuracy"), validated), (_("Test accuracy"), tested)):
        known = {index: value for index, value in accuracies.items() if value is not None}
        if len(known) > 1:
            mean, spread = sum(known.values()) / len(known), deviation(list(known.values()))
            dots = (
                Dot(value, f"{member_name(i, spec)}: {formatting.percent(value)}", i == chosen)
                for i, value in known.items()
            )
            strips.append(DotStrip(label, formatting.percent(mean, spread), tuple(dots), mean, spread))
    return strips
