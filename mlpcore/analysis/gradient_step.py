"""What one step of gradient descent on one example changes: weights, scores and loss.

A step of size η changes a weight w by -η ∂L/∂w. The gradient of a layer's kernel is an outer product, so the changed
weights are never written out: even the largest networks need no memory for a second copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis import gradients
from mlpcore.analysis.gradients import Gradients, loss_of, probabilities
from mlpcore.analysis.rounding import rounded, significant, total
from mlpcore.inference import Layer, Network, activate
from mlpcore.inference.activations import LARGEST, Array
from mlpcore.inference.network import ForwardPass


@dataclass(frozen=True, eq=False)
class GradientStep:
    """A step of size `rate` against the gradient of one example's loss, whose class is `label`.

    `before` and `after` are the probabilities (classes,), `loss_before` and `loss_after` the losses.
    """

    rate: float
    label: int
    gradients: Gradients
    before: Array
    after: Array
    loss_before: float
    loss_after: float

    def kernel_change(self, layer: int, unit: int) -> Array:
        """The change of the weights into one unit, (inputs,)."""
        inputs, slope = self.gradients.layer_inputs[layer], float(self.gradients.sums[layer][unit])
        return np.asarray(np.clip(-self.rate * slope * inputs.astype(np.float64), -LARGEST, LARGEST), np.float32)

    def changed_weights(self, layer: int) -> int:
        """How many weights of a layer change at all: those with an input and a derivative that are not 0."""
        inputs, sums = self.gradients.layer_inputs[layer], self.gradients.sums[layer]
        return int(np.count_nonzero(inputs) * np.count_nonzero(sums))


@dataclass(frozen=True)
class ChangedWeight:
    """A weight from an input of a layer to one of its units, both counted from 0, before the step and its change.

    The change is -rate * `value` * `slope`: what entered there, and the derivative of the unit's weighted sum. All
    numbers are rounded for writing: the change is that of the written factors, and `after` is `before` plus it.
    """

    source: int
    unit: int
    value: Decimal
    slope: Decimal
    change: Decimal
    before: Decimal
    after: Decimal


def gradient_step(network: Network, forward: ForwardPass, label: int, loss: str, rate: float) -> GradientStep:
    """The step for the forward pass of one example; `loss` is a key of choices.LOSSES.

    Penalties on large weights are left out.
    """
    slopes = gradients.of_loss(network, forward, label, loss)
    before, after = forward.preactivations[-1][0], _scores_after(network, forward, slopes, rate)
    return GradientStep(
        rate,
        label,
        slopes,
        probabilities(before).astype(np.float32),
        probabilities(after).astype(np.float32),
        loss_of(before, label, loss),
        loss_of(after, label, loss),
    )


def largest_changes(network: Network, step: GradientStep, layer: int, limit: int) -> list[ChangedWeight]:
    """The weights of a layer that change most, at most `limit`; unchanged ones are left out.

    The largest products of two lists of numbers are among those of the largest numbers of each.
    """
    inputs, slopes = step.gradients.layer_inputs[layer], step.gradients.sums[layer]
    sources, units = (np.argsort(-np.abs(values), kind="stable")[:limit] for values in (inputs, slopes))
    products = np.abs(np.outer(inputs[sources].astype(np.float64), slopes[units]))
    order = np.argsort(-products, axis=None, kind="stable")[:limit]
    changes = []
    for row, column in zip(*np.unravel_index(order, products.shape), strict=True):
        source, unit = int(sources[row]), int(units[column])
        if products[row, column]:
            weight = float(network.layers[layer].kernel[source, unit])
            changes.append(_changed_weight(step.rate, source, unit, weight, float(inputs[source]), float(slopes[unit])))
    return changes


def _changed_weight(rate: float, source: int, unit: int, weight: float, value: float, slope: float) -> ChangedWeight:
    factors = significant(value, 4), significant(slope, 4)
    change = significant(-rate * float(factors[0]) * float(factors[1]), 3)
    before = rounded(weight, -int(change.as_tuple().exponent))
    return ChangedWeight(source, unit, *factors, change, before, total((before, change)))


def _scores_after(network: Network, forward: ForwardPass, slopes: Gradients, rate: float) -> Array:
    """The scores of the changed network for the same example, (classes,)."""
    values = forward.inputs
    for index, layer in enumerate(network.layers):
        z = _sums_after(layer, values, slopes.layer_inputs[index], slopes.sums[index], rate)
        alpha, slope = layer.alpha, slopes.alphas[index]
        if alpha is not None and slope is not None:
            alpha = _finite(alpha - rate * slope.astype(np.float64))
        values = z if layer.activation == "softmax" else activate(layer.activation, z, alpha)
    return np.asarray(values[0])


def _sums_after(layer: Layer, inputs: Array, old_inputs: Array, slope: Array, rate: float) -> Array:
    """The weighted sums with kernel - rate * outer(old_inputs, slope) and bias - rate * slope: (1, units)."""
    share = float(inputs[0].astype(np.float64) @ old_inputs.astype(np.float64)) + 1
    return _finite(layer.preactivations(inputs).astype(np.float64) - rate * share * slope.astype(np.float64))


def _finite(values: NDArray[np.float64]) -> Array:
    return np.asarray(np.clip(np.nan_to_num(values), -LARGEST, LARGEST), np.float32)
