"""What a network answers to a whole test set, and which of its examples are worth a look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mlpcore.datasets import TestSet
from mlpcore.inference import Network

BLOCK = 500
"""So many examples go through a network at once: more would need memory and save no time."""

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Answers:
    """`probabilities` (n, classes) float32 for the examples of a test set, and their true classes, `labels` (n,)."""

    probabilities: NDArray[np.float32]
    labels: NDArray[np.intp]

    @cached_property
    def predicted(self) -> NDArray[np.intp]:
        """The most probable class of each example, (n,); of equally probable ones the first."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @cached_property
    def confidence(self) -> NDArray[np.float32]:
        """The probability of the predicted class, (n,)."""
        return np.asarray(self.probabilities.max(axis=1))

    @cached_property
    def right(self) -> NDArray[np.bool_]:
        """Whether the predicted class is the true one, (n,)."""
        return np.asarray(self.predicted == self.labels)

    @property
    def accuracy(self) -> float:
        """The share of examples that are right."""
        return float(self.right.mean())

    def everything(self) -> Indices:
        """All examples, in the order of the test set."""
        return np.arange(len(self.labels))

    def wrong(self) -> Indices:
        """The examples that the network gets wrong, in the order of the test set."""
        return np.flatnonzero(~self.right)

    def confident_mistakes(self) -> Indices:
        """The wrong ones, those first of whose answer the network is most sure."""
        wrong = self.wrong()
        return wrong[np.argsort(-self.confidence[wrong], kind="stable")]

    def of_class(self, label: int) -> Indices:
        """The examples of one true class."""
        return np.flatnonzero(self.labels == label)

    def of_cell(self, label: int, answer: int) -> Indices:
        """The examples of one true class that get this answer: a cell of the confusion matrix."""
        return np.flatnonzero((self.labels == label) & (self.predicted == answer))


def answers(network: Network, test: TestSet) -> Answers:
    """The network's answers to all examples of a test set."""
    found = [
        network.probabilities(scaled(test, slice(start, start + BLOCK))) for start in range(0, len(test.labels), BLOCK)
    ]
    return Answers(np.concatenate(found), test.labels.astype(np.intp))


def scaled(test: TestSet, chosen: slice | Indices) -> NDArray[np.float32]:
    """Chosen examples of a test set as a network takes them: (n, *input_shape), raw values / scale."""
    return np.asarray(test.inputs[chosen], np.float32) / np.float32(test.info.scale)
