"""How long a run takes, estimated from its arithmetic: what its settings cost before anything of it was trained.

A dense layer of n inputs and m units takes n x m multiply-adds for one example forward; training takes about three
times as many, since the backward pass computes two products of this size (Goodfellow, Bengio and Courville, Deep
Learning, section 6.5). Each optimizer step and each epoch have a cost of their own, which is what a small network on a
small dataset mostly takes.

The constants are those of one core of an ordinary CPU. A machine's own speed is measured from what it has trained
(`store.queue_order`), so only their ratio matters in the long run.
"""

from __future__ import annotations

import math
from itertools import pairwise

from mlpcore.spec import RunSpec

MULTIPLY_ADDS_PER_SECOND = 3e10
STEP_SECONDS = 5e-5
EPOCH_SECONDS = 0.02

_TRAINING = 3
"""Multiply-adds of a training step in those of a forward pass."""


def multiply_adds(spec: RunSpec) -> int:
    """The multiply-adds of one forward pass of one network for one example: its weights, without biases."""
    sizes = [math.prod(spec.info.input_shape), *(layer.units for layer in spec.hidden), spec.info.classes]
    return sum(inputs * units for inputs, units in pairwise(sizes))


def nominal_seconds(spec: RunSpec) -> float:
    """About how many seconds the epochs of a run take on one core of an ordinary CPU, if no member stops early."""
    examples = _TRAINING * spec.train_count + spec.validation_count
    arithmetic = multiply_adds(spec) * examples / MULTIPLY_ADDS_PER_SECOND
    return spec.epochs * (EPOCH_SECONDS + spec.members * (arithmetic + spec.steps_per_epoch * STEP_SECONDS))
