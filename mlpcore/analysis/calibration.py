"""Whether a network is right as often as it is sure: Guo et al. 2017, On Calibration of Modern Neural Networks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.answers import Answers

BINS = 10

Verdict = Literal["over", "under", "even"]


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

    `confidence` is the mean probability of the answers, `accuracy` the share of right ones. `error` is the expected
    calibration error: the mean over all examples of |accuracy - confidence| of their bin. `chance` is the standard
    deviation that `accuracy - confidence` has in a network whose confidences are true: sqrt(sum p (1 - p)) / n.
    """

    bins: tuple[Bin, ...]
    confidence: float
    accuracy: float
    error: float
    chance: float

    @property
    def gap(self) -> float:
        """How much surer than right the network is: above 0 where it is overconfident."""
        return self.confidence - self.accuracy

    @property
    def verdict(self) -> Verdict:
        """Whether it is surer than right, or less sure, by more than chance brings about in 95 of 100 cases."""
        if abs(self.gap) <= 1.96 * self.chance:
            return "even"
        return "over" if self.gap > 0 else "under"


def calibration(answers: Answers, bins: int = BINS) -> Calibration:
    """The calibration of a network's answers in bins of equal width, each without its lower edge."""
    sure, right = answers.confidence.astype(np.float64), answers.right
    edges, place = np.linspace(0, 1, bins + 1), places(answers, bins)
    counts = np.bincount(place, minlength=bins)
    members = np.maximum(counts, 1)
    confidences = np.bincount(place, sure, bins) / members
    accuracies = np.bincount(place, right, bins) / members
    found = tuple(
        Bin(float(low), float(high), int(count), float(confidence), float(accuracy))
        for low, high, count, confidence, accuracy in zip(
            edges[:-1], edges[1:], counts, confidences, accuracies, strict=True
        )
    )
    error = float(np.sum(counts * np.abs(accuracies - confidences)) / len(sure))
    chance = math.sqrt(float(np.sum(np.maximum(0, sure * (1 - sure))))) / len(sure)
    return Calibration(found, float(sure.mean()), float(right.mean()), error, chance)


def places(answers: Answers, bins: int = BINS) -> NDArray[np.intp]:
    """The bin in which the confidence of each answer lies, counted from 0, (n,)."""
    edges = np.linspace(0, 1, bins + 1, dtype=np.float32)
    return np.asarray(np.searchsorted(edges[1:-1], answers.confidence, side="left"))
