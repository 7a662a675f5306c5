"""What a stretch of training changed: how far the weights moved, and which answers came out otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.answers import Answers, Indices
from mlpcore.analysis.distributions import thinned
from mlpcore.inference import Network

MOST = 250_000
"""Of more weights than these in a layer, evenly spread ones stand for all: the norms agree within about 0.3 %."""


@dataclass(frozen=True, eq=False)
class LayerWeights:
    """A layer's weights (some of them, where they are many) and its biases (units,); `whole` if they are all."""

    weights: NDArray[np.float32]
    biases: NDArray[np.float32]
    whole: bool


@dataclass(frozen=True)
class LayerChange:
    """How far a layer moved.

    `weights` is the Euclidean norm of the weights' change divided by that of the weights before, None where all were
    0. `biases` is the mean magnitude of the biases' changes, `largest` the largest one, of the unit `unit`.
    """

    weights: float | None
    biases: float
    largest: float
    unit: int


@dataclass(frozen=True, eq=False)
class AnswerChanges:
    """The test examples, by index, that were wrong and became right (`learnt`), and the other way round (`lost`)."""

    learnt: Indices
    lost: Indices
    before: float
    after: float


def weights_of(network: Network) -> tuple[LayerWeights, ...]:
    """What `layer_changes` compares, much smaller than a large network."""
    return tuple(
        LayerWeights(thinned(layer.kernel, MOST).copy(), layer.bias, layer.kernel.size <= MOST)
        for layer in network.layers
    )


def layer_changes(before: Sequence[LayerWeights], after: Sequence[LayerWeights]) -> tuple[LayerChange, ...]:
    """How far each layer moved between two epochs of the same network."""
    return tuple(_change(one, other) for one, other in zip(before, after, strict=True))


def answer_changes(before: Answers, after: Answers) -> AnswerChanges:
    """What became of the answers to the same test set."""
    return AnswerChanges(
        np.flatnonzero(~before.right & after.right),
        np.flatnonzero(before.right & ~after.right),
        before.accuracy,
        after.accuracy,
    )


def _change(before: LayerWeights, after: LayerWeights) -> LayerChange:
    old, moved = _norm(before.weights), _norm(after.weights.astype(np.float64) - before.weights)
    biases = np.abs(after.biases.astype(np.float64) - before.biases)
    unit = int(biases.argmax())
    return LayerChange(moved / old if old else None, float(biases.mean()), float(biases[unit]), unit)


def _norm(values: NDArray[np.floating]) -> float:
    return float(np.linalg.norm(values.astype(np.float64)))
