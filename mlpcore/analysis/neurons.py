"""How a single neuron answers to the examples of a test set: which excite it, and how it tells classes apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.answers import BLOCK, Indices, scaled
from mlpcore.datasets import TestSet
from mlpcore.inference import Layer, Network, activate

WORK = 2_000_000_000
"""So many multiplications are a short wait; where a test set needs more, only some of its examples are looked at."""

FEWEST = 100
_SIZES = (5000, 2000, 1000, 500, 200, FEWEST)
_STRAIGHTENING = 500_000  # an image's, in multiplications

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, eq=False)
class ClassSpread:
    """A neuron's activation over the examples of one class: their number, the mean, and its `QUANTILES`.

    The figures are NaN without an example.
    """

    count: int
    mean: float
    quantiles: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Reaction:
    """A neuron over the `looked_at` examples of a test set.

    `most` and `least` are the indices of the examples with the highest and the lowest activation, the extreme one
    first, `highest` and `lowest` their activations; `classes` is the spread for each true class.
    """

    looked_at: int
    most: Indices
    highest: NDArray[np.float32]
    least: Indices
    lowest: NDArray[np.float32]
    classes: tuple[ClassSpread, ...]


def sample(network: Network, count: int, layer: int | None = None, patience: int = 1) -> Indices:
    """Which of `count` examples are sent through the network, up to `layer` or to its end, within a short wait.

    All where that is quick, otherwise some, evenly spread; `patience` is how much longer the wait may be.
    """
    before = network.layers if layer is None else network.layers[:layer]
    work = sum(one.kernel.size for one in before) + (0 if layer is None else network.layers[layer].kernel.shape[0])
    work += _STRAIGHTENING if network.prepare == "deskew" else 0
    size = next(
        (size for size in (count, *_SIZES) if size <= count and size * work <= WORK * patience), min(count, FEWEST)
    )
    return spread_evenly(size, count)


def spread_evenly(size: int, count: int) -> Indices:
    """`size` indices of `count`, as far apart as possible."""
    return np.arange(size) * count // size


def reaction(network: Network, test: TestSet, layer: int, unit: int, extremes: int) -> Reaction:
    """How a unit of a layer answers to the test set; `extremes` examples at each end.

    Of equal activations, as those of a silent ReLU, the weighted sum decides.
    """
    chosen = sample(network, len(test.labels), layer)
    sums, outputs = _answers(network, test, chosen, layer, unit)
    order = np.lexsort((sums, outputs))
    most, least = order[::-1][:extremes], order[:extremes]
    labels = test.labels[chosen]
    classes = tuple(_spread(outputs[labels == label]) for label in range(test.info.classes))
    return Reaction(len(chosen), chosen[most], outputs[most], chosen[least], outputs[least], classes)


def flows(network: Network, test: TestSet, chosen: Indices, layer: int) -> Iterator[NDArray[np.float32]]:
    """What enters a layer, (examples, inputs), for blocks of the chosen examples one after the other."""
    for start in range(0, len(chosen), BLOCK):
        block = chosen[start : start + BLOCK]
        flow = network.received(scaled(test, block)).reshape(len(block), -1)
        for one in network.layers[:layer]:
            flow = activate(one.activation, one.preactivations(flow), one.alpha)
        yield flow


def _answers(
    network: Network, test: TestSet, chosen: Indices, layer: int, unit: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The weighted sums and the activations of a unit, each (examples,)."""
    whole = network.layers[layer]
    together = whole.activation == "softmax"  # its output needs the sums of all units
    part, place = (whole, unit) if together else (_alone(whole, unit), 0)
    sums, outputs = [], []
    for flow in flows(network, test, chosen, layer):
        z = part.preactivations(flow)
        sums.append(z[:, place])
        outputs.append(activate(part.activation, z, part.alpha)[:, place])
    return np.concatenate(sums), np.concatenate(outputs)


def _alone(layer: Layer, unit: int) -> Layer:
    one = slice(unit, unit + 1)
    alpha = None if layer.alpha is None else layer.alpha[one]
    return Layer(np.ascontiguousarray(layer.kernel[:, one]), layer.bias[one], layer.activation, alpha)


def _spread(values: NDArray[np.float32]) -> ClassSpread:
    if len(values) == 0:
        return ClassSpread(0, np.nan, (np.nan,) * len(QUANTILES))
    wide = values.astype(np.float64)
    return ClassSpread(len(wide), float(wide.mean()), tuple(float(q) for q in np.quantile(wide, QUANTILES)))
