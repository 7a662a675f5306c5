"""The network that is inspected: one network of a run as it was after one epoch, and its predictions."""

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
from mlpcore.serving.network_cache import load_network, snapshot_version
from mlpcore.store.runs import Run
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.test_sets import shared_test_set


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
