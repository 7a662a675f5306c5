"""How one number that a network computes for an example, a score, a probability or a loss, changes with its inputs
and its weights: the backward pass, written out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.losses import loss_slope, probability_slope
from mlpcore.inference import Layer, Network
from mlpcore.inference.activations import LARGEST, Array
from mlpcore.inference.derivatives import derivative
from mlpcore.inference.network import Pass


@dataclass(frozen=True, eq=False)
class Gradients:
    """The derivatives of one number for one example, all float32.

    `inputs` (inputs,) is that with respect to what enters the first layer (`Pass.received`). For each layer, `flows`
    is what entered it, (inputs,), `sums` the derivative with respect to its weighted sums, (units,), and `slopes` that
    with respect to PReLU's alpha, (units,), None without one.
    """

    inputs: Array
    flows: tuple[Array, ...]
    sums: tuple[Array, ...]
    slopes: tuple[Array | None, ...]

    def kernel(self, layer: int) -> Array:
        """The derivative with respect to each weight of a layer, (inputs, units): what entered times its sum's."""
        return np.outer(self.flows[layer], self.sums[layer])

    def bias(self, layer: int) -> Array:
        """The derivative with respect to each bias of a layer, (units,)."""
        return self.sums[layer]


def of_score(network: Network, passed: Pass, label: int) -> Gradients:
    """The gradients of the score of class `label`, what enters the softmax; `passed` is the pass of one example."""
    slope = np.zeros(passed.preactivations[-1].shape[1])
    slope[label] = 1
    return _backward(network, passed, slope)


def of_probability(network: Network, passed: Pass, label: int) -> Gradients:
    """The gradients of the probability of class `label`; `passed` is the pass of one example."""
    return _backward(network, passed, probability_slope(passed.preactivations[-1][0], label))


def of_loss(network: Network, passed: Pass, label: int, loss: str) -> Gradients:
    """The gradients of the loss, a key of choices.LOSSES, for the true class `label`, as for `of_score`.

    Penalties on large weights are not part of it.
    """
    return _backward(network, passed, loss_slope(passed.preactivations[-1][0], label, loss))


def _backward(network: Network, passed: Pass, slope: NDArray[Any]) -> Gradients:
    """From the derivative with respect to the scores, (classes,), to all others, by the chain rule."""
    gradient = np.asarray(slope, np.float32)
    sums: list[Array] = [gradient]
    slopes: list[Array | None] = [None]
    for index in reversed(range(len(network.layers) - 1)):
        layer, z = network.layers[index], passed.preactivations[index][0]
        gradient = _back(gradient, network.layers[index + 1])
        slopes.append(None if layer.alpha is None else _product(gradient, np.minimum(z, np.float32(0))))
        gradient = _product(gradient, derivative(layer.activation, z, layer.alpha))
        sums.append(gradient)
    flows = (passed.received[0], *(outputs[0] for outputs in passed.activations[:-1]))
    return Gradients(_back(gradient, network.layers[0]), flows, tuple(sums[::-1]), tuple(slopes[::-1]))


def _back(gradient: Array, layer: Layer) -> Array:
    """From a layer's weighted sums to what entered it."""
    with np.errstate(over="ignore", invalid="ignore"):
        back = np.asarray(layer.kernel @ gradient)
    if np.isfinite(back).all():
        return back
    # Infinities of both signs would cancel to NaN: add up in float64, which cannot overflow here.
    return _finite(np.asarray(layer.kernel.astype(np.float64) @ gradient.astype(np.float64)))


def _product(gradient: Array, factor: Array) -> Array:
    with np.errstate(over="ignore"):
        return _finite(gradient * factor)


def _finite(values: NDArray[Any]) -> Array:
    return np.asarray(np.clip(values, -LARGEST, LARGEST), np.float32)
