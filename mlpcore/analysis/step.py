"""What one step of gradient descent on one example changes: weights, scores and loss.

The gradient of a layer's kernel is what entered the layer times the derivative of its weighted sums, an outer product,
so the changed weights are never written out: also the largest networks need no memory for a second copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis import gradients
from mlpcore.analysis.gradients import Gradients
from mlpcore.analysis.losses import loss_of, probabilities
from mlpcore.analysis.rounding import rounded, significant, total
from mlpcore.inference import Layer, Network, activate
from mlpcore.inference.activations import LARGEST, Array
from mlpcore.inference.network import Pass


@dataclass(frozen=True, eq=False)
class Step:
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
        return self._times(self.gradients.flows[layer], float(self.gradients.sums[layer][unit]))

    def bias_change(self, layer: int) -> Array:
        """The change of a layer's biases, (units,)."""
        return self._times(self.gradients.sums[layer], 1.0)

    def changing(self, layer: int) -> int:
        """How many weights of a layer change at all: those with an input and a derivative that are not 0."""
        return int(np.count_nonzero(self.gradients.flows[layer]) * np.count_nonzero(self.gradients.sums[layer]))

    def _times(self, values: Array, factor: float) -> Array:
        return np.asarray(np.clip(-self.rate * factor * values.astype(np.float64), -LARGEST, LARGEST), np.float32)


@dataclass(frozen=True)
class Change:
    """A weight from an input of a layer to one of its units, both counted from 0, before the step and its change.

    The change is -rate * `value` * `slope`: what entered there, and the derivative of the unit's weighted sum. All
    numbers are written ones: the change is that of the written factors, and `after` is exactly `before` plus it.
    """

    source: int
    unit: int
    value: Decimal
    slope: Decimal
    change: Decimal
    before: Decimal
    after: Decimal


def step(network: Network, passed: Pass, label: int, loss: str, rate: float) -> Step:
    """The step for one example's pass; `loss` is a key of choices.LOSSES. Penalties on large weights are left out."""
    found = gradients.of_loss(network, passed, label, loss)
    before, after = passed.preactivations[-1][0], _scores_after(network, passed, found, rate)
    return Step(
        rate,
        label,
        found,
        probabilities(before).astype(np.float32),
        probabilities(after).astype(np.float32),
        loss_of(before, label, loss),
        loss_of(after, label, loss),
    )


def largest_changes(network: Network, taken: Step, layer: int, count: int) -> list[Change]:
    """The weights of a layer that change most, at most `count`; none that does not change.

    The largest products of two lists of numbers are among those of the largest numbers of each.
    """
    flow, slopes = taken.gradients.flows[layer], taken.gradients.sums[layer]
    sources, units = (np.argsort(-np.abs(values), kind="stable")[:count] for values in (flow, slopes))
    products = np.abs(np.outer(flow[sources].astype(np.float64), slopes[units]))
    order = np.argsort(-products, axis=None, kind="stable")[:count]
    found = []
    for row, column in zip(*np.unravel_index(order, products.shape), strict=True):
        source, unit = int(sources[row]), int(units[column])
        if products[row, column]:
            weight = float(network.layers[layer].kernel[source, unit])
            found.append(_change(taken.rate, source, unit, weight, float(flow[source]), float(slopes[unit])))
    return found


def _change(rate: float, source: int, unit: int, weight: float, value: float, slope: float) -> Change:
    factors = significant(value, 4), significant(slope, 4)
    change = significant(-rate * float(factors[0]) * float(factors[1]), 3)
    before = rounded(weight, -int(change.as_tuple().exponent))
    return Change(source, unit, *factors, change, before, total((before, change)))


def _scores_after(network: Network, passed: Pass, found: Gradients, rate: float) -> Array:
    """What the changed network gives for the same example before its softmax, (classes,)."""
    flow = passed.received
    for index, layer in enumerate(network.layers):
        z = _sums_after(layer, flow, found.flows[index], found.sums[index], rate)
        alpha, slope = layer.alpha, found.slopes[index]
        if alpha is not None and slope is not None:
            alpha = _finite(alpha - rate * slope.astype(np.float64))
        flow = z if layer.activation == "softmax" else activate(layer.activation, z, alpha)
    return np.asarray(flow[0])


def _sums_after(layer: Layer, flow: Array, old_flow: Array, slope: Array, rate: float) -> Array:
    """The weighted sums with kernel - rate * outer(old_flow, slope) and bias - rate * slope: (1, units)."""
    share = float(flow[0].astype(np.float64) @ old_flow.astype(np.float64)) + 1
    return _finite(layer.preactivations(flow).astype(np.float64) - rate * share * slope.astype(np.float64))


def _finite(values: NDArray[np.float64]) -> Array:
    return np.asarray(np.clip(np.nan_to_num(values), -LARGEST, LARGEST), np.float32)
