"""Look inside: the test examples with their predictions, run by Streamlit's AppTest."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlite_utils import Database

from mlpcore import datasets
from mlpcore.analysis.calibration import bin_numbers, calibration
from mlpcore.analysis.confusion import confusion_matrix
from mlpcore.analysis.predictions import Predictions, predict_test_set
from mlpcore.ui.inspect import examples, inspected_network, mistakes
from mlpcore.ui.inspect.mistakes import calibration_diagram
from mlpcore.ui.shell import shared_datasets
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


def test_the_first_page_shows_the_first_examples_and_how_many_are_right(open_page, means: Predictions):
    at = open_page()
    assert gallery_numbers(at) == list(range(1, 16))
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
def test_the_address_selects_the_examples_that_are_shown(
    open_page, means: Predictions, address: dict[str, Any], expected
):
    listed = expected(means)
    assert len(listed)
    assert gallery_numbers(open_page(**address)) == (listed[:15] + 1).tolist()


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
    assert gallery_numbers(at) == (means.of_cell(9, 9)[:15] + 1).tolist()
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


def test_the_pager_goes_to_the_next_and_to_any_page(open_page, means: Predictions):
    at = open_page()
    pages = -(-len(means.labels) // 15)
    assert f"of {pages} pages" in texts(at)
    assert at.button(key="inspect_page_before").disabled
    ended(at.button(key="inspect_page_after").click().run())
    assert gallery_numbers(at)[0] == 16
    ended(at.number_input(key="inspect_page_number").set_value(pages).run())
    assert gallery_numbers(at)[-1] == len(means.labels)
    assert at.button(key="inspect_page_after").disabled


def test_an_open_example_is_shown_large_with_links_to_the_other_views(open_page, means: Predictions):
    wrong = means.mistakes()
    at = open_page(filter="wrong", example=wrong[1] + 1, open=1)
    truth, predicted = means.labels[wrong[1]], means.predicted[wrong[1]]
    large = figure_with(at, "<figure")
    assert f"✓ {truth}</span>" in large
    assert f"✗ {predicted}</span>" in large
    assert f"2 of {len(wrong)}" in texts(at)
    ended(at.button(key="inspect_large_1").click().run())
    assert parameters(at)["example"] == str(wrong[2] + 1)
    ended(at.button(key="inspect_to_network").click().run())
    assert parameters(at) == {"filter": "wrong", "example": str(wrong[2] + 1), "view": "network"}


def test_a_network_without_mistakes_is_reported(open_page, db: Database, monkeypatch: pytest.MonkeyPatch):
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
    assert "Sepal length (cm)" in figure_with(at, "data-pick")
    assert f">{own[0]:.4g}</span>" in figure_with(at, "Petal width (cm)</span><span class")
    assert "standard deviations" in texts(at)


def test_straightened_images_are_shown_as_they_are_received_and_as_they_were(open_page, db: Database):
    make_run_of_network(db, replace(class_means("digits"), prepare="deskew"))
    at = open_page(example=2, open=1)
    assert "straightened" in texts(at)
    before, after = re.findall(r'<img src="([^"]+)', figure_with(at, "<figure"))
    assert before != after
    assert after in figure_with(at, "data-pick")


@pytest.mark.parametrize("view", ["examples", "mistakes"])
def test_a_missing_test_set_gets_an_error_message(
    open_page, db: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, view: str
):
    monkeypatch.delenv("MLPCORE_DATASETS", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    shared_datasets.shared_test_set.clear()
    make_run_of_network(db, constant("mnist", PREDICTS_3))
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
def test_an_invalid_address_shows_the_default(open_page, means: Predictions, address: dict[str, str]):
    at = open_page(**address)
    assert not at.error
    assert "data-pick" in figure_with(at, "data-pick")


@pytest.mark.parametrize("text", ["", "0", "-1", "361", "1e2", "９", "1-1", "10-0", "0-10", "x", "1" * 60, "\x00"])
def test_an_invalid_choice_from_a_browser_changes_nothing(
    means: Predictions, monkeypatch: pytest.MonkeyPatch, text: str
):
    written: list[dict[str, Any]] = []
    monkeypatch.setattr(examples.page_address, "put", lambda **values: written.append(values))

    class Shown:
        test_set = datasets.load_test("digits")
        info = datasets.REGISTRY["digits"]

    examples._open(Shown(), text)
    mistakes._open_cell(Shown(), text)
    mistakes._choose_class(confusion_matrix(means), text)
    calibration_diagram._open_bin(calibration(means), text)
    allowed = {
        "0": [{"scores": 0}, {"view": "examples", "filter": "confidence", "bin": 0}],
        "1-1": [{"view": "examples", "filter": "cell", "true": 1, "predicted": 1}],
    }
    changes = [{name: value for name, value in values.items() if value is not None} for values in written]
    assert changes == allowed.get(text, [])


def test_the_views_are_shown_in_japanese(open_page, db: Database):
    make_run_of_network(db, class_means("iris"))
    assert "テストデータ 30 件の正解率は" in texts(open_page(lang="ja"))
    at = open_page(lang="ja", view="mistakes")
    assert "適合率" in texts(at)
    assert "混同行列" in figure_with(at, "0-0")
