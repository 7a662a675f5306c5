"""The network of a run that is ready to answer: which snapshot that is, and its weights, kept in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from mlpcore import datasets, inference, settings
from mlpcore.datasets import DatasetInfo
from mlpcore.errors import SnapshotError
from mlpcore.inference import Network
from mlpcore.messages import N_, Message
from mlpcore.store import runs
from mlpcore.store.connection import opened
from mlpcore.store.runs import Run

SMALL_BYTES = 3_000_000
"""Networks up to this size are kept for many users at once; of larger ones, which can reach 500 MB, one stays."""


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
    wanted = (run.kept_epoch, run.best_epoch, *sorted(snapshots, reverse=True))
    epoch = next((epoch for epoch in wanted if epoch is not None and epoch in snapshots), None)
    return None if epoch is None else Choice(run, epoch, snapshots[epoch])


def network(choice: Choice) -> Network:
    """The network itself; SnapshotError where its file is missing, damaged, or of another dataset.

    While a run trains, its best snapshot makes way for a better one: that is taken then.
    """
    try:
        return _loaded(choice)
    except SnapshotError:
        with opened() as db:
            newer = choose(runs.get(db, choice.run.id), runs.snapshots(db, choice.run.id))
        if newer is None or newer.file == choice.file:
            raise
        return _loaded(newer)


def _loaded(choice: Choice) -> Network:
    path = settings.data_folder() / choice.file
    try:
        facts = path.stat()
    except OSError:
        return inference.load_network(path)  # says what is wrong
    load = _small if facts.st_size <= SMALL_BYTES else _large
    found = load(str(path), facts.st_mtime_ns)
    if (found.input_shape, len(found.layers[-1].bias)) != (choice.info.input_shape, choice.info.classes):
        raise SnapshotError(
            N_("The saved network {name} does not fit {label}: train this run again."),
            name=path.name,
            label=Message(choice.info.label),
        )
    return found


@st.cache_resource(max_entries=24, show_spinner=False)
def _small(path: str, changed: int) -> Network:
    return inference.load_network(Path(path))


@st.cache_resource(max_entries=1, show_spinner=False)
def _large(path: str, changed: int) -> Network:
    return inference.load_network(Path(path))
