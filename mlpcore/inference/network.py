"""A trained network as values, and its forward pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.inference.activations import LARGEST, Array, activate
from mlpcore.pictures.deskew import deskewed


@dataclass(frozen=True)
class Layer:
    """A dense layer: kernel (inputs, units), bias (units,), its activation, and PReLU's alpha (units,)."""

    kernel: Array
    bias: Array
    activation: str
    alpha: Array | None = None

    def preactivations(self, inputs: Array) -> Array:
        """What goes into the activation: (n, inputs) -> (n, units)."""
        with np.errstate(over="ignore", invalid="ignore"):
            z = np.asarray(inputs @ self.kernel + self.bias)
        if np.isfinite(z).all():
            return z
        # Infinities of both signs would cancel to NaN: add up in float64, which cannot overflow here.
        wide = inputs.astype(np.float64) @ self.kernel.astype(np.float64) + self.bias
        return np.clip(wide, -LARGEST, LARGEST).astype(np.float32)


@dataclass(frozen=True)
class Pass:
    """What a forward pass computed for n examples: all float32.

    `received` is what entered the first layer, (n, inputs); `preactivations` are the weighted sums with bias that go
    into each layer's activation, `activations` what comes out, each (n, units). The output's softmax is the last.
    """

    received: Array
    preactivations: tuple[Array, ...]
    activations: tuple[Array, ...]


@dataclass(frozen=True)
class Network:
    """A trained network: its layers, the softmax last, and what inputs it was trained on.

    `scale` is what the dataset's raw values were divided by, `epoch` the epoch after which it was taken, `prepare`
    what happens to an image before the first layer, a key of choices.PREPARE.
    """

    layers: tuple[Layer, ...]
    dataset: str
    input_shape: tuple[int, ...]
    scale: float
    epoch: int
    prepare: str = "none"

    def received(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        """What enters the network of these inputs, (n, *input_shape): straightened where it was trained so.

        Straightened pictures have the grey levels of the dataset's, as they had in training.
        """
        given, scale = np.asarray(inputs, np.float32), np.float32(self.scale)
        return np.round(deskewed(given * scale)) / scale if self.prepare == "deskew" else given

    def run(self, inputs: NDArray[Any]) -> Pass:
        """All that the forward pass computes; `inputs` as for `forward`."""
        received = self.received(inputs).reshape(len(inputs), self.layers[0].kernel.shape[0])
        flow, sums, outputs = received, [], []
        for layer in self.layers:
            sums.append(layer.preactivations(flow))
            flow = activate(layer.activation, sums[-1], layer.alpha)
            outputs.append(flow)
        return Pass(received, tuple(sums), tuple(outputs))

    def forward(self, inputs: NDArray[Any]) -> list[Array]:
        """The activations of every layer, the output's softmax last: each (n, units) float32.

        `inputs` is (n, *input_shape), finite and already divided by `scale`, but not yet prepared.
        """
        return list(self.run(inputs).activations)

    def logits(self, inputs: NDArray[Any]) -> Array:
        """What the softmax receives: (n, *input_shape) -> (n, classes)."""
        return self.run(inputs).preactivations[-1]

    def probabilities(self, inputs: NDArray[Any]) -> Array:
        """The softmax's output: (n, *input_shape) -> (n, classes) float32, each row adding up to 1."""
        return self.run(inputs).activations[-1]
