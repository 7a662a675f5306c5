"""The networks of a run of several: how one of them ended, how their accuracies spread, and a table of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from mlpcore import formatting, keras_export
from mlpcore.events import deviation, mean
from mlpcore.figures.dot_strip import Dot, DotStrip, dot_strips_svg
from mlpcore.i18n.messages import N_
from mlpcore.paths import data_folder
from mlpcore.serving.kept_networks import kept_metrics
from mlpcore.spec import RunSpec
from mlpcore.store import members, runs
from mlpcore.store.connection import Database, opened
from mlpcore.store.members import MemberRow
from mlpcore.store.runs import Run
from mlpcore.ui.components.overview_stream import follow_run
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.shell.browser import on_phone
from mlpcore.ui.shell.language import _, paragraph
from mlpcore.ui.shell.page_shell import sentences
from mlpcore.ui.shell.run_text import member_name
from mlpcore.ui.shell.tick_budget import measured_tick

_ROWS_SHOWN = 10
_ROW_HEIGHT = 35

MetricsByMember = Mapping[int, Mapping[str, Any]]
"""The metrics of networks by their index, as `member_metrics` gives them."""

_STATUSES = {
    "training": N_("in training"),
    "finished": N_("finished"),
    "stopped early": N_("stopped early"),
    "diverged": N_("diverged"),
}


def draw_member_table(run: Run, chosen: int | None) -> None:
    """Draw the spread of an ended run, and the table, collapsed; `chosen` is the network that is shown alone."""
    if run.ended:
        with opened() as db:
            networks = members.members(db, run.id)
            figures = member_metrics(db, run, networks)
        strips = accuracy_strips(run.spec, networks, figures, chosen)
        if strips:
            st.caption(
                _(
                    "Each dot is one network after its training; point at a dot to see which one. Line and band: the"
                    " mean, and one standard deviation above and below it."
                )
            )
            description = "; ".join(f"{strip.label}: {strip.summary}" for strip in strips)
            picture("spread", dot_strips_svg(strips, description, narrow=on_phone()))
    label = _("All {count} networks").format(count=run.members)
    with st.expander(label, icon=":material/scatter_plot:", key="details.networks", on_change="rerun") as section:
        if section.open:
            st.fragment(_table)(run.id)


@sentences()
def _table(run_id: int) -> None:
    with opened() as db:
        run = runs.get(db, run_id)
    with measured_tick("member_table"):
        _draw_table(run)
    if not run.ended:
        follow_run("member_table", run)


def _draw_table(run: Run) -> None:
    with opened() as db:
        networks = members.members(db, run.id)
        figures = member_metrics(db, run, networks)
    accuracy = st.column_config.NumberColumn(format="percent")
    names = _names()
    table = table_cells(run.spec, networks, figures)
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

    `metrics` are those of `member_metrics`; a network that has diverged has none, only the epoch in which it did.
    """
    rows: list[dict[str, Any]] = []
    for network in networks:
        figures = metrics.get(network.member, {})
        rows.append(
            {
                "network": member_name(network.member, spec),
                "status": _(_STATUSES[network.status]),
                "val_accuracy": figures.get("val_accuracy"),
                "accuracy": figures.get("accuracy"),
                "test_accuracy": network.test_accuracy,
                "epoch": figures.get("epoch", network.epoch),
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
            values = list(known.values())
            average, spread = mean(values), deviation(values)
            dots = (
                Dot(value, f"{member_name(i, spec)}: {formatting.percent(value)}", i == chosen)
                for i, value in known.items()
            )
            strips.append(DotStrip(label, formatting.percent(average, spread), tuple(dots), average, spread))
    return strips


def draw_member_figures(run: Run, network: MemberRow) -> None:
    """Draw the figures of one network of an ended run, and the download of its model."""
    with opened() as db:
        row = member_metrics(db, run, [network]).get(network.member)
    if row is not None:
        _figures(run, network, row)
    _model_download(run, network)


def draw_member_sentence(run: Run, network: MemberRow) -> None:
    """Say how the network ended; nothing while it trains."""
    text = member_sentence(run, network)
    if network.status == "diverged":
        st.error(text, icon=":material/error:")
    elif network.test_accuracy is not None:
        st.success(text, icon=":material/flag:")
    elif text:
        st.info(text, icon=":material/stop_circle:")


def member_sentence(run: Run, network: MemberRow) -> str:
    """How the network ended, as Markdown; empty while it trains."""
    number = network.member + 1
    if network.status == "diverged":
        return _(
            "Network {number} diverged in epoch {epoch}: its loss was no longer a finite number. It has no result and"
            " is not part of the means. Try a smaller learning rate."
        ).format(number=number, epoch=network.epoch)
    texts = []
    if network.test_accuracy is not None:
        count = run.spec.info.test_count
        right = round(network.test_accuracy * count)
        text = _("Of {count} test examples, network {number} classifies **{right}** correctly and {wrong} wrongly.")
        texts.append(
            text.format(
                count=formatting.count(count),
                number=number,
                right=formatting.count(right),
                wrong=formatting.count(count - right),
            )
        )
    if network.status == "stopped early":
        text = _("Early stopping ended its training after epoch {epoch}.")
        if network.kept_epoch is not None:
            text = _("Early stopping ended its training after epoch {epoch} and kept its network of epoch {kept}.")
        texts.append(text.format(epoch=network.epoch, kept=network.kept_epoch))
    elif network.status == "training" and run.ended:
        texts.append(_("The run ended while network {number} was in training.").format(number=number))
    return paragraph(*texts)


def member_metrics(db: Database, run: Run, networks: Sequence[MemberRow]) -> MetricsByMember:
    """The metrics of these networks by their index.

    While the run trains they are those of the last epoch of each, or of the one that it keeps; afterwards of the epoch
    whose network predicts (see `serving.kept_networks`). A network that has diverged or has no epoch yet is left out.
    """
    measured = [network for network in networks if network.status != "diverged" and network.epoch]
    requested = {network.member for network in measured}
    rows = kept_metrics(db, run) if run.ended else []
    figures: dict[int, Mapping[str, Any]] = {row["member"]: row for row in rows if row["member"] in requested}
    others = {n.member: n.kept_epoch or n.epoch for n in measured if n.member not in figures}
    return figures | {row["member"]: row for row in members.metrics_after(db, run.id, others)}


def _figures(run: Run, network: MemberRow, row: Mapping[str, Any]) -> None:
    epoch = _("In epoch {epoch}, whose network is kept.") if network.kept_epoch else _("In epoch {epoch}.")
    epoch = epoch.format(epoch=row["epoch"])
    with st.grid(3, min_column_width=150, gap="small", border=True):
        if network.test_accuracy is not None:
            st.metric(
                _("Test accuracy"),
                formatting.percent(network.test_accuracy),
                help=_mean_text(run),
            )
        if row["val_accuracy"] is not None:
            st.metric(_("Validation accuracy"), formatting.percent(row["val_accuracy"]), help=epoch)
        if row["accuracy"] is not None:
            st.metric(_("Training accuracy"), formatting.percent(row["accuracy"]), help=epoch)


def _mean_text(run: Run) -> str | None:
    if run.test_accuracy is None:
        return None
    text = _("Mean of all networks: {mean}.")
    return text.format(mean=formatting.percent(run.test_accuracy, run.test_accuracy_sd))


def _model_download(run: Run, network: MemberRow) -> None:
    file = data_folder() / network.model if network.model is not None else None
    if file is None or not file.is_file():
        return
    st.download_button(
        _("Network {number} as .keras").format(number=network.member + 1),
        data=file.read_bytes,
        file_name=keras_export.file_name(run, "keras", network.member),
        mime="application/octet-stream",
        icon=":material/download:",
        help=_("The trained network as a file that Keras opens."),
        on_click="ignore",
    )
