"""A member as an ordinary Keras model, for saving, and as a network for predictions without Keras."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore import inference
from mlpcore.import_blocker import without_unused_imports
from mlpcore.spec import RunSpec
from mlpcore.training.backend import keras
from mlpcore.training.stack import build_optimizer
from mlpcore.training.stacked_dense import activation

Weights = list[NDArray[Any]]
"""One member's weights, in the order of `Stack.variables`: kernels (inputs, units), biases and slopes (1, units)."""


class KerasModel:
    """The model of a spec, compiled as the spec says: its inputs are the prepared raw values / `info.scale`."""

    def __init__(self, spec: RunSpec) -> None:
        layers, shape = keras.layers, spec.info.input_shape
        inputs = keras.Input(shape=shape, name="inputs")
        x = layers.Flatten(name="flatten")(inputs) if len(shape) > 1 else inputs
        for number, layer in enumerate(spec.hidden, start=1):
            own = layer.activation in ("step", "prelu")
            x = _dense(spec, layer.units, None if own else layer.activation, f"dense_{number}")(x)
            if layer.activation == "prelu":
                x = layers.PReLU(name=f"prelu_{number}")(x)
            elif own:
                x = activation(layer.activation)(x)
            if layer.dropout:
                x = layers.Dropout(layer.dropout, name=f"dropout_{number}")(x)
        outputs = _dense(spec, spec.info.classes, "softmax", "outputs")(x)
        self._model = keras.Model(inputs, outputs)
        loss = "sparse_categorical_crossentropy" if spec.loss == "crossentropy" else "mean_squared_error"
        self._model.compile(optimizer=build_optimizer(spec.optimizer), loss=loss, metrics=["accuracy"])

    def save(self, weights: Weights, path: Path) -> None:
        """Write a member to a `.keras` file."""
        for variable, value in zip(self._model.trainable_variables, weights, strict=True):
            variable.assign(value.reshape(variable.shape))
        with without_unused_imports():  # with JAX, saving would load TensorFlow where it is installed: 480 MB
            self._model.save(path)


def _dense(spec: RunSpec, units: int, name: str | None, layer_name: str) -> Any:
    penalty = keras.regularizers.L1L2(l1=spec.l1, l2=spec.l2) if spec.l1 or spec.l2 else None
    return keras.layers.Dense(units, activation=name, kernel_regularizer=penalty, name=layer_name)


def as_network(spec: RunSpec, weights: Weights, epoch: int) -> inference.Network:
    """A member behind an epoch, for predictions without Keras."""
    left, layers = list(weights), []
    for name in [*(layer.activation for layer in spec.hidden), "softmax"]:
        kernel, bias = left.pop(0), left.pop(0)
        alpha = np.ravel(left.pop(0)) if name == "prelu" else None
        layers.append(inference.Layer(kernel, np.ravel(bias), name, alpha))
    info = spec.info
    return inference.Network(tuple(layers), spec.dataset, tuple(info.input_shape), info.scale, epoch, spec.prepare)
