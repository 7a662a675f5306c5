"""What a network predicts for a whole test set, which examples are worth a look, and which network predicts best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.sampling import BATCH, Indices, scaled
from mlpcore.datasets import TestSet
from mlpcore.inference import Network

Key = TypeVar("Key")


@dataclass(frozen=True, eq=False)
class Predictions:
    """`probabilities` (n, classes) float32 for the examples of a test set, and their true classes, `labels` (n,)."""

    probabilities: NDArray[np.float32]
    labels: NDArray[np.intp]

    @cached_property
    def predicted(self) -> NDArray[np.intp]:
        """The most probable class of each example, (n,); the first of equally probable ones."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @cached_property
    def confidence(self) -> NDArray[np.float32]:
        """The probability of the predicted class, (n,)."""
        return np.asarray(self.probabilities.max(axis=1))

    @cached_property
    def correct(self) -> NDArray[np.bool_]:
        """Whether the predicted class is the true one, (n,)."""
        return np.asarray(self.predicted == self.labels)

    @property
    def accuracy(self) -> float:
        """The share of examples whose prediction is correct."""
        return float(self.correct.mean())

    @property
    def mean_true_probability(self) -> float:
        """The mean probability of the true class."""
        return float(self.probabilities[np.arange(len(self.labels)), self.labels].mean())

    def all_examples(self) -> Indices:
        """All examples, in the order of the test set."""
        return np.arange(len(self.labels))

    def mistakes(self) -> Indices:
        """The examples whose prediction is wrong, in the order of the test set."""
        return np.flatnonzero(~self.correct)

    def confident_mistakes(self) -> Indices:
        """The examples whose prediction is wrong, those with the highest confidence first."""
        wrong = self.mistakes()
        return wrong[np.argsort(-self.confidence[wrong], kind="stable")]

    def of_class(self, label: int) -> Indices:
        """The examples of one true class."""
        return np.flatnonzero(self.labels == label)

    def of_cell(self, label: int, predicted: int) -> Indices:
        """The examples of one true class that are predicted as this one: a cell of the confusion matrix."""
        return np.flatnonzero((self.labels == label) & (self.predicted == predicted))


def predict_test_set(network: Network, test: TestSet) -> Predictions:
    """The network's predictions for all examples of a test set."""
    batches = [
        network.probabilities(scaled(test, slice(start, start + BATCH))) for start in range(0, len(test.labels), BATCH)
    ]
    return Predictions(np.concatenate(batches), test.labels.astype(np.intp))


def best_first(predictions: Mapping[Key, Predictions]) -> list[Key]:
    """The keys by correct predictions, most first; ties go to the higher mean probability of the true classes."""
    return sorted(
        predictions, key=lambda key: (-predictions[key].correct.sum(), -predictions[key].mean_true_probability)
    )
