"""Many networks of one shape as one: each layer holds the kernels of all members, (members, inputs, units)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.spec import OptimizerSpec, RunSpec
from mlpcore.spec.choices import OPTIMIZERS
from mlpcore.training import counter_rng
from mlpcore.training.augmentation import augmented
from mlpcore.training.backend import keras
from mlpcore.training.member_seeds import weight_seed

ops = keras.ops


def activation(name: str) -> Callable[[Any], Any]:
    """The function of an activation's name; PReLU is not among them, because it has weights."""
    if name == "step":
        return lambda x: ops.cast(ops.greater_equal(x, 0.0), "float32")
    function: Callable[[Any], Any] = keras.activations.get(name)
    return function


class StackedDense(keras.layers.Layer):  # type: ignore[misc]
    """`keras.layers.Dense` for each member: kernels (members, inputs, units), biases (members, 1, units).

    With the activation `prelu` each unit of each member has its own slope, (members, 1, units), which starts at 0 as
    in `keras.layers.PReLU`. A batched matrix product is a third faster here than `keras.layers.EinsumDense`.
    """

    def __init__(self, members: int, inputs: int, units: int, activation_name: str) -> None:
        super().__init__()
        self.kernel = self.add_weight(shape=(members, inputs, units), initializer="zeros", name="kernel")
        self.bias = self.add_weight(shape=(members, 1, units), initializer="zeros", name="bias")
        has_slope = activation_name == "prelu"
        self.slope = (
            self.add_weight(shape=(members, 1, units), initializer="zeros", name="slope") if has_slope else None
        )
        self.activation = self._prelu if has_slope else activation(activation_name)
        self.built = True

    def _prelu(self, x: Any) -> Any:
        return ops.relu(x) - self.slope * ops.relu(-x)

    def call(self, inputs: Any) -> Any:
        """(members, batch, inputs) -> (members, batch, units)."""
        return self.activation(ops.matmul(inputs, self.kernel) + self.bias)


def build_optimizer(spec: OptimizerSpec, learning_rate: Any = None) -> Any:
    """The Keras optimizer of a spec; `learning_rate` may replace the spec's, also by a callable."""
    rate = spec.learning_rate if learning_rate is None else learning_rate
    return getattr(keras.optimizers, OPTIMIZERS[spec.name].label)(learning_rate=rate, **spec.parameters)


class Stack:
    """The layers of `members` networks, their optimizer and their learning rates; one step's arithmetic.

    `variables` are the weights, layer by layer: kernel (members, inputs, units), bias (members, 1, units), and
    PReLU's slopes (members, 1, units).
    """

    def __init__(self, spec: RunSpec, members: int) -> None:
        self.spec = spec
        self.members = members
        widths = [spec.info.inputs, *(layer.units for layer in spec.hidden), spec.info.classes]
        activations = [*(layer.activation for layer in spec.hidden), "linear"]
        self.dense = [
            StackedDense(members, inputs, units, name)
            for inputs, units, name in zip(widths[:-1], widths[1:], activations, strict=True)
        ]
        self.variables = [variable for layer in self.dense for variable in layer.trainable_variables]
        self.rates = keras.Variable(np.zeros((members, 1, 1), "float32"), trainable=False)
        self.optimizer = build_optimizer(spec.optimizer, lambda: self.rates.value)
        self.optimizer.build(self.variables)

    def initial_weights(self, seeds: list[int]) -> list[NDArray[Any]]:
        """The weights of untrained networks with these seeds, in the order of `variables`."""
        weights = []
        for index, layer in enumerate(self.dense):
            for variable in layer.trainable_variables:
                shape = variable.shape[1:]
                if variable is layer.kernel:
                    initializers = [keras.initializers.GlorotUniform(seed=weight_seed(seed, index)) for seed in seeds]
                    kernels = [ops.convert_to_numpy(initializer(shape)) for initializer in initializers]
                    weights.append(np.stack(kernels))
                else:
                    weights.append(np.zeros((len(seeds), *shape), np.float32))
        return weights

    def logits(self, inputs: Any, keys: Any = None, step: Any = None) -> Any:
        """The logits, which softmax turns into probabilities: (members, batch, inputs) -> (members, batch, classes).

        `keys` and `step` draw the dropout masks; without them no unit is dropped.
        """
        x = inputs
        for index, spec in enumerate(self.spec.hidden):
            x = self.dense[index](x)
            if spec.dropout and keys is not None:
                first = step * ops.convert_to_tensor(x.shape[1] * x.shape[2], "uint32")
                x = counter_rng.dropout(x, spec.dropout, keys[:, index + 1], first)
        return self.dense[-1](x)

    def losses(self, logits: Any, labels: Any, used: Any) -> tuple[Any, Any, Any]:
        """Each member's loss with its penalty, correct predictions and examples, float32 (members,) each.

        `logits` (members, batch, classes), `labels` int32 (members, batch); `used` (members, batch) is 0 for examples
        that only pad a batch. As in Keras, the loss is the mean over a batch, the mean squared error also over the
        classes.
        """
        counts = ops.sum(used, axis=1)
        if self.spec.loss == "crossentropy":
            losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
        else:
            targets = ops.one_hot(labels, self.spec.info.classes)
            losses = keras.losses.mean_squared_error(targets, ops.softmax(logits))
        mean = ops.sum(losses * used, axis=1) / ops.maximum(counts, 1.0)
        correct = ops.cast(ops.equal(ops.cast(ops.argmax(logits, axis=-1), "int32"), labels), "float32")
        return mean + self._penalty(), ops.sum(correct * used, axis=1), counts

    def _penalty(self) -> Any:
        """The L1 and L2 terms that Keras adds to the loss, over all kernels but not the biases: (members,) or 0."""
        terms = []
        for layer in self.dense:
            if self.spec.l1:
                terms.append(self.spec.l1 * ops.sum(ops.abs(layer.kernel), axis=(1, 2)))
            if self.spec.l2:
                terms.append(self.spec.l2 * ops.sum(ops.square(layer.kernel), axis=(1, 2)))
        return sum(terms) if terms else 0.0

    def model_inputs(self, raw: Any, keys: Any = None, step: Any = None) -> Any:
        """Raw values (members, batch, inputs) as the first layer receives them: scaled, float32.

        With `keys` and `step` they are training images, which are augmented where the spec says so.
        """
        values = raw
        if self.spec.augment is not None and keys is not None:
            _, batch, _ = raw.shape
            images = ops.reshape(raw, (self.members, batch, *self.spec.info.input_shape))
            first = step * ops.convert_to_tensor(batch, "uint32")
            values = ops.reshape(augmented(images, self.spec.augment, keys[:, 0], first), raw.shape)
        return ops.cast(values, "float32") / float(self.spec.info.scale)
