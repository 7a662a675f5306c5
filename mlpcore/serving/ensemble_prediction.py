"""Predictions of ensembles: the mean over their networks, its standard deviation, and the networks' votes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.sampling import scaled
from mlpcore.datasets import TestSet
from mlpcore.errors import MLPLabError
from mlpcore.inference import Network
from mlpcore.serving.ensembles import Ensemble, EnsembleSnapshot, LoadedEnsemble

SEARCH_BLOCK = 250
"""Number of examples that go through the networks at once in search of a mistake."""


@dataclass(frozen=True)
class Prediction:
    """What the networks of one run predict for one example.

    `probabilities` of the classes are means over the networks, `deviations` their sample standard deviations (None for
    a single network). `top` and `second` are the indices of the most probable classes; of `count` networks, `votes`
    have the top class as their own most probable one.
    """

    probabilities: tuple[float, ...]
    deviations: tuple[float, ...] | None
    top: int
    second: int
    votes: int
    count: int


def ensemble_prediction(outputs: NDArray[Any]) -> Prediction:
    """The prediction of networks whose softmax outputs for one example are the rows of `outputs`, (networks, classes).

    Of equally probable classes the first is the top one, as for `argmax`.
    """
    rows = np.asarray(outputs, np.float64)
    means = rows.mean(axis=0)
    deviations = tuple(map(float, rows.std(axis=0, ddof=1))) if len(rows) > 1 else None
    top, second = (int(index) for index in np.argsort(-means, kind="stable")[:2])
    votes = int((rows.argmax(axis=1) == top).sum())
    return Prediction(tuple(map(float, means)), deviations, top, second, votes, len(rows))


def mean_probabilities(networks: Sequence[Network], inputs: NDArray[Any]) -> NDArray[np.float32]:
    """The mean of what the networks predict: (n, *input_shape) -> (n, classes)."""
    return np.asarray(np.mean([network.probabilities(inputs) for network in networks], axis=0))


def vote_counts(tops: Sequence[int]) -> list[tuple[int, int]]:
    """The classes that networks predict and how many predict each, most votes first, of equals the smaller class."""
    return sorted(Counter(tops).items(), key=lambda item: (-item[1], item[0]))


def majority_class(tops: Sequence[int]) -> int | None:
    """The class that has more votes than any other; None where two have equally many."""
    first, *others = vote_counts(tops)
    return None if others and others[0][1] == first[1] else first[0]


@dataclass(frozen=True)
class EnsemblePredictions:
    """The predictions of a run's networks for one example in one or several variants.

    `snapshots` are the epochs after which they predict, `start` the index of the kept ones among them. For each
    variant, `predictions` has one prediction per snapshot, and `inputs` what enters the first network, (*input_shape).
    `problems` are those of networks that could not be loaded.
    """

    ensemble: Ensemble
    snapshots: tuple[EnsembleSnapshot, ...]
    start: int
    predictions: tuple[tuple[Prediction, ...], ...]
    inputs: tuple[NDArray[np.float32], ...]
    problems: tuple[MLPLabError, ...] = ()


def predict(loaded: LoadedEnsemble, variants: Sequence[NDArray[Any]]) -> EnsemblePredictions:
    """The predictions of the networks for one example in any number of variants, each (*input_shape)."""
    snapshots, start, problems = tuple(loaded.snapshots), loaded.start, tuple(loaded.problems)
    if not variants:
        return EnsemblePredictions(loaded.ensemble, snapshots, start, (), (), problems)
    inputs = np.stack(variants)
    outputs = [np.stack([network.probabilities(inputs) for network in networks]) for networks in loaded.networks]
    predictions = tuple(
        tuple(ensemble_prediction(of_snapshot[:, variant]) for of_snapshot in outputs) for variant in range(len(inputs))
    )
    prepared = tuple(loaded.kept[0].prepared_inputs(inputs))
    return EnsemblePredictions(loaded.ensemble, snapshots, start, predictions, prepared, problems)


def next_mistake(networks: Sequence[Network], test: TestSet, after: int) -> int | None:
    """The index of the next test example that the networks' mean classifies wrongly; None if there is none.

    The search begins after the index `after` and goes on from the first example.
    """
    return _next_example(test, after, lambda block: _top_classes(networks, test, block) != test.labels[block])


def next_disagreement(ensembles: Sequence[Sequence[Network]], test: TestSet, after: int) -> int | None:
    """The index of the next test example on which the ensembles, each by its mean, disagree.

    The search is that of `next_mistake`.
    """

    def disputed(block: NDArray[np.intp]) -> NDArray[np.bool_]:
        first, *others = (_top_classes(networks, test, block) for networks in ensembles)
        return np.asarray(np.any([first != other for other in others], axis=0))

    return _next_example(test, after, disputed)


def _next_example(test: TestSet, after: int, matches: Callable[[NDArray[np.intp]], NDArray[np.bool_]]) -> int | None:
    count = len(test.labels)
    order = (after + 1 + np.arange(count)) % count
    for start in range(0, count, SEARCH_BLOCK):
        block = order[start : start + SEARCH_BLOCK]
        matching = matches(block)
        if matching.any():
            return int(block[matching.argmax()])
    return None


def _top_classes(networks: Sequence[Network], test: TestSet, block: NDArray[np.intp]) -> NDArray[np.intp]:
    return np.asarray(mean_probabilities(networks, scaled(test, block)).argmax(axis=1))
