"""A member's learning rate from epoch to epoch; its state survives a crash."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mlpcore.spec import RunSpec

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
