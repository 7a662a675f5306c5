"""A spec as Keras layers, optimizer and model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlpcore import inference
from mlpcore.spec import OptimizerSpec, RunSpec
from mlpcore.training import seeds
from mlpcore.training.engine import keras

_OPTIMIZERS = {
    "sgd": "SGD",
    "adam": "Adam",
    "adamw": "AdamW",
    "nadam": "Nadam",
    "rmsprop": "RMSprop",
    "adagrad": "Adagrad",
    "adadelta": "Adadelta",
    "adamax": "Adamax",
    "lion": "Lion",
}


def _step(x: Any) -> Any:
    ops = keras().ops
    return ops.cast(ops.greater_equal(x, 0.0), "float32")


def _own_activation(name: str) -> Callable[[Any], Any] | None:
    """The activations that are no name to Keras's Dense: made for each layer, applied behind a linear one."""
    if name == "step":
        return _step
    return keras().layers.PReLU() if name == "prelu" else None


@dataclass(frozen=True)
class HiddenLayer:
    """A dense layer, the activation behind it (None where Dense has it), and dropout (None where the rate is 0)."""

    dense: Any
    activation: Callable[[Any], Any] | None
    dropout: Any


class Model:
    """The layers of one network, applied to flat inputs (batch, inputs) for training, or as a Keras model."""

    def __init__(self, spec: RunSpec) -> None:
        self.spec = spec
        layers = keras().layers
        self.hidden = []
        for index, layer in enumerate(spec.hidden):
            own = _own_activation(layer.activation)
            dense = self._dense(index, layer.units, None if own else layer.activation)
            dropout = layers.Dropout(layer.dropout, seed=index) if layer.dropout else None
            self.hidden.append(HiddenLayer(dense, own, dropout))
        self.output = self._dense(len(spec.hidden), spec.info.classes, "softmax")
        self.keras_model = self._as_keras_model()
        self.variables = list(self.keras_model.trainable_variables)

    def _dense(self, index: int, units: int, activation: str | None) -> Any:
        k = keras()
        spec = self.spec
        penalty = k.regularizers.L1L2(l1=spec.l1, l2=spec.l2) if spec.l1 or spec.l2 else None
        return k.layers.Dense(
            units,
            activation=activation,
            kernel_initializer=k.initializers.GlorotUniform(seed=seeds.weights(spec.seed, index)),
            kernel_regularizer=penalty,
        )

    def _as_keras_model(self) -> Any:
        k = keras()
        shape = self.spec.info.input_shape
        inputs = k.Input(shape=shape)
        flat = k.layers.Flatten()(inputs) if len(shape) > 1 else inputs
        return k.Model(inputs, self.output(self._through_hidden(flat, None)))

    def _through_hidden(self, x: Any, training: bool | None) -> Any:
        for layer in self.hidden:
            x = layer.dense(x)
            if layer.activation is not None:
                x = layer.activation(x)
            if layer.dropout is not None:
                x = layer.dropout(x, training=training)
        return x

    def logits(self, inputs: Any, training: bool) -> Any:
        """What the softmax receives: (batch, inputs) -> (batch, classes)."""
        ops = keras().ops
        return ops.add(ops.matmul(self._through_hidden(inputs, training), self.output.kernel), self.output.bias)

    def penalty(self) -> Any:
        """The L1 and L2 terms that Keras adds to the loss: over all kernels, not the biases."""
        dense = [*(layer.dense for layer in self.hidden), self.output]
        terms = [d.kernel_regularizer(d.kernel) for d in dense if d.kernel_regularizer is not None]
        return sum(terms) if terms else 0.0

    def start_epoch(self, epoch: int) -> None:
        """Give every dropout layer the state that belongs to this epoch."""
        for index, layer in enumerate(self.hidden):
            if layer.dropout is not None:
                layer.dropout.seed_generator.state.assign(seeds.dropout(self.spec.seed, epoch, index))

    def weights(self) -> list[np.ndarray]:
        """Copies of all weights, in the order of `variables`."""
        return [variable.numpy().copy() for variable in self.variables]

    def set_weights(self, weights: list[np.ndarray]) -> None:
        """Put weights back that `weights` gave."""
        for variable, value in zip(self.variables, weights, strict=True):
            variable.assign(value)

    def as_network(self, epoch: int) -> inference.Network:
        """The network as it stands, for predictions without Keras."""
        info = self.spec.info
        layers = []
        for spec, layer in zip(self.spec.hidden, self.hidden, strict=True):
            alpha = layer.activation.alpha.numpy() if spec.activation == "prelu" else None  # type: ignore[union-attr]
            layers.append(_layer(layer.dense, spec.activation, alpha))
        layers.append(_layer(self.output, "softmax", None))
        return inference.Network(tuple(layers), self.spec.dataset, tuple(info.input_shape), info.scale, epoch)

    def compiled(self) -> Any:
        """The Keras model, compiled as the spec says, for saving: its inputs are the raw values / `info.scale`."""
        loss = "sparse_categorical_crossentropy" if self.spec.loss == "crossentropy" else "mean_squared_error"
        self.keras_model.compile(optimizer=build_optimizer(self.spec.optimizer), loss=loss, metrics=["accuracy"])
        return self.keras_model


def _layer(dense: Any, activation: str, alpha: np.ndarray | None) -> inference.Layer:
    return inference.Layer(dense.kernel.numpy(), dense.bias.numpy(), activation, alpha)


def build_optimizer(spec: OptimizerSpec) -> Any:
    """The Keras optimizer of a spec."""
    return getattr(keras().optimizers, _OPTIMIZERS[spec.name])(learning_rate=spec.learning_rate, **spec.parameters)
