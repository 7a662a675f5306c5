"""The network of a run that is ready to answer: which snapshot that is, and its weights, kept in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from mlpcore import datasets, inference, paths
from mlpcore.datasets import DatasetInfo
from mlpcore.errors import SnapshotError
from mlpcore.inference import Network
from mlpcore.inference.fitting import fitting
from mlpcore.store import runs
from mlpcore.store.answering import chosen_epoch
from mlpcore.store.connection import opened
from mlpcore.store.runs import Run
from mlpcore.ui.predict.shelf import Shelf

SMALL_BYTES = 24_000_000
"""Networks up to this size share the room for many users; of larger ones, which can reach 500 MB, one stays."""

ROOM = 192_000_000
"""Bytes for the smaller networks of all users."""


@dataclass(frozen=True)
class Choice:
    """A run and the snapshot of it that answers: taken after `epoch`, in `file` (relative to the data folder)."""

    run: Run
    epoch: int
    file: str

    @property
    def info(self) -> DatasetInfo:
        """The dataset that it was trained on."""
        return datasets.REGISTRY[self.run.dataset]


def choose(run: Run, snapshots: Mapping[int, str]) -> Choice | None:
    """The best of a run's snapshots (epoch to file), None without one.

    That is the network that was kept at the end; before there is an end, the best epoch's, else the newest.
    """
    epoch = chosen_epoch(snapshots, run.kept_epoch, run.best_epoch)
    return None if epoch is None else Choice(run, epoch, snapshots[epoch])


def network(choice: Choice) -> Network:
    """The network itself; SnapshotError where its file is missing, damaged, or of another dataset.

    While a run trains, its best snapshot makes way for a better one: that is taken then.
    """
    try:
        return loaded(choice.file, choice.info)
    except SnapshotError:
        with opened() as db:
            newer = choose(runs.get(db, choice.run.id), runs.snapshots(db, choice.run.id))
        if newer is None or newer.file == choice.file:
            raise
        return loaded(newer.file, newer.info)


def loaded(file: str, info: DatasetInfo) -> Network:
    """The network in a snapshot (relative to the data folder); SnapshotError unless it fits the dataset."""
    path = paths.data_folder() / file
    try:
        facts = path.stat()
    except OSError:
        return inference.load_network(path)  # says what is wrong
    shelf = _small() if facts.st_size <= SMALL_BYTES else _large()
    found = shelf.network(path, facts.st_mtime_ns, facts.st_size)
    return fitting(found, path, info)


@st.cache_resource(show_spinner=False)
def _small() -> Shelf:
    return Shelf(ROOM)


@st.cache_resource(show_spinner=False)
def _large() -> Shelf:
    return Shelf(0)
