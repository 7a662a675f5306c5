"""A run's files, below one folder: checkpoints, snapshots, the Keras model; paths are relative to the data folder."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from mlpcore.events import Snapshot
from mlpcore.inference import save_network
from mlpcore.paths import data_folder, models_folder
from mlpcore.spec import RunSpec
from mlpcore.spec.parameters import count_parameters
from mlpcore.training.keras_model import Weights, as_network

SNAPSHOT_BYTES = 40_000_000
EVENLY_SPREAD = 8


@dataclass
class RunFiles:
    """The folder of a run; `attempt` keeps the checkpoints of workers that follow one another apart."""

    run: str
    attempt: int
    members: int = 1

    def __post_init__(self) -> None:
        self.folder = models_folder() / self.run
        self.folder.mkdir(parents=True, exist_ok=True)

    def checkpoint(self, epoch: int) -> Path:
        """Where the checkpoint behind `epoch` goes."""
        return self.folder / f"checkpoint-{epoch:04}-{self.attempt}.safetensors"

    def snapshot(self, epoch: int, member: int) -> Path:
        """Where a member's snapshot of `epoch` goes."""
        return self.folder / f"epoch-{epoch:04}{self._suffix(member)}.safetensors"

    def model(self, member: int) -> Path:
        """Where a member's Keras model goes."""
        return self.folder / f"network{self._suffix(member)}.keras"

    def save(self, member: int, write: Callable[[Path], None]) -> str:
        """Let `write` make a member's Keras model, whole or not at all; its path for the record."""
        path = self.model(member)
        temporary = path.with_name(f".{path.stem}-{self.attempt}.keras")
        write(temporary)
        temporary.replace(path)
        return relative(path)

    def _suffix(self, member: int) -> str:
        return f"-{member + 1:03}" if self.members > 1 else ""

    def drop_checkpoints(self, keep: Path | None = None) -> None:
        """Delete all checkpoints but `keep`."""
        for path in self.folder.glob("checkpoint-*.safetensors"):
            if path != keep:
                self.delete(path)

    def delete(self, path: Path) -> None:
        """Delete a file if it can be; one left behind does no harm."""
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def relative(path: Path) -> str:
    """A path as the record names it."""
    return path.resolve().relative_to(data_folder()).as_posix()


@dataclass
class SnapshotChanges:
    """The snapshots that an epoch has added, and those that are no longer kept."""

    taken: list[Snapshot] = field(default_factory=list)
    dropped: list[Snapshot] = field(default_factory=list)


@dataclass
class Snapshots:
    """Which epochs' weights of one member are kept: the untrained network, evenly spread ones, the best, the last.

    Large networks keep fewer evenly spread ones, so that a run's snapshots stay within `SNAPSHOT_BYTES` where at all
    possible; where even three for each member would be too many, only the network that is kept in the end is.
    """

    files: RunFiles
    spec: RunSpec
    member: int = 0
    top_epoch: int = 0
    top_score: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        room = SNAPSHOT_BYTES // (4 * count_parameters(self.spec) * self.spec.members)
        epochs = self.spec.epochs
        places = min(EVENLY_SPREAD, max(0, room - 3), epochs)
        self.spread = {round(epochs * i / places) for i in range(1, places)} if places else set()
        self.only_last = room < 3 and self.spec.members > 1

    def take(self, epoch: int, weights: Weights) -> Snapshot:
        """Save the network as it stands."""
        save_network(self.files.snapshot(epoch, self.member), as_network(self.spec, weights, epoch))
        return self._named(epoch)

    def untrained(self, weights: Weights) -> list[Snapshot]:
        """The snapshot of the untrained network, where it is kept."""
        return [] if self.only_last else [self.take(0, weights)]

    def behind(
        self, epoch: int, score: tuple[float, float], weights: Callable[[], Weights], changes: SnapshotChanges
    ) -> None:
        """Take the snapshot that an epoch deserves, if any; `score` grows with the epoch's quality."""
        if self.only_last:
            return
        best = self.top_score is None or score > self.top_score
        if best:
            former = self.top_epoch
            if former and former not in self.spread:
                changes.dropped.append(self._named(former))
            self.top_epoch, self.top_score = epoch, score
        if best or epoch in self.spread or epoch == self.spec.epochs:
            changes.taken.append(self.take(epoch, weights()))

    def _named(self, epoch: int) -> Snapshot:
        return Snapshot(epoch, relative(self.files.snapshot(epoch, self.member)), self.member)


def forget(files: RunFiles, snapshots: Iterable[Snapshot]) -> None:
    """Delete the files of snapshots that the record has dropped."""
    for snapshot in snapshots:
        files.delete(data_folder() / snapshot.file)
