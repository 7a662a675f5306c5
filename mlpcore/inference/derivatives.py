"""The derivatives of the activation functions in NumPy, in float32, by which backpropagation multiplies gradients.

Where a function has a kink or a jump, the derivative is the one that Keras takes on TensorFlow: ReLU and PReLU 0 at 0,
Leaky ReLU its small slope 0.2, SELU its scale, hard sigmoid 0 at both ends. The step function's is 0 everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mlpcore.inference.activations import LARGEST, SELU_ALPHA, SELU_SCALE, Array, erf, sigmoid, softplus

Floats = NDArray[np.float64]

_ZERO, _ONE, _HALF = np.float32(0), np.float32(1), np.float32(0.5)


def _sigmoid(x: Array) -> Array:
    y = sigmoid(x)
    return y * (1 - y)


def _silu(x: Array) -> Array:
    y = sigmoid(x)
    return y * (1 + x * (1 - y))


def _gelu(x: Array) -> Array:
    """The normal distribution's cumulative function plus x times its density."""
    density = np.exp(-_HALF * x * x) * np.float32(1 / math.sqrt(2 * math.pi))
    return np.asarray(_HALF + _HALF * erf(x * np.float32(math.sqrt(0.5))) + x * density)


def _mish(x: Array) -> Array:
    y = np.tanh(softplus(x))
    return np.asarray(y + x * (1 - y * y) * sigmoid(x))


DERIVATIVES: dict[str, Callable[[Array], Array]] = {
    "step": np.zeros_like,
    "linear": np.ones_like,
    "sigmoid": _sigmoid,
    "tanh": lambda x: 1 - np.tanh(x) ** 2,
    "relu": lambda x: (x > 0).astype(np.float32),
    "softplus": sigmoid,
    "softsign": lambda x: np.asarray(_ONE / (_ONE + np.abs(x)) ** 2, np.float32),
    "leaky_relu": lambda x: np.where(x > 0, _ONE, np.float32(0.2)),
    "elu": lambda x: np.exp(np.minimum(x, _ZERO)),
    "selu": lambda x: SELU_SCALE * np.where(x >= 0, _ONE, SELU_ALPHA * np.exp(np.minimum(x, _ZERO))),
    "gelu": _gelu,
    "silu": _silu,
    "mish": _mish,
    "hard_sigmoid": lambda x: ((x > -3) & (x < 3)).astype(np.float32) / np.float32(6),
    "exponential": np.exp,
}
"""The derivative of each function in `activations.FUNCTIONS`, element by element."""


def derivative(name: str, x: Array, alpha: Array | None = None) -> Array:
    """The slope of the activation `name`, a key of choices.ACTIVATIONS, at `x` (n, units).

    `alpha` (units,) holds PReLU's slopes. What overflows float32 saturates: finite in, finite out.
    """
    with np.errstate(over="ignore", under="ignore"):
        if name == "prelu":
            if alpha is None:
                raise ValueError("PReLU needs its alpha")
            return np.where(x > 0, _ONE, np.where(x < 0, alpha, _ZERO)).astype(np.float32)
        return np.clip(DERIVATIVES[name](x), -LARGEST, LARGEST)


def through_softmax(probabilities: Floats, gradient: Floats) -> Floats:
    """From a gradient with respect to a softmax's output to that with respect to its input, over the last axis.

    The softmax's Jacobian is diag(p) - p p'; `probabilities` p and `gradient` are (..., classes).
    """
    return np.asarray(probabilities * (gradient - (probabilities * gradient).sum(axis=-1, keepdims=True)))
