"""The loss of one example, and how a score, a probability or the loss changes with inputs and weights.

The backward pass, written out. Losses are computed in float64, so that also the probability of a class that a network
is confident of keeps its distance from 1; gradients are float32, as in training.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.inference import Layer, Network
from mlpcore.inference.activations import LARGEST, Array, Floats, derivative, through_softmax
from mlpcore.inference.network import ForwardPass


@dataclass(frozen=True, eq=False)
class Gradients:
    """The derivatives of one number for one example, all float32.

    `inputs` (inputs,) is the derivative with respect to what enters the first layer (`ForwardPass.inputs`). For each
    layer, `layer_inputs` is what entered it, (inputs,), `sums` the derivative with respect to its weighted sums,
    (units,), and `alphas` that with respect to PReLU's alpha, (units,), None without one. The derivative with respect
    to a layer's kernel is the outer product of its `layer_inputs` and its `sums`; that with respect to its biases is
    `sums`.
    """

    inputs: Array
    layer_inputs: tuple[Array, ...]
    sums: tuple[Array, ...]
    alphas: tuple[Array | None, ...]


def of_score(network: Network, forward: ForwardPass, label: int) -> Gradients:
    """The gradients of the score of class `label`, its value before the softmax; `forward` is for one example."""
    return _backward(network, forward, _one_hot(forward.preactivations[-1][0], label))


def of_probability(network: Network, forward: ForwardPass, label: int) -> Gradients:
    """The gradients of the probability of class `label`; `forward` is for one example."""
    scores = forward.preactivations[-1][0]
    return _backward(network, forward, through_softmax(probabilities(scores), _one_hot(scores, label)))


def of_loss(network: Network, forward: ForwardPass, label: int, loss: str) -> Gradients:
    """The gradients of the loss, a key of choices.LOSSES, for the true class `label`; `forward` is for one example.

    Penalties on large weights are not part of it.
    """
    return _backward(network, forward, loss_slope(forward.preactivations[-1][0], label, loss))


def probabilities(scores: NDArray[Any]) -> Floats:
    """The softmax of the scores, (classes,) -> (classes,)."""
    powers = np.exp(_below_largest(scores))
    return np.asarray(powers / powers.sum())


def loss_of(scores: NDArray[Any], label: int, loss: str) -> float:
    """The loss of an example of class `label` with these scores, (classes,); `loss` is a key of choices.LOSSES.

    Cross-entropy is -ln of the class's probability; the mean squared error is the mean over the classes of the squared
    differences between the probabilities and 1 for the class, 0 for the others.
    """
    if loss == "mse":
        return float(np.mean((probabilities(scores) - _one_hot(scores, label)) ** 2))
    below = _below_largest(scores)
    if below[label] < 0:
        return float(np.log(np.exp(below).sum()) - below[label])
    others = np.delete(below, label)
    return float(np.log1p(np.exp(others).sum()))


def loss_slope(scores: NDArray[Any], label: int, loss: str) -> Floats:
    """The derivative of that loss with respect to each score, (classes,).

    Of the cross-entropy it is p - y, with y = 1 for the true class and 0 for the others.
    """
    p = probabilities(scores)
    error = p - _one_hot(scores, label)
    return through_softmax(p, 2 * error / len(p)) if loss == "mse" else error


def _backward(network: Network, forward: ForwardPass, slope: NDArray[Any]) -> Gradients:
    """From the derivative with respect to the scores, (classes,), to all others, by the chain rule."""
    gradient = np.asarray(slope, np.float32)
    sums: list[Array] = [gradient]
    alphas: list[Array | None] = [None]
    for index in reversed(range(len(network.layers) - 1)):
        layer, z = network.layers[index], forward.preactivations[index][0]
        gradient = _through_weights(gradient, network.layers[index + 1])
        alphas.append(None if layer.alpha is None else _product(gradient, np.minimum(z, np.float32(0))))
        gradient = _product(gradient, derivative(layer.activation, z, layer.alpha))
        sums.append(gradient)
    layer_inputs = (forward.inputs[0], *(outputs[0] for outputs in forward.activations[:-1]))
    inputs = _through_weights(gradient, network.layers[0])
    return Gradients(inputs, layer_inputs, tuple(sums[::-1]), tuple(alphas[::-1]))


def _through_weights(gradient: Array, layer: Layer) -> Array:
    """From a layer's weighted sums, (units,), to what entered it, (inputs,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        result = np.asarray(layer.kernel @ gradient)
    if np.isfinite(result).all():
        return result
    # Infinities of both signs would cancel to NaN: add up in float64, which cannot overflow here.
    return _finite(np.asarray(layer.kernel.astype(np.float64) @ gradient.astype(np.float64)))


def _product(gradient: Array, factor: Array) -> Array:
    with np.errstate(over="ignore"):
        return _finite(gradient * factor)


def _finite(values: NDArray[Any]) -> Array:
    return np.asarray(np.clip(values, -LARGEST, LARGEST), np.float32)


def _below_largest(scores: NDArray[Any]) -> Floats:
    wide = np.asarray(scores, np.float64)
    return np.asarray(wide - wide.max())


def _one_hot(scores: NDArray[Any], label: int) -> Floats:
    target = np.zeros(len(scores))
    target[label] = 1
    return target
