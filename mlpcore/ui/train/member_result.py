"""What came out of one network of a run that has several: its sentence, its figures and its file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from mlpcore import formatting
from mlpcore.paths import data_folder
from mlpcore.store import members, metrics
from mlpcore.store.connection import Database, opened
from mlpcore.store.members import MemberRow
from mlpcore.store.runs import Run
from mlpcore.ui.shell.language import _


def show(run: Run, network: MemberRow) -> None:
    """Draw the result of one network of an ended run."""
    tell(run, network)
    with opened() as db:
        told = latest(db, run, [network]).get(network.member)
    if told is not None:
        _figures(run, network, told)
    _download(run, network)


def tell(run: Run, network: MemberRow) -> None:
    """Say how the network ended; nothing while it trains."""
    text = sentence(run, network)
    if network.status == "diverged":
        st.error(text, icon=":material/error:")
    elif network.test_accuracy is not None:
        st.success(text, icon=":material/flag:")
    elif text:
        st.info(text, icon=":material/stop_circle:")


def sentence(run: Run, network: MemberRow) -> str:
    """How the network ended, in plain words of Markdown; empty while it trains."""
    number = network.member + 1
    if network.status == "diverged":
        return _(
            "Network {number} diverged in epoch {epoch}: its loss was no longer a finite number. It has no result, and"
            " the means leave it out. A smaller learning rate helps."
        ).format(number=number, epoch=network.epoch)
    texts = []
    if network.test_accuracy is not None:
        count = run.spec.info.test_count
        right = round(network.test_accuracy * count)
        text = _("Of {count} test examples network {number} gets **{right}** right and {wrong} wrong.")
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
    return " ".join(texts)


def latest(db: Database, run: Run, networks: list[MemberRow]) -> Mapping[int, Mapping[str, Any]]:
    """The metrics of these networks by their index: of the epoch that each keeps, else of the last that it trained.

    One that has diverged or has no epoch yet is left out.
    """
    if run.status == "finished":
        wanted = {network.member for network in networks}
        return {row["member"]: row for row in members.kept_epochs(db, run.id) if row["member"] in wanted}
    found: dict[int, Mapping[str, Any]] = {}
    for network in networks:
        if network.status != "diverged" and network.epoch:
            rows = metrics.epochs_after(db, run.id, after=network.epoch - 1, member=network.member)
            found.update({network.member: rows[-1]} if rows else {})
    return found


def _figures(run: Run, network: MemberRow, told: Mapping[str, Any]) -> None:
    epoch = _("In epoch {epoch}, whose network is kept.") if network.kept_epoch else _("In epoch {epoch}.")
    epoch = epoch.format(epoch=told["epoch"])
    with st.grid(3, min_column_width=150, gap="small", border=True):
        if network.test_accuracy is not None:
            st.metric(
                _("Test accuracy"),
                formatting.percent(network.test_accuracy),
                help=_mean(run.test_accuracy, run.test_accuracy_sd),
            )
        if told["val_accuracy"] is not None:
            st.metric(_("Validation accuracy"), formatting.percent(told["val_accuracy"]), help=epoch)
        if told["accuracy"] is not None:
            st.metric(_("Training accuracy"), formatting.percent(told["accuracy"]), help=epoch)


def _mean(mean: float | None, deviation: float | None) -> str | None:
    if mean is None:
        return None
    return _("Mean of all networks: {mean}.").format(mean=formatting.percent(mean, deviation))


def _download(run: Run, network: MemberRow) -> None:
    file = data_folder() / network.model if network.model is not None else None
    if file is None or not file.is_file():
        return
    st.download_button(
        _("Network {number} as .keras").format(number=network.member + 1),
        data=lambda: _read(file),
        file_name=f"run-{run.id}-network-{network.member + 1}.keras",
        mime="application/octet-stream",
        icon=":material/download:",
        help=_("The trained network as a file that Keras opens."),
        on_click="ignore",
    )


def _read(file: Path) -> bytes:
    return file.read_bytes()
