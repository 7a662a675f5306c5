"""Look inside: the confusion matrix, the scores of each class, and the calibration, run by Streamlit's AppTest."""

from __future__ import annotations

import re

import numpy as np
import pytest
from sqlite_utils import Database

from mlpcore import datasets
from mlpcore.analysis.confusion import confusion_matrix
from mlpcore.analysis.predictions import Predictions, predict_test_set
from tests.app_pages import ended, figure_with, gallery_numbers, parameters, texts
from tests.factory.networks import class_means, constant, make_run_of_network

PREDICTS_3 = [0.02, 0.02, 0.02, 0.82, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02]
PAGE = "pages/inspect.py"


@pytest.fixture
def means(db: Database) -> Predictions:
    """A run that reads most of the small digits, and what it predicts."""
    network = class_means("digits", sharpness=3)
    make_run_of_network(db, network)
    return predict_test_set(network, datasets.load_test(network.dataset))


def test_the_matrix_holds_counts_or_shares_and_names_the_pairs_confused_most(open_page, means: Predictions):
    at = open_page(view="mistakes")
    matrix = confusion_matrix(means)
    counts = [text.replace("·", "0") for text in re.findall(r">([^<]+)</text></g>", figure_with(at, "0-0"))]
    assert counts == [str(count) for count in matrix.counts.ravel()]
    worst = matrix.most_confused(1)[0]
    assert f"the class **{worst.label}** is predicted as **{worst.predicted}**" in texts(at)
    ended(at.segmented_control(key="inspect_cells").set_value("share").run())
    assert parameters(at)["cells"] == "share"
    shares = [float(text.replace("·", "0")) for text in re.findall(r">([^<]+)</text></g>", figure_with(at, "0-0"))]
    assert np.array(shares) == pytest.approx(100 * matrix.shares.ravel(), abs=0.5)
    ended(at.button(key=f"inspect_pair_{worst.label}_{worst.predicted}").click().run())
    assert gallery_numbers(at) == (means.of_cell(worst.label, worst.predicted)[:15] + 1).tolist()


def test_a_class_is_explained_with_its_own_numbers(open_page, means: Predictions):
    matrix = confusion_matrix(means)
    hits, predicted = matrix.correct[3], matrix.predicted[3]
    at = open_page(view="mistakes", scores=3)
    assert f"Of the {predicted} examples predicted as 3, {hits} are 3" in texts(at)
    ended(next(button for button in at.button if button.label == "See the examples of this class").click().run())
    assert gallery_numbers(at) == (means.of_class(3)[:15] + 1).tolist()
    lowest = int(matrix.f1.argmin())
    assert f"examples predicted as {lowest}, " in texts(open_page(view="mistakes"))


def test_classes_that_are_never_predicted_are_named_and_count_as_0(open_page, db: Database):
    make_run_of_network(db, constant("digits", PREDICTS_3))
    at = open_page(view="mistakes")
    assert figure_with(at, "Precision").count("never predicted") == 9
    assert "The network never predicts 0" in texts(at)
    assert "No example of 0 is right, so F1 is 0" in texts(at)
    assert "**Overconfident:** the mean confidence is 82.0 %, but the accuracy is only 10.0 %" in texts(at)


def test_the_calibration_is_described_in_words(open_page, db: Database):
    network = class_means("digits")
    make_run_of_network(db, network)
    predictions = predict_test_set(network, datasets.load_test("digits"))
    at = open_page(view="mistakes")
    assert predictions.confidence.mean() < predictions.accuracy
    assert "**Underconfident:**" in texts(at)
    assert "**Expected calibration error (ECE):" in texts(at)
