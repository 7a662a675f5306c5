"""Look inside: each parameter of the address has one meaning, and choices are forgotten where they no longer hold."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore import datasets
from mlpcore.analysis.confusion import confusion_matrix
from mlpcore.analysis.predictions import predict_test_set
from mlpcore.inference import Network
from mlpcore.ui.components.canvas import CanvasContent
from mlpcore.ui.inspect import example_selection
from tests import app_pages
from tests.app_pages import clean, parameters
from tests.factory.networks import class_means, make_run_of_network, make_run_with_networks

ONE = [[[0.5, 0.2], [0.49, 0.4], [0.48, 0.6], [0.47, 0.8]]]
ZERO = [[[0.5, 0.2], [0.3, 0.5], [0.5, 0.8], [0.7, 0.5], [0.5, 0.2]]]
EXAMPLE = 4
NETWORK = class_means("digits", sharpness=3)


@pytest.fixture
def open_page(data_folder: Path):
    """Open the page, `open_page(run=3)`, with these parameters in its address."""
    return lambda **address: clean(app_pages.open_page("pages/inspect.py", **address))


@pytest.fixture
def run(db: Database) -> int:
    return make_run_of_network(db, NETWORK)


def predicted(network: Network, number: int) -> int:
    """The class that a network predicts for a test example, by its number from 1 on."""
    return int(predict_test_set(network, datasets.load_test(network.dataset)).predicted[number - 1])


PREDICTED = predicted(NETWORK, EXAMPLE)
LOWEST_F1 = int(np.argmin(confusion_matrix(predict_test_set(NETWORK, datasets.load_test("digits"))).f1))
OTHER = next(label for label in range(3, 10) if label not in (PREDICTED, LOWEST_F1))


def chosen_class(at: AppTest, parameter: str) -> int:
    return int(at.segmented_control(key=f"inspect_{parameter}").value)


def text_of(at: AppTest) -> str:
    return "\n".join(element.value for element in (*at.markdown, *at.caption))


CHOICES: dict[str, dict[str, Any]] = {
    "examples": {"filter": "class", "true": OTHER},
    "mistakes": {"scores": OTHER},
    "network": {"unit": f"1-{OTHER + 1}"},
    "saliency": {"explain": OTHER},
    "arithmetic": {"output": OTHER},
}
"""What chooses a class in each view that has such a choice."""

EXPECTED: dict[str, Callable[[AppTest], bool]] = {
    "examples": lambda at: "true" not in parameters(at) or parameters(at)["filter"] == "class",
    "mistakes": lambda at: f"predicted as {LOWEST_F1}, " in text_of(at),
    "network": lambda at: f"The network predicts {PREDICTED} " in text_of(at) and "Output neuron" not in text_of(at),
    "saliency": lambda at: chosen_class(at, "explain") == PREDICTED and f"the score of {PREDICTED}" in text_of(at),
    "arithmetic": lambda at: chosen_class(at, "output") == PREDICTED,
}
"""That a view shows what it does by itself."""


@pytest.mark.parametrize(("first", "second"), list(permutations(CHOICES, 2)), ids="-".join)
def test_a_class_chosen_in_one_view_changes_no_other_view(open_page, run: int, first: str, second: str):
    at = open_page(run=run, example=EXAMPLE, view=first, **CHOICES[first])

    clean(at.segmented_control(key="inspect_view").set_value(second).run())

    assert EXPECTED[second](at)
    clean(at.segmented_control(key="inspect_view").set_value(first).run())
    assert parameters(at) | {name: str(value) for name, value in CHOICES[first].items()} == parameters(at)


@pytest.mark.parametrize("button", ["inspect_next", "inspect_previous", "inspect_next_mistake"])
@pytest.mark.parametrize(("view", "parameter"), [("saliency", "explain"), ("arithmetic", "output")])
def test_another_example_is_explained_for_its_own_predicted_class(
    open_page, run: int, view: str, parameter: str, button: str
):
    at = open_page(run=run, view=view, example=EXAMPLE)
    clean(at.segmented_control(key=f"inspect_{parameter}").set_value(OTHER).run())
    assert parameters(at)[parameter] == str(OTHER)

    clean(at.button(key=button).click().run())

    assert parameter not in parameters(at)
    assert chosen_class(at, parameter) == predicted(NETWORK, int(parameters(at)["example"]))


def test_an_example_from_the_gallery_is_explained_for_its_predicted_class(open_page, run: int):
    at = open_page(run=run, view="saliency", example=EXAMPLE, explain=OTHER, patch_at="2-2")
    clean(at.segmented_control(key="inspect_view").set_value("examples").run())
    at.query_params["open"] = "1"
    clean(at.run())

    clean(at.button(key="inspect_to_saliency").click().run())

    assert chosen_class(at, "explain") == PREDICTED
    assert "patch_at" not in parameters(at)


@pytest.mark.parametrize(("view", "parameter"), [("saliency", "explain"), ("arithmetic", "label")])
def test_what_is_chosen_for_a_drawing_is_forgotten_with_the_next_drawing(
    open_page, run: int, monkeypatch: pytest.MonkeyPatch, view: str, parameter: str
):
    monkeypatch.setattr(example_selection, "canvas", lambda _key: CanvasContent(ONE, 0.065))
    at = open_page(run=run, view=view, source="draw")
    other = (chosen_class(at, parameter) + 1) % 10
    clean(at.segmented_control(key=f"inspect_{parameter}").set_value(other).run())
    assert parameters(at)[parameter] == str(other)
    clean(at.run())
    assert chosen_class(at, parameter) == other

    monkeypatch.setattr(example_selection, "canvas", lambda _key: CanvasContent(ZERO, 0.065))
    clean(at.run())

    assert parameter not in parameters(at)


def test_a_class_chosen_for_a_test_image_is_forgotten_for_a_drawing(
    open_page, run: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(example_selection, "canvas", lambda _key: CanvasContent(ONE, 0.065))
    at = open_page(run=run, view="saliency", example=EXAMPLE, explain=OTHER)

    clean(at.segmented_control(key="inspect_source").set_value("draw").run())

    assert "explain" not in parameters(at)


def test_another_network_of_the_dataset_keeps_the_example_but_not_what_was_chosen_for_the_last_one(
    open_page, db: Database, run: int
):
    other = make_run_with_networks(db, hidden=[{"units": 4}])
    at = open_page(run=run, view="saliency", example=EXAMPLE, explain=OTHER, unit="1-3", n1=2, until=1, true=5)

    clean(at.selectbox(key="inspect_run").set_value(other).run())

    assert parameters(at) == {"run": str(other), "view": "saliency", "example": str(EXAMPLE), "true": "5"}


def test_a_network_of_another_dataset_keeps_the_view_only(open_page, db: Database, run: int):
    other = make_run_with_networks(db, dataset="iris", hidden=[{"units": 4}])
    at = open_page(run=run, view="mistakes", example=EXAMPLE, scores=2, true=1, predicted=2, bin=3)

    clean(at.selectbox(key="inspect_run").set_value(other).run())

    assert parameters(at) == {"run": str(other), "view": "mistakes"}


def test_the_cell_of_a_class_is_its_most_frequent_mistake_until_another_is_chosen(open_page, run: int):
    predictions = predict_test_set(NETWORK, datasets.load_test("digits"))
    wrong = predictions.mistakes()
    label = int(predictions.labels[wrong[0]])
    mistakes = predictions.predicted[wrong[predictions.labels[wrong] == label]]

    at = open_page(run=run, filter="cell", true=label)

    assert at.selectbox(key="inspect_true").value == label
    assert at.selectbox(key="inspect_predicted").value == int(np.bincount(mistakes).argmax())


OLD: list[tuple[dict[str, str], dict[str, str]]] = [
    ({"view": "images", "show": "class", "class": "4"}, {"view": "examples", "filter": "class", "true": "4"}),
    ({"show": "cell", "cell": "8-1"}, {"filter": "cell", "true": "8", "predicted": "1"}),
    ({"show": "sure", "bin": "5"}, {"filter": "confidence", "bin": "5"}),
    ({"view": "confusion", "class": "6", "as": "share"}, {"view": "mistakes", "scores": "6", "cells": "share"}),
    ({"view": "units", "upto": "1"}, {"view": "neurons", "until": "1"}),
    (
        {"view": "looks", "class": "3", "of": "probability", "hide": "2-7"},
        {"view": "saliency", "explain": "3", "gradient": "probability", "patch_at": "2-7"},
    ),
    ({"view": "arithmetic", "class": "3"}, {"view": "arithmetic", "label": "3"}),
    ({"view": "looks", "cell": "__class__", "hide": "<b>"}, {"view": "saliency", "patch_at": "<b>"}),
]


@pytest.mark.parametrize(("old", "new"), OLD, ids=[" ".join(old.values()) for old, _new in OLD])
def test_an_old_address_opens_the_same_view(open_page, run: int, old: dict[str, str], new: dict[str, str]):
    assert parameters(open_page(run=run, **old)) == {"run": str(run), **new}
