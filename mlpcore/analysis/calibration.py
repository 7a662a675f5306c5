"""Whether a network's confidence agrees with its accuracy.

Bins, reliability diagram and expected calibration error: Guo et al. 2017, "On Calibration of Modern Neural Networks".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.predictions import Predictions

BINS = 10

Verdict = Literal["over", "under", "calibrated"]


@dataclass(frozen=True)
class Bin:
    """The `count` examples whose confidence lies above `low` and up to `high`, all from 0 to 1.

    `confidence` and `accuracy` are their means, 0 in an empty bin.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Calibration:
    """The bins of a reliability diagram, and the same over all examples.

    `confidence` is the mean probability of the predicted classes, `accuracy` the share of correct ones. `error` is the
    expected calibration error: the mean over all examples of |accuracy - confidence| of their bin. `standard_error` is
    the standard deviation of `accuracy - confidence` for a perfectly calibrated network: sqrt(sum p (1 - p)) / n.
    """

    bins: tuple[Bin, ...]
    confidence: float
    accuracy: float
    error: float
    standard_error: float

    @property
    def gap(self) -> float:
        """Confidence minus accuracy: above 0 where the network is overconfident."""
        return self.confidence - self.accuracy

    @property
    def verdict(self) -> Verdict:
        """Over- or underconfident where the gap lies outside the 95 % interval of a perfectly calibrated network."""
        if abs(self.gap) <= 1.96 * self.standard_error:
            return "calibrated"
        return "over" if self.gap > 0 else "under"


def calibration(predictions: Predictions, bins: int = BINS) -> Calibration:
    """The calibration of a network's predictions in bins of equal width, each without its lower edge."""
    confidence, correct = predictions.confidence.astype(np.float64), predictions.correct
    edges, numbers = np.linspace(0, 1, bins + 1), bin_numbers(predictions, bins)
    counts = np.bincount(numbers, minlength=bins)
    divisors = np.maximum(counts, 1)
    confidences = np.bincount(numbers, confidence, bins) / divisors
    accuracies = np.bincount(numbers, correct, bins) / divisors
    rows = zip(edges[:-1], edges[1:], counts, confidences, accuracies, strict=True)
    error = float(np.sum(counts * np.abs(accuracies - confidences)) / len(confidence))
    variance = float(np.sum(np.maximum(0, confidence * (1 - confidence))))
    return Calibration(
        tuple(
            Bin(float(low), float(high), int(count), float(mean), float(accuracy))
            for low, high, count, mean, accuracy in rows
        ),
        float(confidence.mean()),
        float(correct.mean()),
        error,
        math.sqrt(variance) / len(confidence),
    )


def bin_numbers(predictions: Predictions, bins: int = BINS) -> NDArray[np.intp]:
    """The bin in which the confidence of each prediction lies, counted from 0, (n,)."""
    edges = np.linspace(0, 1, bins + 1, dtype=np.float32)
    return np.asarray(np.searchsorted(edges[1:-1], predictions.confidence, side="left"))
