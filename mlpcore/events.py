"""The events of a training: `training.train` yields them, the workers and the command line record them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from mlpcore.i18n.messages import Message


@dataclass(frozen=True)
class Snapshot:
    """The weights of a member after an epoch, as safetensors in `file` (relative to the data folder)."""

    epoch: int
    file: str
    member: int = 0


@dataclass(frozen=True)
class Member:
    """One network of a run: its random seed, and the fold that it validates on (None without folds)."""

    seed: int
    fold: int | None = None


@dataclass(frozen=True)
class Started:
    """The networks are on their device and training continues after `epoch` (0 for a fresh run).

    `parameters` and `steps` (per epoch) are those of one network; `members` are the networks in order (at least one).
    """

    device: str
    engine: str
    versions: dict[str, str]
    parameters: int
    steps: int
    members: tuple[Member, ...]
    epoch: int = 0
    snapshots: tuple[Snapshot, ...] = ()


@dataclass(frozen=True)
class Progress:
    """Within an epoch, several times a second: `step` of `steps` are done.

    `loss` is the mean over the steps of the epoch so far and over the members that still train.
    """

    epoch: int
    step: int
    steps: int
    loss: float


@dataclass(frozen=True)
class Waiting:
    """The training stands still until something is there that it needs, such as room on the disk; about once a second.

    The next event of another kind says that it goes on.
    """

    reason: Message


@dataclass(frozen=True)
class Metrics:
    """The means of one member over the batches of an epoch (training) and over its validation set, if it has one."""

    loss: float
    accuracy: float
    val_loss: float | None = None
    val_accuracy: float | None = None

    @property
    def monitored_loss(self) -> float:
        """The loss that early stopping and schedules monitor: that of validation, or of training if there is none."""
        return self.loss if self.val_loss is None else self.val_loss

    @property
    def score(self) -> tuple[float, float]:
        """The accuracy, then minus the loss, of validation if there is one: a better epoch has a higher score."""
        return self.accuracy if self.val_accuracy is None else self.val_accuracy, -self.monitored_loss


@dataclass(frozen=True)
class EpochEnd:
    """The end of an epoch; `members` holds the metrics of the members in order, None for one that has diverged.

    The `stopped_members` were stopped early in an earlier epoch: they did not train in this one, and their metrics are
    those of the networks that they keep, after the epochs in `kept_epochs` (by member). `seconds` is the time of this
    epoch with its validation. `learning_rate` is the rate of this epoch; where the rates of the members differ, it is
    their mean, and `member_rates` holds the rate of each. `checkpoint` (relative to the data folder, synced to disk)
    holds all that is needed to resume after this epoch; None where no checkpoint was due. Listeners record metrics,
    checkpoint and snapshots in one transaction; files that are no longer recorded may be deleted after it.
    """

    epoch: int
    members: tuple[Metrics | None, ...]
    seconds: float
    learning_rate: float
    checkpoint: str | None = None
    snapshots: tuple[Snapshot, ...] = ()
    dropped: tuple[Snapshot, ...] = ()
    kept_epochs: Mapping[int, int] = field(default_factory=dict)
    member_rates: tuple[float, ...] = ()

    @property
    def stopped_members(self) -> frozenset[int]:
        """The members that were stopped early in an earlier epoch."""
        return frozenset(self.kept_epochs)

    @property
    def mean(self) -> Metrics:
        """The means over the members that have not diverged."""
        return mean_metrics(self._not_diverged)

    @property
    def deviation(self) -> Metrics:
        """The sample standard deviations over the members that have not diverged; None for fewer than two."""
        return deviation_metrics(self._not_diverged)

    @property
    def _not_diverged(self) -> list[Metrics]:
        return [member for member in self.members if member is not None]


@dataclass(frozen=True)
class Result:
    """The evaluation of a member on the test set, done once, with the network that is kept.

    That is the network after `kept_epoch`: the last one, or the best one where early stopping restored it. `model_file`
    is its `.keras` file, relative to the data folder.
    """

    test_loss: float
    test_accuracy: float
    kept_epoch: int
    model_file: str
    snapshot: Snapshot


@dataclass(frozen=True)
class Finished:
    """Training is over; one result for each member, None for one that has diverged.

    `stopped_early` says that every member was stopped before the last epoch.
    """

    members: tuple[Result | None, ...]
    stopped_early: bool = False

    @property
    def results(self) -> list[Result]:
        """The results of the members that have one; at least one."""
        return [member for member in self.members if member is not None]


@dataclass(frozen=True)
class Ended:
    """The run ended without a result; `status` is `stopped`, `diverged` or `failed`, and `message` says why."""

    status: str
    message: Message
    log: str = ""


def mean_metrics(members: Sequence[Metrics]) -> Metrics:
    """The members' means; None where no member has a validation set."""
    return Metrics(*(mean([getattr(m, f.name) for m in members]) for f in fields(Metrics)))


def deviation_metrics(members: Sequence[Metrics]) -> Metrics:
    """The members' sample standard deviations (divided by n - 1); None where fewer than two have a value."""
    return Metrics(*(deviation([getattr(m, f.name) for m in members]) for f in fields(Metrics)))


def deviation(values: Sequence[float | None]) -> Any:
    """The sample standard deviation of those values that are not None; None for fewer than two, or infinite ones."""
    numbers = [value for value in values if value is not None]
    return statistics.stdev(numbers) if len(numbers) > 1 and all(map(math.isfinite, numbers)) else None


def mean(values: Sequence[float | None]) -> Any:
    """The mean of those values that are not None; None without any."""
    numbers = [value for value in values if value is not None]
    return sum(numbers) / len(numbers) if numbers else None


Event = Started | Progress | Waiting | EpochEnd | Finished | Ended
