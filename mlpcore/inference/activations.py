"""The activation functions and their derivatives in NumPy, by Keras's formulas and in float32.

Where a function has a kink or a jump, the derivative is the one that Keras takes on TensorFlow: ReLU and PReLU 0 at 0,
Leaky ReLU its small slope 0.2, SELU its scale, hard sigmoid 0 at both ends. The step function's is 0 everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Floats = NDArray[np.float64]

LARGEST = np.finfo(np.float32).max
_ZERO, _ONE, _HALF = np.float32(0), np.float32(1), np.float32(0.5)
_SELU_SCALE, _SELU_ALPHA = np.float32(1.0507009873554805), np.float32(1.6732632423543772)
"""The constants of Klambauer et al. 2017."""


def sigmoid(x: Array) -> Array:
    """The logistic function 1 / (1 + exp(-x)), computed without overflow."""
    z = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, np.float32(1), z) / (1 + z))


def softplus(x: Array) -> Array:
    """ln(1 + exp(x)), computed without overflow."""
    return np.logaddexp(x, _ZERO)


def _selu(x: Array) -> Array:
    return _SELU_SCALE * np.where(x > 0, x, _SELU_ALPHA * np.expm1(np.minimum(x, _ZERO)))


def _erf(x: Array) -> Array:
    """The error function with |error| < 1.5e-7 (Abramowitz & Stegun 1964, formula 7.1.26).

    Evaluated in float64, because the formula's own error is as large as float32's.
    """
    z = np.abs(x).astype(np.float64)
    t = 1 / (1 + 0.3275911 * z)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.copysign(1 - series * np.exp(-z * z), x).astype(np.float32)


def _gelu(x: Array) -> Array:
    return x * (_HALF + _HALF * _erf(x * np.float32(math.sqrt(0.5))))


FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "step": lambda x: (x >= 0).astype(np.float32),
    "linear": lambda x: x,
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, _ZERO),
    "softplus": softplus,
    "softsign": lambda x: x / (1 + np.abs(x)),
    "leaky_relu": lambda x: np.where(x >= 0, x, np.float32(0.2) * x),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, _ZERO))),
    "selu": _selu,
    "gelu": _gelu,
    "silu": lambda x: x * sigmoid(x),
    "mish": lambda x: x * np.tanh(softplus(x)),
    "hard_sigmoid": lambda x: np.clip(x + 3, _ZERO, np.float32(6)) / np.float32(6),
    "exponential": np.exp,
}


def softmax(x: Array) -> Array:
    """Probabilities from logits, over the last axis."""
    z = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(z / z.sum(axis=-1, keepdims=True))


def activate(name: str, x: Array, alpha: Array | None = None) -> Array:
    """The activation `name`, a key of choices.ACTIVATIONS or "softmax", of `x` (n, units).

    `alpha` (units,) holds PReLU's slopes. What overflows float32 saturates: finite in, finite out.
    """
    with np.errstate(over="ignore", under="ignore"):
        if name == "softmax":
            return softmax(x)
        if name == "prelu":
            if alpha is None:
                raise ValueError("PReLU needs its alpha")
            return np.clip(np.maximum(x, _ZERO) + alpha * np.minimum(x, _ZERO), -LARGEST, LARGEST)
        return np.clip(FUNCTIONS[name](x), -LARGEST, LARGEST)


def _sigmoid_slope(x: Array) -> Array:
    y = sigmoid(x)
    return y * (1 - y)


def _silu_slope(x: Array) -> Array:
    y = sigmoid(x)
    return y * (1 + x * (1 - y))


def _gelu_slope(x: Array) -> Array:
    """The normal distribution's cumulative function plus x times its density."""
    density = np.exp(-_HALF * x * x) * np.float32(1 / math.sqrt(2 * math.pi))
    return np.asarray(_HALF + _HALF * _erf(x * np.float32(math.sqrt(0.5))) + x * density)


def _mish_slope(x: Array) -> Array:
    y = np.tanh(softplus(x))
    return np.asarray(y + x * (1 - y * y) * sigmoid(x))


DERIVATIVES: dict[str, Callable[[Array], Array]] = {
    "step": np.zeros_like,
    "linear": np.ones_like,
    "sigmoid": _sigmoid_slope,
    "tanh": lambda x: 1 - np.tanh(x) ** 2,
    "relu": lambda x: (x > 0).astype(np.float32),
    "softplus": sigmoid,
    "softsign": lambda x: np.asarray(_ONE / (_ONE + np.abs(x)) ** 2, np.float32),
    "leaky_relu": lambda x: np.where(x > 0, _ONE, np.float32(0.2)),
    "elu": lambda x: np.exp(np.minimum(x, _ZERO)),
    "selu": lambda x: _SELU_SCALE * np.where(x >= 0, _ONE, _SELU_ALPHA * np.exp(np.minimum(x, _ZERO))),
    "gelu": _gelu_slope,
    "silu": _silu_slope,
    "mish": _mish_slope,
    "hard_sigmoid": lambda x: ((x > -3) & (x < 3)).astype(np.float32) / np.float32(6),
    "exponential": np.exp,
}
"""The derivative of each function in `FUNCTIONS`, element by element."""


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
