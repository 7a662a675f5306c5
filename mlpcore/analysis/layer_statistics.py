"""The weights and activations of each layer in numbers: distributions, and which hidden units are dead or saturated.

A ReLU that is 0 for every example passes nothing on and gets no gradient, so it cannot recover: it is dead (Maas et
al. 2013, "Rectifier nonlinearities improve neural network acoustic models"; Lu et al. 2020, "Dying ReLU and
initialization"). In general a unit is called dead here when its output is the same for all examples, whatever it
is: the next layer gets no information from it.

A bounded activation at the ends of its range has almost no slope, so the unit hardly learns: it is saturated
(Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks"; measures compared
by Rakitianskaia & Engelbrecht 2015, "Measuring saturation in neural networks").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.sampling import Indices, layer_inputs, scaled, spread_evenly, thinned
from mlpcore.datasets import TestSet
from mlpcore.inference import Network, activate

QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)

MAX_VALUES = 20_000
"""If there are more numbers than this, only evenly spread ones are measured."""

_MAX_EXAMPLES = 200
_MAX_WORK = 500_000_000  # multiplications: a large network is given fewer examples
_MIN_EXAMPLES = 20
_BINS = 32

RANGES: dict[str, tuple[float, float]] = {
    "step": (0, 1),
    "sigmoid": (0, 1),
    "hard_sigmoid": (0, 1),
    "tanh": (-1, 1),
    "softsign": (-1, 1),
}
"""The activations that can saturate, with the ends of their range; a step is always at one of them."""

NEAR = 0.05
"""An output lies at an end of the range when it is within this part of the range from it."""

NEARLY_ALWAYS = 0.95
"""A unit is saturated when its output lies at the ends for at least this share of the examples."""

FLAT = 1e-3
"""An output counts as constant when it varies by no more than this part of the layer's largest activation."""


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
    measured = np.sort(thinned(values, MAX_VALUES).astype(np.float64))
    low, high = float(values.min()), float(values.max())
    quantiles = np.quantile(measured, QUANTILES)
    quantiles[0], quantiles[-1] = low, high
    counts, _edges = np.histogram(measured, _BINS, (low, high) if high > low else None)
    return Distribution(quantiles, counts.astype(np.intp))


def _activations(network: Network, test: TestSet) -> tuple[NDArray[np.float32], ...]:
    """Those of each layer, (examples, units), for some evenly spread examples."""
    work = sum(layer.kernel.size for layer in network.layers)
    count = len(test.labels)
    size = min(count, _MAX_EXAMPLES, max(_MIN_EXAMPLES, _MAX_WORK // work))
    return network.forward(scaled(test, spread_evenly(size, count))).activations


@dataclass(frozen=True, eq=False)
class LayerUnits:
    """The units of one layer over some examples: all arrays (units,), float64.

    `lowest`, `highest` and `deviation` are of a unit's activations; `at_ends` is the share of examples for which it
    lies at an end of its range, None for an activation without one.
    """

    activation: str
    lowest: NDArray[np.float64]
    highest: NDArray[np.float64]
    deviation: NDArray[np.float64]
    at_ends: NDArray[np.float64] | None

    @property
    def dead(self) -> NDArray[np.bool_]:
        """Which units have the same output for all examples."""
        largest = max(abs(self.lowest).max(), abs(self.highest).max())
        return np.asarray(self.highest - self.lowest <= FLAT * largest)

    @property
    def saturated(self) -> NDArray[np.bool_]:
        """Which units are nearly always at an end of their range, apart from the dead ones."""
        if self.at_ends is None:
            return np.zeros(len(self.lowest), np.bool_)
        return np.asarray((self.at_ends >= NEARLY_ALWAYS) & ~self.dead)


def unit_statistics(network: Network, test: TestSet, examples: Indices) -> tuple[LayerUnits, ...]:
    """The units of each hidden layer over these examples of a test set."""
    measured = [_RunningStatistics(layer.activation, len(layer.bias)) for layer in network.layers[:-1]]
    for received in layer_inputs(network, test, examples, 0) if measured else ():
        values = received
        for layer, statistics in zip(network.layers, measured, strict=False):
            values = activate(layer.activation, layer.preactivations(values), layer.alpha)
            statistics.add(values)
    return tuple(statistics.result() for statistics in measured)


class _RunningStatistics:
    """Sums over batches of activations."""

    def __init__(self, activation: str, units: int) -> None:
        self.activation, self.count = activation, 0
        self.lowest, self.highest = np.full(units, np.inf), np.full(units, -np.inf)
        self.mean, self.squares, self.ends = np.zeros(units), np.zeros(units), np.zeros(units)

    def add(self, values: NDArray[np.float32]) -> None:
        """One batch; means and squares are merged by Chan, Golub & LeVeque 1979, which loses no digits."""
        self.lowest = np.minimum(self.lowest, values.min(axis=0))
        self.highest = np.maximum(self.highest, values.max(axis=0))
        mean = values.mean(axis=0, dtype=np.float64)
        squares = np.square(values - mean).sum(axis=0)
        count = self.count + len(values)
        step = mean - self.mean
        self.squares += squares + np.square(step) * self.count * len(values) / count
        self.mean += step * len(values) / count
        self.count = count
        if self.activation in RANGES:
            low, high = RANGES[self.activation]
            near = NEAR * (high - low)
            self.ends += ((values <= low + near) | (values >= high - near)).sum(axis=0)

    def result(self) -> LayerUnits:
        ends = self.ends / self.count if self.activation in RANGES else None
        return LayerUnits(self.activation, self.lowest, self.highest, np.sqrt(self.squares / self.count), ends)
