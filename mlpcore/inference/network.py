"""A trained network as values, and its forward pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.inference.activations import LARGEST, Array, activate


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
class Network:
    """A trained network: its layers, the softmax last, and what inputs it was trained on.

    `scale` is what the dataset's raw values were divided by, `epoch` the epoch after which it was taken.
    """

    layers: tuple[Layer, ...]
    dataset: str
    input_shape: tuple[int, ...]
    scale: float
    epoch: int

    def forward(self, inputs: NDArray[Any]) -> list[Array]:
        """The activations of every layer, the output's softmax last: each (n, units) float32.

        `inputs` is (n, *input_shape), finite and already divided by `scale`.
        """
        return self._run(inputs)[1]

    def logits(self, inputs: NDArray[Any]) -> Array:
        """What the softmax receives: (n, *input_shape) -> (n, classes)."""
        return self._run(inputs)[0]

    def probabilities(self, inputs: NDArray[Any]) -> Array:
        """The softmax's output: (n, *input_shape) -> (n, classes) float32, each row adding up to 1."""
        return self.forward(inputs)[-1]

    def _run(self, inputs: NDArray[Any]) -> tuple[Array, list[Array]]:
        flow = np.asarray(inputs, np.float32).reshape(len(inputs), self.layers[0].kernel.shape[0])
        outputs = []
        for layer in self.layers:
            z = layer.preactivations(flow)
            flow = activate(layer.activation, z, layer.alpha)
            outputs.append(flow)
        return z, outputs
