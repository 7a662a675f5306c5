"""The loss of one example, and its slope with respect to the scores, as the training computes them.

In float64, so that also the probability of a class that a network is sure of keeps its distance from 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.inference.derivatives import through_softmax

Floats = NDArray[np.float64]


def probabilities(scores: NDArray[Any]) -> Floats:
    """The softmax of the scores, (classes,) -> (classes,)."""
    powers = np.exp(_below_largest(scores))
    return np.asarray(powers / powers.sum())


def loss_of(scores: NDArray[Any], label: int, loss: str) -> float:
    """The loss of an example of class `label` whose scores (classes,) these are; `loss` is a key of choices.LOSSES.

    Cross-entropy is -ln of the class's probability; the mean squared error is the mean over the classes of the squared
    differences between the probabilities and 1 for the class, 0 for the others.
    """
    if loss == "mse":
        return float(np.mean((probabilities(scores) - _target(scores, label)) ** 2))
    below = _below_largest(scores)
    if below[label] < 0:
        return float(np.log(np.exp(below).sum()) - below[label])
    others = np.delete(below, label)
    return float(np.log1p(np.exp(others).sum()))


def loss_slope(scores: NDArray[Any], label: int, loss: str) -> Floats:
    """The derivative of that loss with respect to each score, (classes,)."""
    p = probabilities(scores)
    error = p - _target(scores, label)
    return through_softmax(p, 2 * error / len(p)) if loss == "mse" else error


def probability_slope(scores: NDArray[Any], label: int) -> Floats:
    """The derivative of the probability of class `label` with respect to each score, (classes,)."""
    return through_softmax(probabilities(scores), _target(scores, label))


def _below_largest(scores: NDArray[Any]) -> Floats:
    wide = np.asarray(scores, np.float64)
    return np.asarray(wide - wide.max())


def _target(scores: NDArray[Any], label: int) -> Floats:
    target = np.zeros(len(scores))
    target[label] = 1
    return target
