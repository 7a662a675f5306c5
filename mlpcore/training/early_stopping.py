"""Early stopping as Keras does it, with the best weights kept; its state survives a crash."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from mlpcore.events import Metrics


@dataclass
class EarlyStopping:
    """Watches a loss (validation's, or training's without a validation set) for `patience` epochs.

    As `keras.callbacks.EarlyStopping(patience=..., restore_best_weights=True)`. A patience of None is off.
    """

    patience: int | None
    best_loss: float | None = None
    best_epoch: int = 0
    best_metrics: Metrics | None = None
    best_weights: list[NDArray[Any]] = field(default_factory=list)

    def improved(self, loss: float) -> bool:
        """Whether this loss is the lowest so far, so that the weights should be handed to `keep`."""
        return self.patience is not None and math.isfinite(loss) and (self.best_loss is None or loss < self.best_loss)

    def keep(self, epoch: int, metrics: Metrics, weights: list[NDArray[Any]]) -> None:
        """Remember the best epoch so far."""
        self.best_epoch, self.best_loss, self.best_metrics = epoch, metrics.watched_loss, metrics
        self.best_weights = weights

    def over(self, epoch: int) -> bool:
        """Whether to stop behind this epoch."""
        return self.patience is not None and epoch - self.best_epoch >= self.patience
