"""The networks of a run that predict together, after each epoch that can be shown, and runs side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mlpcore import datasets
from mlpcore.datasets import DatasetInfo
from mlpcore.errors import MLPLabError, SnapshotError
from mlpcore.events import Snapshot
from mlpcore.inference import Network
from mlpcore.serving.kept_networks import KeptNetwork, kept_network, kept_networks
from mlpcore.serving.network_cache import load_network
from mlpcore.store import runs
from mlpcore.store.connection import Database, opened
from mlpcore.store.runs import Run

MAX_COMPARED = 8
"""Maximum number of runs that predict side by side: more bars cannot be distinguished."""

HISTORY_BYTES = 64_000_000
"""Weights of one run that are loaded to show its training; of larger networks fewer epochs are shown."""

_ATTEMPTS = 3


@dataclass(frozen=True)
class EnsembleSnapshot:
    """Networks that predict together: all saved after `epoch`, or, where it is None, each after its own epoch."""

    epoch: int | None
    networks: tuple[Snapshot, ...]


@dataclass(frozen=True)
class Ensemble:
    """The networks of a run that predict together; `alone` is the member that was chosen to predict alone."""

    run: Run
    networks: tuple[KeptNetwork, ...]
    alone: int | None = None

    @property
    def info(self) -> DatasetInfo:
        """The dataset that they were trained on."""
        return datasets.REGISTRY[self.run.dataset]

    @cached_property
    def kept(self) -> EnsembleSnapshot:
        """The networks that predict by the rule of `kept_networks`."""
        epochs = {network.epoch for network in self.networks}
        epoch = epochs.pop() if len(epochs) == 1 else None
        return EnsembleSnapshot(epoch, tuple(network.snapshot() for network in self.networks))

    @cached_property
    def epochs(self) -> tuple[int, ...]:
        """The epochs after which every one of the networks was saved."""
        return tuple(sorted(set.intersection(*(set(network.files) for network in self.networks))))

    @cached_property
    def snapshots(self) -> tuple[EnsembleSnapshot, ...]:
        """The networks after the epochs that can be shown, in order, among them the kept ones."""
        limit = HISTORY_BYTES // (4 * self.run.parameters * len(self.networks))
        kept = self.kept
        epochs = thinned(self.epochs, limit if kept.epoch is not None else limit - 1, kept.epoch)
        after = [EnsembleSnapshot(epoch, tuple(n.snapshot(epoch) for n in self.networks)) for epoch in epochs]
        return (*after, kept) if kept.epoch is None else tuple(after)


@dataclass(frozen=True)
class Comparison:
    """Runs that predict side by side: the first, which the page is about, and those it is compared with."""

    first: Ensemble
    others: tuple[Ensemble, ...] = ()

    @property
    def ensembles(self) -> tuple[Ensemble, ...]:
        """All of them, the first one first."""
        return (self.first, *self.others)

    @property
    def info(self) -> DatasetInfo:
        """The dataset of the first run."""
        return self.first.info


def ensemble_of(db: Database, run: Run, alone: int | None = None) -> Ensemble | None:
    """The networks of a run that predict, or only the member `alone`; None where none is saved."""
    if alone is None:
        networks = kept_networks(db, run)
    else:
        network = kept_network(db, run, alone)
        networks = () if network is None else (network,)
    return Ensemble(run, networks, alone) if networks else None


def thinned(epochs: Sequence[int], limit: int, required: int | None) -> tuple[int, ...]:
    """At most `limit` of the epochs, evenly spread from the first to the last, and `required` in any case."""
    if len(epochs) <= limit:
        return tuple(epochs)
    chosen = {required} if required is not None else set()
    count = limit - len(chosen)
    if count > 1:
        chosen |= {epochs[round(index * (len(epochs) - 1) / (count - 1))] for index in range(count)}
    elif count == 1:
        chosen.add(epochs[0])
    return tuple(sorted(chosen))


@dataclass(frozen=True)
class SavedNetworks(Sequence[Network]):
    """Saved networks of a run, each loaded when it is used: many large ones are never in memory together."""

    run: Run
    snapshots: tuple[Snapshot, ...]

    def __len__(self) -> int:
        return len(self.snapshots)

    def __getitem__(self, index: Any) -> Any:
        return load_network(self.run, self.snapshots[index])


@dataclass
class LoadedEnsemble:
    """The networks of a run: for each snapshot those that can be loaded, at least one of the kept snapshot.

    `problems` say why others cannot be loaded.
    """

    ensemble: Ensemble
    snapshots: list[EnsembleSnapshot] = field(default_factory=list)
    networks: list[Sequence[Network]] = field(default_factory=list)
    problems: list[MLPLabError] = field(default_factory=list)

    @property
    def start(self) -> int:
        """The index of the kept snapshot."""
        return self.snapshots.index(self.ensemble.kept)

    @property
    def kept(self) -> Sequence[Network]:
        """The networks that predict by the rule of `kept_networks`."""
        return self.networks[self.start]


def load_ensemble(ensemble: Ensemble, *, history: bool = False) -> LoadedEnsemble:
    """The networks that predict, with `history` after all epochs that can be shown.

    SnapshotError where none of the kept ones can be loaded. What is returned belongs to the epochs that its `ensemble`
    names: for a run that still trains that is a newer one, if saved networks have been replaced meanwhile.
    """
    current = refreshed(ensemble)
    loaded = load_without_refresh(current, history=history)
    for _attempt in range(_ATTEMPTS - 1):
        if current.run.ended or not loaded.problems:
            break
        previous, current = current, refreshed(current)
        if current.networks == previous.networks:
            break
        loaded = load_without_refresh(current, history=history)
    if current.kept not in loaded.snapshots:
        raise loaded.problems[-1]
    return loaded


def refreshed(ensemble: Ensemble) -> Ensemble:
    """The ensemble as the store has it now: while a run trains, its saved networks are replaced by newer ones."""
    if ensemble.run.ended:
        return ensemble
    with opened() as db:
        run = runs.find(db, ensemble.run.id)
        return (ensemble_of(db, run, ensemble.alone) if run is not None else None) or ensemble


def load_without_refresh(ensemble: Ensemble, *, history: bool = False) -> LoadedEnsemble:
    """The networks of these epochs and no newer ones, as far as they can be loaded, which may be none."""
    loaded = LoadedEnsemble(ensemble)
    for snapshot in ensemble.snapshots if history else (ensemble.kept,):
        loadable = []
        for network in snapshot.networks:
            try:
                load_network(ensemble.run, network)
                loadable.append(network)
            except SnapshotError as problem:
                loaded.problems.append(problem)
        if loadable:
            loaded.snapshots.append(snapshot)
            loaded.networks.append(SavedNetworks(ensemble.run, tuple(loadable)))
    return loaded
