"""A run's files below one folder: checkpoints, snapshots and Keras models, each of them whole or absent.

Snapshots and models are not written at once but put into `RunFiles.unwritten`: the training writes them before the
event that names them, and waits where the disk is full.

Paths in events are relative to the data folder.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from mlpcore import inference
from mlpcore.events import Snapshot
from mlpcore.inference.snapshots import save_tensors
from mlpcore.paths import data_folder, models_folder
from mlpcore.spec import RunSpec
from mlpcore.spec.parameters import count_parameters

SNAPSHOT_BYTES = 40_000_000
SPREAD_SNAPSHOTS = 8

Arrays = list[NDArray[Any]]
"""One member's weights, in the order of `Stack.variables`: kernels (inputs, units), biases and slopes (1, units)."""


@dataclass
class RunFiles:
    """The folder of a run; `attempt` keeps the checkpoints of successive workers apart."""

    run: str
    attempt: int
    members: int = 1
    unwritten: list[Callable[[], None]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder of the run below the models."""
        return models_folder() / self.run

    def create_folder(self) -> None:
        """Create the folder, if it is not there."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def checkpoint(self, epoch: int) -> Path:
        """The file of the checkpoint after `epoch`."""
        return self.folder / f"checkpoint-{epoch:04}-{self.attempt}.safetensors"

    def snapshot(self, epoch: int, member: int) -> Path:
        """The file of a member's snapshot of `epoch`."""
        return self.folder / f"epoch-{epoch:04}{self._suffix(member)}.safetensors"

    def model(self, member: int) -> Path:
        """The file of a member's Keras model."""
        return self.folder / f"network{self._suffix(member)}.keras"

    def save_model(self, member: int, write: Callable[[Path], None]) -> str:
        """Let `write` create a member's Keras model later, completely or not at all; return its path for the event."""
        path = self.model(member)

        def save() -> None:
            temporary = path.with_name(f".{path.stem}-{self.attempt}.keras")
            try:
                write(temporary)
                temporary.replace(path)
            finally:
                delete(temporary)

        self.unwritten.append(save)
        return relative(path)

    def _suffix(self, member: int) -> str:
        return f"-{member + 1:03}" if self.members > 1 else ""

    def delete_checkpoints(self, keep: Path | None = None) -> None:
        """Delete all checkpoints but `keep`."""
        for path in self.folder.glob("checkpoint-*.safetensors"):
            if path != keep:
                delete(path)


def relative(path: Path) -> str:
    """A path as events name it."""
    return path.resolve().relative_to(data_folder()).as_posix()


def delete(path: Path) -> None:
    """Delete a file if possible; one that is left does no harm."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Checkpoint:
    """All that resuming the run with this name after `epoch` needs.

    `groups` holds the member numbers of each group that trains as one stack, `states` their weights and optimizer
    variables. `members` holds the other state of each member, as JSON types, and `best` the best weights that early
    stopping has seen, by member.
    """

    run: str
    epoch: int
    groups: list[list[int]]
    states: list[Arrays]
    members: list[dict[str, Any]]
    best: dict[int, Arrays] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write the file: once it has this name it is complete and synced to the disk. OSError if that fails."""
        by_name = {f"group.{i}": arrays for i, arrays in enumerate(self.states)}
        by_name |= {f"best.{member}": arrays for member, arrays in self.best.items()}
        tensors = {
            f"{name}.{i}": np.asarray(array, order="C")
            for name, arrays in by_name.items()
            for i, array in enumerate(arrays)
        }
        metadata = {"run": self.run, "epoch": self.epoch, "groups": self.groups, "members": self.members}
        save_tensors(path, tensors, {"state": json.dumps(metadata)})

    @classmethod
    def load(cls, path: Path, run: str) -> Checkpoint | None:
        """The checkpoint of a run in `path`; None where the file is missing, damaged, or another run's.

        The run then starts again.
        """
        try:
            with safe_open(path, framework="numpy") as stored:
                metadata = json.loads(stored.metadata()["state"])
                if metadata.get("run", run) != run:  # checkpoints of earlier versions do not name their run
                    return None
                arrays: dict[str, dict[int, dict[int, NDArray[Any]]]] = {"group": {}, "best": {}}
                for name in stored.keys():  # noqa: SIM118 - no mapping
                    kind, number, index = name.split(".")
                    arrays[kind].setdefault(int(number), {})[int(index)] = stored.get_tensor(name)
            states = [_in_order(arrays["group"][number]) for number in range(len(metadata["groups"]))]
            best = {member: _in_order(weights) for member, weights in arrays["best"].items()}
            return cls(run, metadata["epoch"], metadata["groups"], states, metadata["members"], best)
        except (OSError, SafetensorError, ValueError, KeyError, TypeError):
            return None


def _in_order(arrays: dict[int, NDArray[Any]]) -> Arrays:
    return [arrays[index] for index in range(len(arrays))]


@dataclass
class SnapshotChanges:
    """The snapshots that an epoch has added, and those that are no longer kept."""

    added: list[Snapshot] = field(default_factory=list)
    dropped: list[Snapshot] = field(default_factory=list)


@dataclass
class Snapshots:
    """Which epochs' weights of one member are kept: the untrained network, evenly spread ones, the best, the last.

    Large networks keep fewer evenly spread ones, so that a run's snapshots stay within `SNAPSHOT_BYTES` if possible;
    where even three for each member would be too many, only the network that is kept in the end has one. A member that
    is stopped early saves the network that it keeps at once, because the run may be stopped before its end.
    """

    files: RunFiles
    spec: RunSpec
    member: int = 0
    best_epoch: int = 0
    best_score: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        limit = SNAPSHOT_BYTES // (4 * count_parameters(self.spec) * self.spec.members)
        epochs = self.spec.epochs
        intervals = min(SPREAD_SNAPSHOTS, max(0, limit - 3), epochs)
        self.spread = {round(epochs * i / intervals) for i in range(1, intervals)} if intervals else set()
        self.only_last = limit < 3 and self.spec.members > 1

    def save(self, epoch: int, weights: Arrays) -> Snapshot:
        """Save the network with these weights later."""
        network = as_network(self.spec, weights, epoch, self.files.run, self.member)
        self.files.unwritten.append(partial(inference.save_network, self.files.snapshot(epoch, self.member), network))
        return self._snapshot(epoch)

    def save_untrained(self, weights: Arrays) -> list[Snapshot]:
        """Save the untrained network, where it is kept."""
        return [] if self.only_last else [self.save(0, weights)]

    def after_epoch(
        self, epoch: int, score: tuple[float, float], weights: Callable[[], Arrays], changes: SnapshotChanges
    ) -> None:
        """Save the epoch's network if it is to be kept; `score` grows with the epoch's quality."""
        if self.only_last:
            return
        best = self.best_score is None or score > self.best_score
        if best:
            former = self.best_epoch
            if former and former not in self.spread:
                changes.dropped.append(self._snapshot(former))
            self.best_epoch, self.best_score = epoch, score
        if best or epoch in self.spread or epoch == self.spec.epochs:
            changes.added.append(self.save(epoch, weights()))

    def keep(self, epoch: int, weights: Arrays, changes: SnapshotChanges) -> None:
        """Save the network of an earlier epoch that the member keeps for good."""
        kept = self.save(epoch, weights)
        changes.added.append(kept)
        changes.dropped = [snapshot for snapshot in changes.dropped if snapshot != kept]

    def _snapshot(self, epoch: int) -> Snapshot:
        return Snapshot(epoch, relative(self.files.snapshot(epoch, self.member)), self.member)


def delete_snapshots(snapshots: Iterable[Snapshot]) -> None:
    """Delete the files of snapshots that are no longer recorded."""
    for snapshot in snapshots:
        delete(data_folder() / snapshot.file)


def as_network(spec: RunSpec, weights: Arrays, epoch: int, run: str, member: int) -> inference.Network:
    """A member of the run with this name after an epoch, for predictions without Keras."""
    remaining, layers = list(weights), []
    for name in [*(layer.activation for layer in spec.hidden), "softmax"]:
        kernel, bias = remaining.pop(0), remaining.pop(0)
        alpha = np.ravel(remaining.pop(0)) if name == "prelu" else None
        layers.append(inference.Layer(kernel, np.ravel(bias), name, alpha))
    info = spec.info
    return inference.Network(
        tuple(layers), spec.dataset, tuple(info.input_shape), info.scale, epoch, spec.prepare, run, member
    )
