"""The state of each member from epoch to epoch, with which a run can be resumed exactly.

It consists of the learning rate, early stopping, and which of its networks are saved.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.events import Metrics
from mlpcore.spec import RunSpec
from mlpcore.training.run_files import Arrays, RunFiles, SnapshotChanges, Snapshots

MIN_DELTA = 1e-4
"""How much lower a loss must be to count as better, as in `keras.callbacks.ReduceLROnPlateau`."""


@dataclass
class LearningRate:
    """The learning rate that a spec's schedule gives each epoch.

    As in Keras: `exponential` multiplies by the decay after each epoch, `cosine` is `CosineDecay` with alpha = floor,
    taken at the start of each epoch, and `plateau` is `ReduceLROnPlateau`, which depends on each epoch's loss.
    """

    spec: RunSpec
    reductions: int = 0
    best_loss: float = math.inf
    waited: int = 0

    def of(self, epoch: int) -> float:
        """The learning rate of an epoch, counted from 1; `update` must have been called for all epochs before it."""
        start, schedule = self.spec.optimizer.learning_rate, self.spec.schedule
        match schedule.name:
            case "exponential":
                return float(start * schedule.parameters["decay"] ** (epoch - 1))
            case "cosine":
                floor = schedule.parameters["floor"]
                wave = 0.5 * (1 + math.cos(math.pi * (epoch - 1) / self.spec.epochs))
                return float(start * (floor + (1 - floor) * wave))
            case "plateau":
                return float(start * schedule.parameters["factor"] ** self.reductions)
            case _:
                return start

    def update(self, loss: float) -> None:
        """Take an epoch's validation loss into account (the training loss without a validation set)."""
        if self.spec.schedule.name != "plateau":
            return
        if loss < self.best_loss - MIN_DELTA:
            self.best_loss, self.waited = loss, 0
            return
        self.waited += 1
        if self.waited >= self.spec.schedule.parameters["patience"]:
            self.reductions, self.waited = self.reductions + 1, 0


@dataclass
class EarlyStopping:
    """Stops after `patience` epochs without a lower loss (validation's, or training's without a validation set).

    As `keras.callbacks.EarlyStopping(patience=..., restore_best_weights=True)`. A patience of None is off.
    """

    patience: int | None
    best_loss: float | None = None
    best_epoch: int = 0
    best_metrics: Metrics | None = None
    best_weights: Arrays = field(default_factory=list)

    def improved(self, loss: float) -> bool:
        """Whether this loss is the lowest so far, so that the epoch should be kept with `keep`."""
        return self.patience is not None and math.isfinite(loss) and (self.best_loss is None or loss < self.best_loss)

    def keep(self, epoch: int, metrics: Metrics, weights: Arrays) -> None:
        """Remember the best epoch so far."""
        self.best_epoch, self.best_loss, self.best_metrics = epoch, metrics.monitored_loss, metrics
        self.best_weights = weights

    def should_stop(self, epoch: int) -> bool:
        """Whether to stop after this epoch."""
        return self.patience is not None and epoch - self.best_epoch >= self.patience


@dataclass
class MemberProgress:
    """A member's learning rate, early stopping and best snapshot, and whether it still trains."""

    rate: LearningRate
    stopping: EarlyStopping
    snapshots: Snapshots
    diverged: bool = False
    stopped: bool = False

    @classmethod
    def start(cls, spec: RunSpec, files: RunFiles, number: int) -> MemberProgress:
        """A member at the start of its training."""
        return cls(LearningRate(spec), EarlyStopping(spec.early_stopping), Snapshots(files, spec, number))

    @property
    def trains(self) -> bool:
        """Whether it is neither diverged nor stopped early."""
        return not (self.diverged or self.stopped)

    @property
    def kept_metrics(self) -> Metrics | None:
        """The metrics of the network that a member stopped early keeps; None for one that has diverged."""
        return None if self.diverged else self.stopping.best_metrics

    def after_epoch(
        self, epoch: int, metrics: Metrics, weights: Callable[[], Arrays], changes: SnapshotChanges
    ) -> None:
        """Take an epoch into account; `weights` returns the member's weights and is called only if they are kept."""
        self.rate.update(metrics.monitored_loss)
        if self.stopping.improved(metrics.monitored_loss):
            self.stopping.keep(epoch, metrics, weights())
        self.stopped = self.stopping.should_stop(epoch)
        if self.stopped and not self.stopping.best_weights:  # no loss was ever finite
            self.stopping.keep(epoch, metrics, weights())
        self.snapshots.after_epoch(epoch, metrics.score, weights, changes)
        if self.stopped:
            self.snapshots.keep(self.stopping.best_epoch, self.stopping.best_weights, changes)

    def to_json(self) -> dict[str, Any]:
        """The state without the best weights, as JSON types."""
        best = self.stopping.best_metrics
        return {
            "reductions": self.rate.reductions,
            "rate_loss": self.rate.best_loss if math.isfinite(self.rate.best_loss) else None,
            "waited": self.rate.waited,
            "best_epoch": self.stopping.best_epoch,
            "best_metrics": asdict(best) if best else None,
            "top_epoch": self.snapshots.best_epoch,
            "top_score": self.snapshots.best_score,
            "diverged": self.diverged,
            "stopped": self.stopped,
        }

    def restore(self, stored: dict[str, Any], best: Arrays) -> None:
        """Restore what `to_json` returned; `best` are the best weights, empty where there are none."""
        self.rate.reductions, self.rate.waited = stored["reductions"], stored["waited"]
        self.rate.best_loss = math.inf if stored["rate_loss"] is None else stored["rate_loss"]
        if stored["best_metrics"]:
            self.stopping.keep(stored["best_epoch"], Metrics(**stored["best_metrics"]), best)
        self.snapshots.best_epoch = stored["top_epoch"]
        self.snapshots.best_score = stored["top_score"] and tuple(stored["top_score"])
        self.diverged, self.stopped = stored["diverged"], stored["stopped"]


def metrics_of(trained: NDArray[np.float64], validated: NDArray[np.float64] | None) -> Metrics:
    """A member's means from its sums (loss x examples, correct predictions, examples)."""
    loss, correct, count = (float(value) for value in trained)
    if validated is None:
        return Metrics(loss / count, correct / count)
    val_loss, val_correct, val_count = (float(value) for value in validated)
    return Metrics(loss / count, correct / count, val_loss / val_count, val_correct / val_count)
