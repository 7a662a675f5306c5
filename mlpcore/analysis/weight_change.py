"""What changed between two epochs of training: the weights of each layer, and which predictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.predictions import Predictions
from mlpcore.analysis.sampling import Indices, thinned
from mlpcore.inference import Network

MAX_WEIGHTS = 250_000
"""If a layer has more weights than this, only evenly spread ones are compared: the norms agree within about 0.3 %."""


@dataclass(frozen=True, eq=False)
class LayerWeights:
    """A layer's weights (a sample of them in a large layer) and its biases (units,); `whole` if all are included."""

    weights: NDArray[np.float32]
    biases: NDArray[np.float32]
    whole: bool


@dataclass(frozen=True)
class LayerChange:
    """How much a layer changed.

    `weights` is ‖W_after - W_before‖ / ‖W_before‖ with Euclidean norms, None where all weights were 0 before.
    `biases` is the mean magnitude of the biases' changes, `largest` the largest one, of the unit `unit`.
    """

    weights: float | None
    biases: float
    largest: float
    unit: int


@dataclass(frozen=True, eq=False)
class PredictionChanges:
    """The test examples, by index, that were wrong and became right (`learned`), and the other way round (`lost`).

    `before` and `after` are the accuracies.
    """

    learned: Indices
    lost: Indices
    before: float
    after: float


def weights_of(network: Network) -> tuple[LayerWeights, ...]:
    """What `layer_changes` compares, much smaller than a large network."""
    return tuple(
        LayerWeights(thinned(layer.kernel, MAX_WEIGHTS).copy(), layer.bias, layer.kernel.size <= MAX_WEIGHTS)
        for layer in network.layers
    )


def layer_changes(before: Sequence[LayerWeights], after: Sequence[LayerWeights]) -> tuple[LayerChange, ...]:
    """How much each layer changed between two epochs of the same network."""
    return tuple(_change(old, new) for old, new in zip(before, after, strict=True))


def prediction_changes(before: Predictions, after: Predictions) -> PredictionChanges:
    """What changed between two sets of predictions for the same examples."""
    return PredictionChanges(
        np.flatnonzero(~before.correct & after.correct),
        np.flatnonzero(before.correct & ~after.correct),
        before.accuracy,
        after.accuracy,
    )


def _change(before: LayerWeights, after: LayerWeights) -> LayerChange:
    old, change = _norm(before.weights), _norm(after.weights.astype(np.float64) - before.weights)
    biases = np.abs(after.biases.astype(np.float64) - before.biases)
    unit = int(biases.argmax())
    return LayerChange(change / old if old else None, float(biases.mean()), float(biases[unit]), unit)


def _norm(values: NDArray[np.floating]) -> float:
    return float(np.linalg.norm(values.astype(np.float64)))
