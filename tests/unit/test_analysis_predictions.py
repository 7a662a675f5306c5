"""What a network predicts for a test set, and which examples it gets wrong."""

import numpy as np
import pytest

from mlpcore import datasets
from mlpcore.analysis.predictions import Predictions, best_first, predict_test_set
from mlpcore.analysis.sampling import scaled
from tests.factory.networks import class_means


@pytest.fixture
def five() -> Predictions:
    probabilities = np.array(
        [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.4, 0.4, 0.2], [0.0, 0.05, 0.95], [0.6, 0.3, 0.1]], np.float32
    )
    return Predictions(probabilities, np.array([0, 0, 1, 1, 0]))


def test_the_most_probable_class_is_predicted_and_of_equals_the_first(five):
    assert five.predicted.tolist() == [0, 1, 0, 2, 0]
    assert five.confidence.tolist() == pytest.approx([0.7, 0.8, 0.4, 0.95, 0.6])


def test_accuracy_is_the_share_that_is_correct(five):
    assert five.correct.tolist() == [True, False, False, False, True]
    assert five.accuracy == pytest.approx(0.4)


def test_mistakes_come_in_order_and_the_confident_ones_first(five):
    assert five.mistakes().tolist() == [1, 2, 3]
    assert five.confident_mistakes().tolist() == [3, 1, 2]


def test_classes_and_cells_of_the_confusion_matrix_hold_their_examples(five):
    assert five.of_class(1).tolist() == [2, 3]
    assert five.of_cell(0, 0).tolist() == [0, 4]
    assert five.of_cell(1, 2).tolist() == [3]
    assert five.of_cell(2, 2).tolist() == []
    cells = [five.of_cell(label, predicted) for label in range(3) for predicted in range(3)]
    assert sorted(np.concatenate(cells).tolist()) == five.all_examples().tolist()


@pytest.mark.parametrize("name", ["digits", "iris", "wine", "breast_cancer"])
def test_a_test_set_is_predicted_like_its_examples_one_by_one(name):
    network, test = class_means(name), datasets.load_test(name)

    predictions = predict_test_set(network, test)

    assert predictions.labels.tolist() == test.labels.tolist()
    for index in (0, len(test.labels) // 2, len(test.labels) - 1):
        alone = network.probabilities(scaled(test, np.array([index])))[0]
        assert predictions.probabilities[index] == pytest.approx(alone, abs=1e-6)
    assert predictions.accuracy > 0.7


def two_predictions(*rows: tuple[float, float, float]) -> Predictions:
    return Predictions(np.array(rows, np.float32), np.array([0, 1]))


def test_the_mean_true_probability_is_that_of_the_true_classes() -> None:
    assert two_predictions((0.7, 0.2, 0.1), (0.5, 0.4, 0.1)).mean_true_probability == pytest.approx(0.55)


def test_networks_are_ordered_by_correct_predictions_then_by_the_mean_probability_of_the_true_classes() -> None:
    networks = {
        "wrong": two_predictions((0.1, 0.8, 0.1), (0.8, 0.1, 0.1)),
        "hardly": two_predictions((0.4, 0.3, 0.3), (0.3, 0.4, 0.3)),
        "half, and sure": two_predictions((1, 0, 0), (0.51, 0.49, 0)),
        "surely": two_predictions((0.9, 0.1, 0), (0.1, 0.9, 0)),
    }
    assert best_first(networks) == ["surely", "hardly", "half, and sure", "wrong"]
