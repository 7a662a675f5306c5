"""Look inside: the examples of a test set with their answers, and the confusion matrix, run by Streamlit's AppTest."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore import datasets
from mlpcore.analysis.calibration import bin_numbers, calibration
from mlpcore.analysis.confusion import confusion_matrix
from mlpcore.analysis.predictions import Predictions, predict_test_set
from mlpcore.inference import Network
from mlpcore.ui.inspect import examples, inspected_network, mistakes
from mlpcore.ui.inspect.mistakes import calibration_diagram, class_scores
from mlpcore.ui.shell import test_sets
from tests import inspecting
from tests.factory.networks import class_means, constant, make_run_of_network
from tests.inspecting import ended, parameters

SAYS_3 = [0.02, 0.02, 0.02, 0.82, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02]


@pytest.fixture
def open_page(data_folder: Path):
    """Open the page, `open_page(run=3)`, with what stands in its address."""
    return inspecting.open_page


def drawn(at: AppTest, part: str) -> str:
    """The figure that contains this."""
    figures = [json.loads(element.proto.json) for element in at.get("bidi_component")]
    return next(figure for figure in figures if isinstance(figure, str) and part in figure)


def numbers(at: AppTest) -> list[int]:
    """The examples in the gallery."""
    return [int(number) for number in re.findall(r'data-pick="(\d+)" aria-label="Example', drawn(at, "Example"))]


def texts(at: AppTest) -> str:
    return "\n".join(element.value for element in (*at.markdown, *at.caption, *at.info, *at.success))


def answers_of(network: Network) -> Predictions:
    return predict_test_set(network, datasets.load_test(network.dataset))


@pytest.fixture
def means(db: Database) -> Predictions:
    """A run that reads most of the small digits, and what it answers."""
    network = class_means("digits", sharpness=3)
    make_run_of_network(db, network)
    return answers_of(network)


def test_the_first_page_shows_the_first_examples_and_how_many_are_right(open_page, means: Predictions):
    at = open_page()
    assert numbers(at) == list(range(1, 16))
    wrong, count = len(means.mistakes()), len(means.labels)
    assert at.segmented_control(key="inspect_filter").options[:2] == [f"All {count}", f"Wrong {wrong}"]
    assert f"of the {count} test examples right, and {wrong} wrong" in texts(at)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"filter": "wrong"}, lambda answers: answers.mistakes()),
        ({"filter": "confident"}, lambda answers: answers.confident_mistakes()),
        ({"filter": "class", "true": 4}, lambda answers: answers.of_class(4)),
        ({"filter": "cell", "true": 8, "predicted": 1}, lambda answers: answers.of_cell(8, 1)),
        ({"filter": "confidence", "bin": 5}, lambda answers: np.flatnonzero(bin_numbers(answers) == 5)),
        ({"first": 31}, lambda answers: answers.all_examples()[30:]),
        ({"first": 40}, lambda answers: answers.all_examples()[30:]),
    ],
    ids=["wrong", "confident", "class", "cell", "confidence", "first of a page", "within a page"],
)
def test_the_address_says_which_examples_are_shown(open_page, means: Predictions, address: dict[str, Any], expected):
    wanted = expected(means)
    assert len(wanted)
    assert numbers(open_page(**address)) == (wanted[:15] + 1).tolist()


def test_what_is_chosen_goes_into_the_address(open_page, means: Predictions):
    at = open_page(first=31)
    ended(at.segmented_control(key="inspect_filter").set_value("class").run())
    assert "first" not in parameters(at)
    ended(at.selectbox(key="inspect_true").set_value(7).run())
    assert parameters(at) == {"filter": "class", "true": "7"}
    ended(at.segmented_control(key="inspect_filter").set_value("cell").run())
    ended(at.selectbox(key="inspect_true").set_value(9).run())
    ended(at.selectbox(key="inspect_predicted").set_value(9).run())
    assert parameters(at) | {"true": "9", "predicted": "9"} == parameters(at)
    assert numbers(at) == (means.of_cell(9, 9)[:15] + 1).tolist()
    ended(at.segmented_control(key="inspect_filter").set_value("confidence").run())
    assert at.selectbox(key="inspect_bin").value == bin_numbers(means).min()
    ended(at.selectbox(key="inspect_bin").set_value(0).run())
    assert parameters(at)["bin"] == "0"
    assert "No prediction has this confidence" in texts(at)


def test_without_a_cell_in_the_address_the_pair_that_is_confused_most_is_shown(open_page, means: Predictions):
    sizes = {(i, j): len(means.of_cell(i, j)) for i in range(10) for j in range(10) if i != j}
    most = max(sizes.values())
    at = open_page(filter="cell")
    cell = (at.selectbox(key="inspect_true").value, at.selectbox(key="inspect_predicted").value)
    assert sizes[cell] == most


def test_one_turns_pages_and_goes_to_any_of_them(open_page, means: Predictions):
    at = open_page()
    pages = -(-len(means.labels) // 15)
    assert f"of {pages} pages" in texts(at)
    assert at.button(key="inspect_page_before").disabled
    ended(at.button(key="inspect_page_after").click().run())
    assert numbers(at)[0] == 16
    ended(at.number_input(key="inspect_page_number").set_value(pages).run())
    assert numbers(at)[-1] == len(means.labels)
    assert at.button(key="inspect_page_after").disabled


def test_an_example_that_is_open_is_shown_large_with_the_ways_to_the_other_views(open_page, means: Predictions):
    wrong = means.mistakes()
    at = open_page(filter="wrong", example=wrong[1] + 1, open=1)
    truth, answer = means.labels[wrong[1]], means.predicted[wrong[1]]
    large = drawn(at, "<figure")
    assert f"✓ {truth}</span>" in large
    assert f"✗ {answer}</span>" in large
    assert f"2 of {len(wrong)}" in texts(at)
    ended(at.button(key="inspect_large_1").click().run())
    assert parameters(at)["example"] == str(wrong[2] + 1)
    ended(at.button(key="inspect_to_network").click().run())
    assert parameters(at) == {"filter": "wrong", "example": str(wrong[2] + 1), "view": "network"}


def test_a_network_that_makes_no_mistake_is_told_so(open_page, db: Database, monkeypatch: pytest.MonkeyPatch):
    test = datasets.load_test("iris")
    perfect = Predictions(np.eye(3, dtype=np.float32)[test.labels], test.labels.astype(np.intp))
    monkeypatch.setattr(inspected_network, "_predictions", lambda *_arguments: perfect)
    make_run_of_network(db, class_means("iris"))
    for kind in ("wrong", "confident"):
        assert "gets every example of the test set right" in texts(open_page(filter=kind))
    assert "No example of the class Setosa is predicted as Virginica" in texts(
        open_page(filter="cell", true=0, predicted=2)
    ).replace("\\", "")
    assert "gets every example of the test set right" in texts(open_page(view="mistakes"))


def test_measurements_are_bars_with_their_names_and_in_their_own_units_where_they_are_large(open_page, db: Database):
    make_run_of_network(db, class_means("iris"))
    at = open_page(example=5, open=1)
    data = datasets.load("iris")
    own = data.test_inputs[4] * data.feature_deviations + data.feature_means
    assert "Sepal length (cm)" in drawn(at, "data-pick")
    assert f">{own[0]:.4g}</span>" in drawn(at, "Petal width (cm)</span><span style")
    assert "standard deviations" in texts(at)


def test_straightened_images_are_shown_as_they_are_received_and_as_they_were(open_page, db: Database):
    make_run_of_network(db, replace(class_means("digits"), prepare="deskew"))
    at = open_page(example=2, open=1)
    assert "straightened" in texts(at)
    before, after = re.findall(r'<img src="([^"]+)', drawn(at, "<figure"))
    assert before != after
    assert after in drawn(at, "data-pick")


@pytest.mark.parametrize("view", ["examples", "mistakes"])
def test_a_test_set_that_is_not_on_this_machine_gets_a_sentence(
    open_page, db: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, view: str
):
    monkeypatch.delenv("MLPCORE_DATASETS", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    test_sets.shared_test_set.clear()
    make_run_of_network(db, constant("mnist", SAYS_3))
    assert "MNIST is not on this machine" in open_page(view=view).error[0].value


HOSTILE = [
    {"filter": "<b>"},
    {"filter": "class", "true": "99"},
    {"filter": "class", "true": "-1"},
    {"filter": "cell", "true": "9", "predicted": "10"},
    {"filter": "cell", "predicted": "9999999"},
    {"show": "cell", "cell": "__class__"},
    {"show": "cell", "cell": "１-２"},
    {"filter": "confidence", "bin": "10"},
    {"first": "0"},
    {"first": "999999999"},
    {"open": "1", "example": "NaN"},
    {"open": "x" * 99, "example": "7"},
    {"view": "mistakes", "cells": "<i>", "scores": "77"},
]


@pytest.mark.parametrize("address", HOSTILE, ids=str)
def test_an_address_that_nobody_wrote_shows_something_sensible(open_page, means: Predictions, address: dict[str, str]):
    at = open_page(**address)
    assert not at.error
    assert "data-pick" in drawn(at, "data-pick")


@pytest.mark.parametrize("text", ["", "0", "-1", "361", "1e2", "９", "1-1", "10-0", "0-10", "x", "1" * 60, "\x00"])
def test_what_a_browser_sends_as_a_choice_changes_nothing_unless_it_is_one(
    means: Predictions, monkeypatch: pytest.MonkeyPatch, text: str
):
    written: list[dict[str, Any]] = []
    monkeypatch.setattr(examples.page_address, "put", lambda **values: written.append(values))

    class Shown:
        test_set = datasets.load_test("digits")
        info = datasets.REGISTRY["digits"]

    examples._open(Shown(), text)
    mistakes._open_cell(Shown(), text)
    class_scores._choose(confusion_matrix(means), text)
    calibration_diagram._open_bin(calibration(means), text)
    allowed = {
        "0": [{"scores": 0}, {"view": "examples", "filter": "confidence", "bin": 0}],
        "1-1": [{"view": "examples", "filter": "cell", "true": 1, "predicted": 1}],
    }
    changes = [{name: value for name, value in values.items() if value is not None} for values in written]
    assert changes == allowed.get(text, [])


def test_the_matrix_holds_counts_or_shares_and_names_the_pairs_confused_most(open_page, means: Predictions):
    at = open_page(view="mistakes")
    found = confusion_matrix(means)
    counts = [text.replace("·", "0") for text in re.findall(r">([^<]+)</text></g>", drawn(at, "0-0"))]
    assert counts == [str(count) for count in found.counts.ravel()]
    worst = found.most_confused(1)[0]
    assert f"the class **{worst.label}** is taken for **{worst.predicted}**" in texts(at)
    ended(at.segmented_control(key="inspect_cells").set_value("share").run())
    assert parameters(at)["cells"] == "share"
    shares = [float(text.replace("·", "0")) for text in re.findall(r">([^<]+)</text></g>", drawn(at, "0-0"))]
    assert np.array(shares) == pytest.approx(100 * found.shares.ravel(), abs=0.5)
    ended(at.button(key=f"inspect_pair_{worst.label}_{worst.predicted}").click().run())
    assert numbers(at) == (means.of_cell(worst.label, worst.predicted)[:15] + 1).tolist()


def test_a_class_is_explained_with_its_own_numbers(open_page, means: Predictions):
    found = confusion_matrix(means)
    hits, predicted = found.correct[3], found.predicted[3]
    at = open_page(view="mistakes", scores=3)
    assert f"Of the {predicted} examples predicted as 3, {hits} are 3" in texts(at)
    ended(next(button for button in at.button if button.label == "See the examples of this class").click().run())
    assert numbers(at) == (means.of_class(3)[:15] + 1).tolist()
    lowest = int(found.f1.argmin())
    assert f"examples predicted as {lowest}, " in texts(open_page(view="mistakes"))


def test_classes_that_are_never_predicted_are_named_and_count_as_0(open_page, db: Database):
    make_run_of_network(db, constant("digits", SAYS_3))
    at = open_page(view="mistakes")
    assert drawn(at, "Precision").count("never predicted") == 9
    assert "The network never predicts 0" in texts(at)
    assert "No example of 0 is right, so F1 is 0" in texts(at)
    assert "**Overconfident:** the mean confidence is 82.0\u00a0%, but the accuracy is only 10.0\u00a0%" in texts(at)


def test_confidence_is_judged_in_words(open_page, db: Database):
    network = class_means("digits")
    make_run_of_network(db, network)
    answers = answers_of(network)
    at = open_page(view="mistakes")
    assert answers.confidence.mean() < answers.accuracy
    assert "**Underconfident:**" in texts(at)
    assert "**Expected calibration error (ECE):" in texts(at)


def test_the_views_speak_japanese(open_page, db: Database):
    make_run_of_network(db, class_means("iris"))
    assert "テストデータ 30 個の正解率は" in texts(open_page(lang="ja"))
    at = open_page(lang="ja", view="mistakes")
    assert "適合率" in texts(at)
    assert "混同行列" in drawn(at, "0-0")
