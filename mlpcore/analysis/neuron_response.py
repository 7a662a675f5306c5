"""How a single neuron responds to the examples of a test set: which activate it, and how it separates the classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.sampling import Indices, layer_inputs, sample
from mlpcore.datasets import TestSet
from mlpcore.inference import Layer, Network, activate

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, eq=False)
class ClassSpread:
    """A neuron's activation over the examples of one class: their number, the mean, and its `QUANTILES`.

    Mean and quantiles are NaN without an example.
    """

    count: int
    mean: float
    quantiles: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class NeuronResponse:
    """A neuron's activation over `measured` examples of a test set.

    `highest_examples` and `lowest_examples` are the indices of the examples with the highest and the lowest activation,
    the extreme one first, `highest` and `lowest` their activations; `classes` is the spread for each true class.
    """

    measured: int
    highest_examples: Indices
    highest: NDArray[np.float32]
    lowest_examples: Indices
    lowest: NDArray[np.float32]
    classes: tuple[ClassSpread, ...]


def neuron_response(network: Network, test: TestSet, layer: int, unit: int, extremes: int) -> NeuronResponse:
    """How a unit of a layer responds to the test set; `extremes` examples at each end.

    Of equal activations, such as those of a ReLU at 0, the weighted sum decides.
    """
    examples = sample(network, len(test.labels), layer)
    sums, activations = _unit_values(network, test, examples, layer, unit)
    order = np.lexsort((sums, activations))
    highest, lowest = order[::-1][:extremes], order[:extremes]
    labels = test.labels[examples]
    classes = tuple(_spread(activations[labels == label]) for label in range(test.info.classes))
    return NeuronResponse(
        len(examples), examples[highest], activations[highest], examples[lowest], activations[lowest], classes
    )


def _unit_values(
    network: Network, test: TestSet, examples: Indices, layer: int, unit: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The weighted sums and the activations of a unit, each (examples,)."""
    whole = network.layers[layer]
    needs_all = whole.activation == "softmax"  # its output depends on the sums of all units
    part, column = (whole, unit) if needs_all else (_single_unit(whole, unit), 0)
    sums, activations = [], []
    for inputs in layer_inputs(network, test, examples, layer):
        z = part.preactivations(inputs)
        sums.append(z[:, column])
        activations.append(activate(part.activation, z, part.alpha)[:, column])
    return np.concatenate(sums), np.concatenate(activations)


def _single_unit(layer: Layer, unit: int) -> Layer:
    """A layer of this unit alone."""
    columns = slice(unit, unit + 1)
    alpha = None if layer.alpha is None else layer.alpha[columns]
    return Layer(np.ascontiguousarray(layer.kernel[:, columns]), layer.bias[columns], layer.activation, alpha)


def _spread(values: NDArray[np.float32]) -> ClassSpread:
    if len(values) == 0:
        return ClassSpread(0, np.nan, (np.nan,) * len(QUANTILES))
    wide = values.astype(np.float64)
    return ClassSpread(len(wide), float(wide.mean()), tuple(float(q) for q in np.quantile(wide, QUANTILES)))
