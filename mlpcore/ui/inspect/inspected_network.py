"""The network that is inspected: the choice of a run, a network and an epoch, and what the chosen one predicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import streamlit as st

from mlpcore import datasets, formatting
from mlpcore.analysis.predictions import Predictions, predict_test_set
from mlpcore.datasets import DatasetInfo, TestSet
from mlpcore.errors import SnapshotError
from mlpcore.events import Snapshot
from mlpcore.inference import Network
from mlpcore.serving.kept_networks import KeptNetwork, kept_network
from mlpcore.serving.network_cache import load_network, snapshot_version
from mlpcore.store.connection import opened
from mlpcore.store.runs import Run
from mlpcore.ui.inspect import page_address
from mlpcore.ui.shell import run_picker, run_text
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.shared_datasets import shared_test_set

_RUN, _MEMBER, _EPOCH, _SEARCH = "inspect_run", "inspect_member", "inspect_epoch", "inspect_search"


@dataclass(frozen=True)
class InspectedNetwork:
    """The network `member` (from 0) of a run after `epoch`.

    `snapshots` maps each epoch after which this network was saved to its file, relative to the data folder.
    """

    run: Run
    member: int
    epoch: int
    snapshots: Mapping[int, str]

    @property
    def info(self) -> DatasetInfo:
        """The dataset that it was trained on."""
        return datasets.REGISTRY[self.run.dataset]

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes in the user's language."""
        return tuple(_(name) for name in self.info.class_names)

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The measurements in the user's language; empty for images."""
        return tuple(_(name) for name in self.info.feature_names or ())

    @property
    def has_images(self) -> bool:
        """Whether its inputs are images rather than measurements."""
        return self.info.kind == "image"

    @property
    def network(self) -> Network:
        """The network itself; SnapshotError where its file is missing, damaged, or no longer kept."""
        return self.network_after(self.epoch)

    def network_after(self, epoch: int) -> Network:
        """The same network after another saved epoch; SnapshotError as above."""
        return load_network(self.run, Snapshot(epoch, self.snapshots[epoch], self.member))

    def readable_network_after(self, epoch: int) -> Network | None:
        """The same network after another saved epoch; None where its file is gone, damaged or replaced."""
        try:
            return self.network_after(epoch)
        except SnapshotError:
            return None

    @property
    def test_set(self) -> TestSet:
        """The dataset's test part; DatasetError where it is not on this machine."""
        return shared_test_set(self.run.dataset)

    @property
    def predictions(self) -> Predictions:
        """The network's predictions for all test examples."""
        return self.predictions_after(self.epoch)

    def predictions_after(self, epoch: int) -> Predictions:
        """The predictions of the same network after another saved epoch."""
        return _predictions(*self.cache_key(epoch), self, epoch)

    def cache_key(self, epoch: int | None = None) -> tuple[str, int]:
        """The key of the network after an epoch in caches: its file, and when that was written."""
        version = snapshot_version(self.snapshots[self.epoch if epoch is None else epoch])
        return version.path, version.changed


def predict_with_spinner(inspected: InspectedNetwork) -> Predictions:
    """The network's predictions; where a large one takes long to compute them, the page says what it waits for."""
    with st.spinner(_("The network predicts the test set …"), show_time=True):
        return inspected.predictions


def epoch_name(epoch: int) -> str:
    """An epoch in a sentence."""
    return _("the untrained network") if epoch == 0 else _("epoch {epoch}").format(epoch=epoch)


def epoch_names(epochs: Iterable[int]) -> str:
    """Several epochs in a sentence."""
    return _(", ").join(epoch_name(epoch) for epoch in epochs)


def measured_on(count: int, total: int) -> str:
    """How many examples of the test set something was measured on."""
    if count == total:
        return _("Measured on all {count} examples of the test set.").format(count=formatting.count(total))
    return _("Measured on {count} evenly spread examples of the {total} in the test set.").format(
        count=formatting.count(count), total=formatting.count(total)
    )


@st.cache_resource(max_entries=32, show_spinner=False)
def _predictions(path: str, changed: int, _inspected: InspectedNetwork, _epoch: int) -> Predictions:
    return predict_test_set(_inspected.network_after(_epoch), _inspected.test_set)


def select_network() -> InspectedNetwork | None:
    """Offer the trained networks; the chosen one, or None where there is none, which the page says itself."""
    page_address.restore()
    with opened() as db:
        requested, problem = run_picker.requested_run(db, page_address.get("run") or None)
        text = run_picker.search_field(db, _SEARCH)
        offered = {run.id: run for run in [*run_picker.offered_runs(db, text), *([requested] if requested else [])]}
        if not offered:
            run_picker.explain_missing_runs(text)
            return None
        if problem:
            st.warning(problem, icon=":material/info:")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            run = _select_run(offered, requested)
            network = kept_network(db, run, _select_member(run))
            epoch = None if network is None else _select_epoch(run, network)
    if network is None or epoch is None:
        st.error(_("This run has no saved network: choose another one."), icon=":material/error:")
        return None
    return InspectedNetwork(run, network.member, epoch, network.files)


def _select_run(offered: Mapping[int, Run], requested: Run | None) -> Run:
    """The selection box; what is picked goes into the address, so that it can be shared and survives a reload."""
    shown: list[Run] = []

    def changed() -> None:
        picked = st.session_state[_RUN]
        page_address.forget_network()
        if offered[picked].dataset != shown[0].dataset:
            page_address.forget(page_address.ABOUT_DATASET)
        page_address.put(run=picked, member=None, epoch=None)

    run = run_picker.choose_run(offered, requested, _RUN, changed, width=460)
    shown.append(run)
    return run


def _select_member(run: Run) -> int:
    """The index of the network, for a run of several."""
    if run.members == 1:
        return 0
    st.session_state[_MEMBER] = (page_address.number("member", 1, run.members) or 1) - 1

    def changed() -> None:
        page_address.forget_network()
        page_address.put(member=st.session_state[_MEMBER] + 1, epoch=None)

    return st.selectbox(
        _("Networks"),
        range(run.members),
        format_func=lambda index: run_text.member_name(index, run.spec),
        key=_MEMBER,
        on_change=changed,
        width=260,
    )


def _select_epoch(run: Run, network: KeptNetwork) -> int:
    """The epoch, of those after which the network was saved; at first the one whose network predicts."""
    snapshots, kept = network.files, network.epoch
    requested = page_address.number("epoch", 0, run.epochs)
    st.session_state[_EPOCH] = requested if requested in snapshots else kept
    return st.selectbox(
        _("Epoch"),
        list(snapshots),
        format_func=lambda epoch: _epoch_label(epoch, kept, max(snapshots)),
        key=_EPOCH,
        on_change=lambda: page_address.put(epoch=st.session_state[_EPOCH]),
        help=_(
            "Saved after these epochs: the untrained network, some evenly spread epochs, the best and the last one."
        ),
        width=210,
    )


def _epoch_label(epoch: int, kept: int, last: int) -> str:
    text = _("untrained") if epoch == 0 else _("Epoch {epoch}").format(epoch=epoch)
    if epoch == kept:
        return _("{epoch} (the result)").format(epoch=text)
    return _("{epoch} (the last)").format(epoch=text) if epoch == last else text
