"""The activations of each hidden unit over a test set, and which units are dead or saturated.

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

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.sampling import Indices, layer_inputs
from mlpcore.datasets import TestSet
from mlpcore.inference import Network, activate

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
    tallies = [_Tally(layer.activation, len(layer.bias)) for layer in network.layers[:-1]]
    for received in layer_inputs(network, test, examples, 0) if tallies else ():
        values = received
        for layer, tally in zip(network.layers, tallies, strict=False):
            values = activate(layer.activation, layer.preactivations(values), layer.alpha)
            tally.add(values)
    return tuple(tally.result() for tally in tallies)


class _Tally:
    """Sums over blocks of activations."""

    def __init__(self, activation: str, units: int) -> None:
        self.activation, self.count = activation, 0
        self.lowest, self.highest = np.full(units, np.inf), np.full(units, -np.inf)
        self.mean, self.squares, self.ends = np.zeros(units), np.zeros(units), np.zeros(units)

    def add(self, values: NDArray[np.float32]) -> None:
        """One block; means and squares are merged by Chan, Golub & LeVeque 1979, which loses no digits."""
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
