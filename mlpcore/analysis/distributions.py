"""How a network's weights and activations are distributed, layer by layer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.sampling import scaled, spread_evenly
from mlpcore.datasets import TestSet
from mlpcore.inference import Network, activate

QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
MOST = 20_000
"""If there are more numbers than this, only evenly spread ones are measured."""

EXAMPLES = 200
_WORK = 500_000_000  # multiplications; a large network is given fewer examples
_FEWEST = 20
_BINS = 32


@dataclass(frozen=True, eq=False)
class Distribution:
    """A summary of numbers: their `QUANTILES`, and a histogram of equal bins from the lowest to the highest."""

    quantiles: NDArray[np.float64]
    histogram: NDArray[np.intp]


@dataclass(frozen=True)
class LayerDistributions:
    """A layer's weights (without its biases), and its activations for examples of the test set."""

    weights: Distribution
    activations: Distribution


def distributions(network: Network, test: TestSet) -> tuple[LayerDistributions, ...]:
    """The distributions of every layer, the output included."""
    return tuple(
        LayerDistributions(distribution(layer.kernel), distribution(activations))
        for layer, activations in zip(network.layers, _activations(network, test), strict=True)
    )


def distribution(values: NDArray[Any]) -> Distribution:
    """The distribution of an array of two axes."""
    some = np.sort(thinned(values, MOST).astype(np.float64))
    low, high = float(values.min()), float(values.max())
    quantiles = np.quantile(some, QUANTILES)
    quantiles[0], quantiles[-1] = low, high
    counts, _edges = np.histogram(some, _BINS, (low, high) if high > low else None)
    return Distribution(quantiles, counts.astype(np.intp))


def thinned(values: NDArray[Any], most: int) -> NDArray[Any]:
    """At most `most` of the numbers of an array of two axes, (n,), evenly spread over rows and columns."""
    step = -(-values.size // most)
    while math.gcd(step, values.shape[1]) > 1:  # would pick the same columns in every row
        step += 1
    return np.asarray(values.reshape(-1)[::step])


def _activations(network: Network, test: TestSet) -> Iterator[NDArray[np.float32]]:
    work = sum(layer.kernel.size for layer in network.layers)
    count = len(test.labels)
    size = min(count, EXAMPLES, max(_FEWEST, _WORK // work))
    values = network.received(scaled(test, spread_evenly(size, count))).reshape(size, -1)
    for layer in network.layers:
        values = activate(layer.activation, layer.preactivations(values), layer.alpha)
        yield values
