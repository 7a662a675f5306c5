"""Which class a network takes for which: the confusion matrix, and what it says about each class."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.answers import Answers

Counts = NDArray[np.intp]


@dataclass(frozen=True)
class Pair:
    """`count` examples of the class `label` got the answer `answer`, which is `share` (0..1) of that class."""

    label: int
    answer: int
    count: int
    share: float


@dataclass(frozen=True, eq=False)
class Confusion:
    """`counts` (classes, classes): how many examples of the class of a row got the answer of a column.

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
        """How often each class is the answer, (classes,)."""
        return np.asarray(self.counts.sum(axis=0))

    @cached_property
    def hits(self) -> Counts:
        """How many examples of each class are right, (classes,)."""
        return np.asarray(np.diagonal(self.counts))

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """The counts as shares of their row, which is the class that the examples are of: (classes, classes)."""
        return _ratio(self.counts, self.examples[:, None])

    @cached_property
    def precision(self) -> NDArray[np.float64]:
        """Of all that get the answer k, the share that are of class k: TP / (TP + FP), (classes,)."""
        return _ratio(self.hits, self.predicted)

    @cached_property
    def recall(self) -> NDArray[np.float64]:
        """Of all examples of class k, the share that get the answer k: TP / (TP + FN), (classes,)."""
        return _ratio(self.hits, self.examples)

    @cached_property
    def f1(self) -> NDArray[np.float64]:
        """The harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN), (classes,)."""
        return _ratio(2 * self.hits, self.examples + self.predicted)

    def most_confused(self, most: int = 3) -> list[Pair]:
        """The largest cells off the diagonal, the largest first; none that are empty."""
        mistakes = np.where(np.eye(self.classes, dtype=bool), 0, self.counts)
        order = np.argsort(-mistakes, axis=None, kind="stable")[:most]
        cells = [(int(place) // self.classes, int(place) % self.classes) for place in order]
        return [
            Pair(label, answer, int(mistakes[label, answer]), float(self.shares[label, answer]))
            for label, answer in cells
            if mistakes[label, answer]
        ]


def confusion(answers: Answers) -> Confusion:
    """The confusion matrix of a network's answers."""
    classes = answers.probabilities.shape[1]
    places = answers.labels * classes + answers.predicted
    return Confusion(np.bincount(places, minlength=classes * classes).reshape(classes, classes))


def _ratio(part: Any, whole: Any) -> NDArray[np.float64]:
    """part / whole, and 0 where there is no whole."""
    return np.asarray(np.divide(part, whole, out=np.zeros(np.shape(part)), where=np.asarray(whole) > 0))
