"""What a training tells while it runs: `training.train` yields these, whoever listens records them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from mlpcore.messages import Message


@dataclass(frozen=True)
class Snapshot:
    """A member's weights at an epoch, safetensors in `file` (relative to the data folder)."""

    epoch: int
    file: str
    member: int = 0


@dataclass(frozen=True)
class Started:
    """The network stands on its device and training goes on behind `epoch` (0 for a fresh run)."""

    device: str
    engine: str
    versions: dict[str, str]
    parameters: int
    steps: int
    epoch: int = 0
    snapshots: tuple[Snapshot, ...] = ()


@dataclass(frozen=True)
class Progress:
    """Within an epoch, some times a second: `step` of `steps` done, mean loss of the epoch so far."""

    epoch: int
    step: int
    steps: int
    loss: float


@dataclass(frozen=True)
class Metrics:
    """One member's means over an epoch's batches (training) and over its validation set, if it has one."""

    loss: float
    accuracy: float
    val_loss: float | None = None
    val_accuracy: float | None = None


@dataclass(frozen=True)
class EpochEnd:
    """An epoch is over; `members` holds its metrics in the members' order.

    `learning_rate` is the one that the epoch trained with, `seconds` the epoch's own time with its validation.
    All that resuming behind this epoch needs lies, synced, in `checkpoint` (relative to the data folder; None
    where no checkpoint was due). Listeners record metrics, checkpoint and snapshots in one transaction;
    files that the record no longer names may be deleted after it.
    """

    epoch: int
    members: tuple[Metrics, ...]
    seconds: float
    learning_rate: float
    checkpoint: str | None = None
    snapshots: tuple[Snapshot, ...] = ()
    dropped: tuple[Snapshot, ...] = ()

    @property
    def mean(self) -> Metrics:
        """The members' means."""
        return mean_metrics(self.members)


@dataclass(frozen=True)
class Result:
    """A member's evaluation on the test set, once, with the network that is kept.

    `kept_epoch` names that network: the last, or the best where early stopping restored it. `model_file` is
    its `.keras` file, relative to the data folder.
    """

    test_loss: float
    test_accuracy: float
    kept_epoch: int
    model_file: str
    snapshot: Snapshot


@dataclass(frozen=True)
class Finished:
    """Training is over; one result for each member."""

    members: tuple[Result, ...]
    stopped_early: bool = False


@dataclass(frozen=True)
class Ended:
    """The run ended without a result: `status` is `stopped`, `diverged` or `failed`, and why."""

    status: str
    message: Message
    log: str = ""


def mean_metrics(members: Sequence[Metrics]) -> Metrics:
    """The members' means; None where no member has a validation set."""
    return Metrics(*(_mean([getattr(m, f.name) for m in members]) for f in fields(Metrics)))


def _mean(values: list[float | None]) -> Any:
    numbers = [value for value in values if value is not None]
    return sum(numbers) / len(numbers) if numbers else None


Event = Started | Progress | EpochEnd | Finished | Ended
