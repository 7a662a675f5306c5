"""What an engine does for a stack of networks: many training or evaluation steps at a time, on its device."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.training.stack import Stack


class Steps(ABC):
    """The compiled steps of a stack, with its weights and its optimizer's state on the device.

    `data` is a pair of arrays on the device: inputs (n, inputs), unscaled and in their own type, and labels int32 (n,).
    `order` is int32 (members, m) on the device, m whole batches: the examples that each member sees, batch after batch;
    `counts`, int32 (members,), says how many of them a member uses. Sums are float32 (3, members): loss x examples,
    correct answers, examples. They go into each call and come out of it, so that they are added up in the same order
    however an epoch is cut into pieces, and a result does not depend on how fast the machine was.
    """

    stack: Stack

    @abstractmethod
    def zero(self) -> Any:
        """Sums at the start of an epoch or evaluation."""

    @abstractmethod
    def train(self, data: Any, order: Any, counts: Any, keys: Any, first: int, behind: int, sums: Any) -> Any:
        """Take the optimizer steps `first` to `behind` - 1 of an epoch; the new sums.

        `keys`, uint32 (members, layers + 1, 2), are those of augmentation and of each layer's dropout in this epoch.
        """

    @abstractmethod
    def evaluate(self, data: Any, order: Any, counts: Any, first: int, behind: int, sums: Any) -> Any:
        """Add up the evaluation batches `first` to `behind` - 1; the new sums."""

    @abstractmethod
    def set_rates(self, rates: NDArray[np.float32]) -> None:
        """Set each member's learning rate, float32 (members,)."""

    @abstractmethod
    def put(self, state: list[NDArray[Any]]) -> None:
        """Go to a state that `take` gave."""

    @abstractmethod
    def take(self) -> list[NDArray[Any]]:
        """Copies of all weights, and behind them all optimizer variables."""

    @abstractmethod
    def put_weights(self, weights: list[NDArray[Any]]) -> None:
        """Set the weights alone."""

    @abstractmethod
    def weights(self) -> list[NDArray[Any]]:
        """Copies of all weights, in the order of `stack.variables`."""
