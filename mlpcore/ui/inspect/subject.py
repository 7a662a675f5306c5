"""What is looked at: one network of a run as it was behind one epoch, and its answers to the test set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from mlpcore import analysis, datasets
from mlpcore.analysis.answers import Answers
from mlpcore.datasets import DatasetInfo, TestSet
from mlpcore.events import Snapshot
from mlpcore.inference import Network
from mlpcore.serving.network_cache import load_network, snapshot_version
from mlpcore.store.runs import Run
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.test_sets import shared_test_set


@dataclass(frozen=True)
class Subject:
    """A network (`member` of the run, counted from 0) behind `epoch`; `files` are all kept epochs of that member."""

    run: Run
    member: int
    epoch: int
    files: Mapping[int, str]

    @property
    def info(self) -> DatasetInfo:
        """The dataset that it was trained on."""
        return datasets.REGISTRY[self.run.dataset]

    @property
    def network(self) -> Network:
        """The network itself; SnapshotError where its file is missing, damaged, or no longer kept."""
        return self.network_of(self.epoch)

    def network_of(self, epoch: int) -> Network:
        """The same network behind another kept epoch; SnapshotError as above."""
        return load_network(self.run, Snapshot(epoch, self.files[epoch], self.member))

    @property
    def test(self) -> TestSet:
        """The dataset's test part; DatasetError where it is not on this machine."""
        return shared_test_set(self.run.dataset)

    @property
    def answers(self) -> Answers:
        """The network's answers to all test examples."""
        return self.answers_of(self.epoch)

    def answers_of(self, epoch: int) -> Answers:
        """The answers of the same network behind another kept epoch."""
        return _answers(*self.version(epoch), self, epoch)

    def version(self, epoch: int) -> tuple[str, int]:
        """What caches know the network behind an epoch by: its file, and when that was written."""
        version = snapshot_version(self.files[epoch])
        return version.path, version.changed


def answered(subject: Subject) -> Answers:
    """The network's answers; where a large one takes long to find them, the page says what it waits for."""
    with st.spinner(_("The network answers the examples of the test set …"), show_time=True):
        return subject.answers


@st.cache_resource(max_entries=32, show_spinner=False)
def _answers(path: str, changed: int, _subject: Subject, _epoch: int) -> Answers:
    return analysis.answers(_subject.network_of(_epoch), _subject.test)
