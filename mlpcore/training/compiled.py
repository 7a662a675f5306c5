"""Compiled steps, kept while the process lives: a second run of the same shape starts at once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from numpy.typing import NDArray

from mlpcore.spec import RunSpec
from mlpcore.training import backend
from mlpcore.training.backend import keras
from mlpcore.training.stack import Stack
from mlpcore.training.steps import Steps

EVALUATION_BATCH = 256
MOST_COMPILED = 20
"""Neither engine gives back the memory of compiled code, 16 to 33 MB a shape: then a process has served its time."""


def steps_for(spec: RunSpec, members: int) -> tuple[Steps, list[NDArray[Any]]]:
    """The steps of `members` networks of this shape, and the optimizer's variables at the start of a training."""
    return _steps(spec.compiled_part(), members)


@lru_cache(maxsize=MOST_COMPILED)
def _steps(spec: RunSpec, members: int) -> tuple[Steps, list[NDArray[Any]]]:
    stack = Stack(spec, members)
    fresh = [keras.ops.convert_to_numpy(variable) for variable in stack.optimizer.variables]
    return _engine()(stack, spec.batch_size, EVALUATION_BATCH), fresh


def needs_recycling() -> bool:
    """Whether this process has compiled so much that a fresh one should take its place."""
    return _steps.cache_info().misses >= MOST_COMPILED


def _engine() -> Any:
    if backend.NAME == "jax":
        from mlpcore.training.jax_steps import JaxSteps  # noqa: PLC0415 - it needs its engine

        return JaxSteps
    from mlpcore.training.tensorflow_steps import TensorFlowSteps  # noqa: PLC0415

    return TensorFlowSteps
