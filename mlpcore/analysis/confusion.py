"""Which classes a network confuses: the confusion matrix, and precision, recall and F1 of each class."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.predictions import Predictions

Counts = NDArray[np.intp]


@dataclass(frozen=True)
class ConfusedPair:
    """`count` examples of the class `label` were predicted as `predicted`, which is `share` (0..1) of that class."""

    label: int
    predicted: int
    count: int
    share: float


@dataclass(frozen=True, eq=False)
class ConfusionMatrix:
    """`counts` (classes, classes): how many examples of the class of a row were predicted as the class of a column.

    A measure whose denominator is 0 is 0, as in scikit-learn with `zero_division=0`: the precision of a class that is
    never predicted, the recall of a class without examples, and the F1 of a class that is neither.
    """

    counts: Counts

    @property
    def classes(self) -> int:
        """The number of classes."""
        return len(self.counts)

    @cached_property
    def examples(self) -> Counts:
        """How many examples each class has, (classes,)."""
        return np.asarray(self.counts.sum(axis=1))

    @cached_property
    def predicted(self) -> Counts:
        """How often each class is predicted, (classes,)."""
        return np.asarray(self.counts.sum(axis=0))

    @cached_property
    def correct(self) -> Counts:
        """How many examples of each class are predicted correctly, (classes,): the true positives."""
        return np.asarray(np.diagonal(self.counts))

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """The counts as shares of their row, the true class: (classes, classes)."""
        return _ratio(self.counts, self.examples[:, None])

    @cached_property
    def precision(self) -> NDArray[np.float64]:
        """Of all that are predicted as class k, the share that are of class k: TP / (TP + FP), (classes,)."""
        return _ratio(self.correct, self.predicted)

    @cached_property
    def recall(self) -> NDArray[np.float64]:
        """Of all examples of class k, the share that are predicted as k: TP / (TP + FN), (classes,)."""
        return _ratio(self.correct, self.examples)

    @cached_property
    def f1(self) -> NDArray[np.float64]:
        """The harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN), (classes,)."""
        return _ratio(2 * self.correct, self.examples + self.predicted)

    def most_confused(self, limit: int = 3) -> list[ConfusedPair]:
        """The largest cells off the diagonal, the largest first, at most `limit`; empty ones are left out."""
        mistakes = np.where(np.eye(self.classes, dtype=bool), 0, self.counts)
        order = np.argsort(-mistakes, axis=None, kind="stable")[:limit]
        cells = [(int(index) // self.classes, int(index) % self.classes) for index in order]
        return [
            ConfusedPair(label, predicted, int(mistakes[label, predicted]), float(self.shares[label, predicted]))
            for label, predicted in cells
            if mistakes[label, predicted]
        ]


def confusion_matrix(predictions: Predictions) -> ConfusionMatrix:
    """The confusion matrix of a network's predictions."""
    classes = predictions.probabilities.shape[1]
    cells = predictions.labels * classes + predictions.predicted
    return ConfusionMatrix(np.bincount(cells, minlength=classes * classes).reshape(classes, classes))


def _ratio(part: Any, whole: Any) -> NDArray[np.float64]:
    """part / whole, and 0 where there is no whole."""
    return np.asarray(np.divide(part, whole, out=np.zeros(np.shape(part)), where=np.asarray(whole) > 0))
