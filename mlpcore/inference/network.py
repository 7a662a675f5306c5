"""A trained network as values, and its forward pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.inference.activations import LARGEST, Array, activate
from mlpcore.pictures.digit_geometry import deskewed


@dataclass(frozen=True)
class Layer:
    """A dense layer: kernel (inputs, units), bias (units,), its activation, and PReLU's alpha (units,)."""

    kernel: Array
    bias: Array
    activation: str
    alpha: Array | None = None

    def preactivations(self, inputs: Array) -> Array:
        """The weighted sums with bias that go into the activation function: (n, inputs) -> (n, units)."""
        with np.errstate(over="ignore", invalid="ignore"):
            z = np.asarray(inputs @ self.kernel + self.bias)
        if np.isfinite(z).all():
            return z
        # Infinities of both signs would cancel to NaN: add up in float64, which cannot overflow here.
        sums = inputs.astype(np.float64) @ self.kernel.astype(np.float64) + self.bias
        return np.clip(sums, -LARGEST, LARGEST).astype(np.float32)


@dataclass(frozen=True)
class ForwardPass:
    """The values of a forward pass for n examples, all float32.

    `inputs` are the prepared ones that entered the first layer, (n, inputs). For each layer, `preactivations` are the
    weighted sums with bias that go into its activation function, `activations` the outputs of that, each (n, units);
    the output layer's softmax is the last.
    """

    inputs: Array
    preactivations: tuple[Array, ...]
    activations: tuple[Array, ...]


@dataclass(frozen=True)
class Network:
    """A trained network: its layers, the softmax last, and the inputs that it was trained on.

    `scale` is the number by which the dataset's raw values were divided, `epoch` the one after which the network was
    saved, `prepare` the key in choices.PREPARE of what happens to an image before the first layer. `run` is the name of
    the run whose `member` (counted from 0) it is; both are None where that is not known.
    """

    layers: tuple[Layer, ...]
    dataset: str
    input_shape: tuple[int, ...]
    scale: float
    epoch: int
    prepare: str = "none"
    run: str | None = None
    member: int | None = None

    def prepared_inputs(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        """What enters the first layer for these inputs, (n, *input_shape): straightened if the training images were.

        Straightened pictures are rounded to the dataset's grey levels, as they were in training.
        """
        values, scale = np.asarray(inputs, np.float32), np.float32(self.scale)
        return np.round(deskewed(values * scale)) / scale if self.prepare == "deskew" else values

    def forward(self, inputs: NDArray[Any]) -> ForwardPass:
        """All that the forward pass computes.

        `inputs` is (n, *input_shape), finite and already divided by `scale`, but not yet prepared.
        """
        prepared = self.prepared_inputs(inputs).reshape(len(inputs), self.layers[0].kernel.shape[0])
        layer_inputs, preactivations, activations = prepared, [], []
        for layer in self.layers:
            preactivations.append(layer.preactivations(layer_inputs))
            layer_inputs = activate(layer.activation, preactivations[-1], layer.alpha)
            activations.append(layer_inputs)
        return ForwardPass(prepared, tuple(preactivations), tuple(activations))

    def probabilities(self, inputs: NDArray[Any]) -> Array:
        """The softmax's output: (n, *input_shape) -> (n, classes) float32, each row adding up to 1."""
        return self.forward(inputs).activations[-1]
