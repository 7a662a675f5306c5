"""A run's files, below one folder: checkpoints, snapshots, the Keras model; paths are relative to the data folder."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from mlpcore.events import Snapshot
from mlpcore.inference import save_network
from mlpcore.settings import data_folder, models_folder
from mlpcore.training.model import Model

SNAPSHOT_BYTES = 40_000_000
EVENLY_SPREAD = 8


@dataclass
class RunFiles:
    """The folder of a run; `attempt` keeps the checkpoints of workers that follow one another apart."""

    run: str
    attempt: int

    def __post_init__(self) -> None:
        self.folder = models_folder() / self.run
        self.folder.mkdir(parents=True, exist_ok=True)

    def checkpoint(self, epoch: int) -> Path:
        """Where the checkpoint behind `epoch` goes."""
        return self.folder / f"checkpoint-{epoch:04}-{self.attempt}.safetensors"

    def snapshot(self, epoch: int) -> Path:
        """Where the snapshot of `epoch` goes."""
        return self.folder / f"epoch-{epoch:04}.safetensors"

    @property
    def model(self) -> Path:
        """Where the Keras model goes."""
        return self.folder / "network.keras"

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
class Snapshots:
    """Which epochs' weights are kept: the untrained network, evenly spread ones, the best and the last.

    Large networks keep fewer evenly spread ones, so that a run's snapshots stay within `SNAPSHOT_BYTES`
    where at all possible.
    """

    files: RunFiles
    model: Model
    epochs: int
    top_epoch: int = 0
    top_score: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        size = 4 * sum(int(variable.numpy().size) for variable in self.model.variables)
        places = min(EVENLY_SPREAD, max(0, SNAPSHOT_BYTES // max(1, size) - 3), self.epochs)
        self.spread = {round(self.epochs * i / places) for i in range(1, places)} if places else set()

    def take(self, epoch: int) -> Snapshot:
        """Save the network as it stands."""
        path = self.files.snapshot(epoch)
        save_network(path, self.model.as_network(epoch))
        return self._named(epoch)

    def behind(self, epoch: int, score: tuple[float, float]) -> tuple[tuple[Snapshot, ...], tuple[Snapshot, ...]]:
        """Take the snapshot that an epoch deserves, if any: those taken, and those no longer kept.

        `score` grows with the epoch's quality: accuracy first, then minus loss.
        """
        best = self.top_score is None or score > self.top_score
        dropped: tuple[Snapshot, ...] = ()
        if best:
            former = self.top_epoch
            if former and former not in self.spread:
                dropped = (self._named(former),)
            self.top_epoch, self.top_score = epoch, score
        taken = (self.take(epoch),) if best or epoch in self.spread or epoch == self.epochs else ()
        return taken, dropped

    def forget(self, snapshots: tuple[Snapshot, ...]) -> None:
        """Delete the files of snapshots that the record has dropped."""
        for snapshot in snapshots:
            self.files.delete(data_folder() / snapshot.file)

    def _named(self, epoch: int) -> Snapshot:
        return Snapshot(epoch, relative(self.files.snapshot(epoch)))
