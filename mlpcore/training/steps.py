"""Training and evaluation steps of a stack of networks, many at a time on the device; compiled once per shape."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.spec import RunSpec
from mlpcore.training import backend
from mlpcore.training.backend import keras
from mlpcore.training.stack import Stack

EVALUATION_BATCH = 256
MAX_COMPILED = 20
"""Neither engine frees the memory of compiled code, 16 to 33 MB per shape: after this many, a fresh process takes
over."""


class Steps(ABC):
    """The compiled steps of a stack, with its weights and its optimizer's variables on the device.

    `data` is a pair of arrays on the device: inputs (n, inputs), unscaled and in their own type, and labels int32 (n,).
    `order` is int32 (members, m) on the device, m whole batches: the examples that each member sees, batch after batch;
    `counts`, int32 (members,), is how many of them a member uses. Sums are float32 (3, members): loss x examples,
    correct predictions, examples. They go into each call and come out of it, so that they are added up in the same
    order however an epoch is cut into time slices, and a result does not depend on how fast the machine was.
    """

    stack: Stack

    @abstractmethod
    def zero_sums(self) -> Any:
        """Sums at the start of an epoch or evaluation."""

    @abstractmethod
    def train(self, data: Any, order: Any, counts: Any, keys: Any, first: int, end: int, sums: Any) -> Any:
        """Take the optimizer steps `first` to `end` - 1 of an epoch; the new sums.

        `keys`, uint32 (members, layers + 1, 2), are those of `member_seeds.epoch_keys`.
        """

    @abstractmethod
    def evaluate(self, data: Any, order: Any, counts: Any, first: int, end: int, sums: Any) -> Any:
        """Add up the evaluation batches `first` to `end` - 1; the new sums."""

    @abstractmethod
    def set_learning_rates(self, rates: NDArray[np.float32]) -> None:
        """Set each member's learning rate, float32 (members,)."""

    @abstractmethod
    def set_state(self, state: list[NDArray[Any]]) -> None:
        """Set what `get_state` returned."""

    @abstractmethod
    def get_state(self) -> list[NDArray[Any]]:
        """Copies of all weights, followed by all optimizer variables."""

    @abstractmethod
    def set_weights(self, weights: list[NDArray[Any]]) -> None:
        """Set the weights alone."""

    @abstractmethod
    def get_weights(self) -> list[NDArray[Any]]:
        """Copies of all weights, in the order of `stack.variables`."""


def steps_for(spec: RunSpec, members: int) -> tuple[Steps, list[NDArray[Any]]]:
    """The steps of `members` networks of this shape, and the optimizer's variables at the start of a training.

    Compiled steps are kept while the process lives: a second run of the same shape starts at once.
    """
    return compiled_steps(spec.compiled_part(), members)


@lru_cache(maxsize=MAX_COMPILED)
def compiled_steps(spec: RunSpec, members: int) -> tuple[Steps, list[NDArray[Any]]]:
    """See `steps_for`, which resets the settings of the spec that are not compiled."""
    stack = Stack(spec, members)
    untrained = [keras.ops.convert_to_numpy(variable) for variable in stack.optimizer.variables]
    return _steps_class()(stack, spec.batch_size, EVALUATION_BATCH), untrained


def needs_recycling() -> bool:
    """Whether this process has compiled `MAX_COMPILED` shapes, so that a fresh one should take over."""
    return compiled_steps.cache_info().misses >= MAX_COMPILED


def _steps_class() -> Any:
    if backend.NAME == "jax":
        from mlpcore.training.jax_steps import JaxSteps  # noqa: PLC0415 - it needs its engine

        return JaxSteps
    from mlpcore.training.tensorflow_steps import TensorFlowSteps  # noqa: PLC0415

    return TensorFlowSteps
