"""What a run must remember of each member from epoch to epoch."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.events import Metrics
from mlpcore.spec import RunSpec
from mlpcore.training.checkpoint import Arrays
from mlpcore.training.early_stopping import EarlyStopping
from mlpcore.training.files import RunFiles, SnapshotChanges, Snapshots
from mlpcore.training.learning_rate import LearningRate


@dataclass
class MemberProgress:
    """A member's learning rate, early stopping and best snapshot, and whether it still trains."""

    rate: LearningRate
    stopping: EarlyStopping
    snapshots: Snapshots
    diverged: bool = False
    stopped: bool = False

    @classmethod
    def of(cls, spec: RunSpec, files: RunFiles, number: int) -> MemberProgress:
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

    def watch(self, epoch: int, metrics: Metrics, weights: Callable[[], Arrays], changes: SnapshotChanges) -> None:
        """Take note of an epoch; `weights` gives the member's, should they be worth keeping."""
        self.rate.watch(metrics.watched_loss)
        if self.stopping.improved(metrics.watched_loss):
            self.stopping.keep(epoch, metrics, weights())
        self.stopped = self.stopping.over(epoch)
        if self.stopped and not self.stopping.best_weights:  # no loss was ever finite
            self.stopping.keep(epoch, metrics, weights())
        self.snapshots.behind(epoch, metrics.score, weights, changes)

    def facts(self) -> dict[str, Any]:
        """All of it but the best weights, as JSON types."""
        best = self.stopping.best_metrics
        return {
            "reductions": self.rate.reductions,
            "rate_loss": self.rate.best_loss if math.isfinite(self.rate.best_loss) else None,
            "waited": self.rate.waited,
            "best_epoch": self.stopping.best_epoch,
            "best_metrics": asdict(best) if best else None,
            "top_epoch": self.snapshots.top_epoch,
            "top_score": self.snapshots.top_score,
            "diverged": self.diverged,
            "stopped": self.stopped,
        }

    def restore(self, facts: dict[str, Any], best: Arrays) -> None:
        """Go back to what `facts` gave; `best` are the best weights, empty where there are none."""
        self.rate.reductions, self.rate.waited = facts["reductions"], facts["waited"]
        self.rate.best_loss = math.inf if facts["rate_loss"] is None else facts["rate_loss"]
        if facts["best_metrics"]:
            self.stopping.keep(facts["best_epoch"], Metrics(**facts["best_metrics"]), best)
        self.snapshots.top_epoch = facts["top_epoch"]
        self.snapshots.top_score = facts["top_score"] and tuple(facts["top_score"])
        self.diverged, self.stopped = facts["diverged"], facts["stopped"]


def metrics_of(trained: NDArray[np.float64], validated: NDArray[np.float64] | None) -> Metrics:
    """A member's means from its sums (loss x examples, correct answers, examples)."""
    loss, hits, count = (float(value) for value in trained)
    if validated is None:
        return Metrics(loss / count, hits / count)
    val_loss, val_hits, val_count = (float(value) for value in validated)
    return Metrics(loss / count, hits / count, val_loss / val_count, val_hits / val_count)
