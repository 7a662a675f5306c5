"""Which examples of a test set and which numbers are measured where all would take long; what enters each layer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.datasets import TestSet
from mlpcore.inference import Network, activate

Indices = NDArray[np.intp]

BATCH = 500
"""Examples that go through a network at once: more would need more memory and save no time."""

MAX_WORK = 2_000_000_000
"""Multiplications that are a short wait; where a test set needs more, only some of its examples are measured."""

MIN_EXAMPLES = 100
_SIZES = (5000, 2000, 1000, 500, 200, MIN_EXAMPLES)
_STRAIGHTENING = 500_000  # the work of straightening an image, in multiplications


def scaled(test: TestSet, examples: slice | Indices) -> NDArray[np.float32]:
    """These examples of a test set as a network takes them: (n, *input_shape), raw values / scale."""
    return np.asarray(test.inputs[examples], np.float32) / np.float32(test.info.scale)


def sample(network: Network, count: int, layer: int | None = None, max_work: int = MAX_WORK) -> Indices:
    """Which of `count` examples are sent through the network, up to `layer` or to its end, within a short wait.

    All where that takes at most `max_work` multiplications, otherwise some, evenly spread.
    """
    before = network.layers if layer is None else network.layers[:layer]
    work = sum(item.kernel.size for item in before) + (0 if layer is None else network.layers[layer].kernel.shape[0])
    work += _STRAIGHTENING if network.prepare == "deskew" else 0
    sizes = (size for size in (count, *_SIZES) if size <= count and size * work <= max_work)
    return spread_evenly(next(sizes, min(count, MIN_EXAMPLES)), count)


def spread_evenly(size: int, count: int) -> Indices:
    """`size` indices of `count`, as far apart as possible."""
    return np.arange(size) * count // size


def thinned(values: NDArray[Any], limit: int) -> NDArray[Any]:
    """At most `limit` of the numbers of an array of two axes, (n,), evenly spread over rows and columns."""
    step = -(-values.size // limit)
    while math.gcd(step, values.shape[1]) > 1:  # would pick the same columns in every row
        step += 1
    return np.asarray(values.reshape(-1)[::step])


def layer_inputs(network: Network, test: TestSet, examples: Indices, layer: int) -> Iterator[NDArray[np.float32]]:
    """What enters a layer, (batch, inputs), for batches of these examples one after the other."""
    for start in range(0, len(examples), BATCH):
        batch = examples[start : start + BATCH]
        values = network.prepared_inputs(scaled(test, batch)).reshape(len(batch), -1)
        for item in network.layers[:layer]:
            values = activate(item.activation, item.preactivations(values), item.alpha)
        yield values
