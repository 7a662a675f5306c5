"""The confusion matrix and its measures, against scikit-learn and by hand."""

import numpy as np
import pytest
from sklearn import metrics

from mlpcore.analysis.confusion import ConfusedPair, confusion_matrix
from mlpcore.analysis.predictions import Predictions


def predictions_of(labels: list[int], predicted: list[int], classes: int) -> Predictions:
    probabilities = np.full((len(labels), classes), 0.1 / classes, np.float32)
    probabilities[np.arange(len(labels)), predicted] += 0.9
    return Predictions(probabilities, np.array(labels))


@pytest.fixture(scope="module")
def many() -> Predictions:
    chance = np.random.default_rng(5)
    labels = chance.integers(0, 7, 900)
    predicted = np.where(chance.random(900) < 0.7, labels, chance.integers(0, 7, 900))
    return predictions_of(labels.tolist(), predicted.tolist(), 7)


def test_the_matrix_has_true_classes_in_rows_and_predicted_classes_in_columns(many):
    assert np.array_equal(confusion_matrix(many).counts, metrics.confusion_matrix(many.labels, many.predicted))
    assert confusion_matrix(predictions_of([0, 0, 1], [1, 1, 1], 3)).counts.tolist() == [
        [0, 2, 0],
        [0, 1, 0],
        [0, 0, 0],
    ]


def test_every_cell_counts_its_examples(many):
    counts = confusion_matrix(many).counts
    assert [[len(many.of_cell(i, j)) for j in range(7)] for i in range(7)] == counts.tolist()


def test_precision_recall_and_f1_are_those_of_scikit_learn(many):
    matrix = confusion_matrix(many)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(many.labels, many.predicted)
    assert matrix.precision == pytest.approx(precision)
    assert matrix.recall == pytest.approx(recall)
    assert matrix.f1 == pytest.approx(f1)
    assert matrix.examples.tolist() == support.tolist()


def test_nothing_is_divided_by_zero_where_a_class_is_never_predicted_or_has_no_example():
    predictions = predictions_of([0, 0, 1, 1], [0, 2, 0, 0], 4)
    with np.errstate(all="raise"):
        matrix = confusion_matrix(predictions)
        measures = (matrix.precision, matrix.recall, matrix.f1)
    expected = metrics.precision_recall_fscore_support(
        predictions.labels, predictions.predicted, labels=range(4), zero_division=0
    )
    for measure, reference in zip(measures, expected, strict=False):
        assert measure == pytest.approx(reference)
    assert matrix.predicted.tolist() == [3, 0, 1, 0]
    assert matrix.shares.tolist() == [[0.5, 0, 0.5, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_the_most_confused_pairs_come_first_and_empty_ones_are_left_out():
    matrix = confusion_matrix(predictions_of([0, 0, 0, 1, 1, 2, 2, 2, 2], [1, 1, 0, 0, 1, 1, 1, 1, 2], 3))
    assert matrix.most_confused(2) == [ConfusedPair(2, 1, 3, 0.75), ConfusedPair(0, 1, 2, pytest.approx(2 / 3))]
    assert len(matrix.most_confused(9)) == 3
    assert confusion_matrix(predictions_of([0, 1], [0, 1], 2)).most_confused() == []
