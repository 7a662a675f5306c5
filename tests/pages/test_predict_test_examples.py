"""The test set on the page Try a digit: images and rows of measurements, predicted and compared with their labels."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
from sqlite_utils import Database

from mlpcore import datasets, formatting
from tests import app_pages
from tests.app_pages import clean, ended
from tests.factory.networks import class_means, constant, make_run_of_network
from tests.predict_page import (
    PREDICTS_3,
    choose_tab,
    headline,
    picture,
    prediction,
    received,
    shown,
    uploaded,
)

PAGE = "pages/predict.py"


def test_a_test_image_is_predicted_and_compared_with_its_label(open_page, db: Database) -> None:
    make_run_of_network(db, class_means("digits", sharpness=3))
    at = choose_tab(open_page(), "test")
    truth = int(datasets.load_test("digits").labels[0])
    assert shown(at)["truth"] == truth
    assert sum(prediction(at)["probabilities"]) == pytest.approx(1, abs=0.001)
    assert prediction(at)["right"] == (prediction(at)["top"] == truth)
    assert shown(at)["variants"][0]["verdicts"][0].startswith("Right" if prediction(at)["right"] else "Wrong")
    assert received(at)["levels"]


@pytest.mark.parametrize("name", ["digits", "iris"])
def test_a_test_example_leads_to_itself_inside_the_network(open_page, db: Database, name: str) -> None:
    run = make_run_of_network(db, class_means(name))
    at = open_page() if name == "iris" else choose_tab(open_page(), "test")
    ended(next(button for button in at.button if button.label == "Next").click().run())

    (link,) = [link.proto for link in at.get("page_link") if link.proto.label.startswith("Why?")]
    address = {key: values[0] for key, values in parse_qs(link.query_string).items()}
    assert address == {"run": str(run), "view": "network", "example": "2"}
    inside = clean(app_pages.open_page("pages/inspect.py", **address))
    assert inside.number_input(key="inspect_example").value == 2


def test_the_buttons_go_through_the_test_set_and_wrap_around(open_page, db: Database) -> None:
    make_run_of_network(db, class_means("digits"))
    at = choose_tab(open_page(), "test")
    count = len(datasets.load_test("digits").labels)
    for label, expected in (("Next", 2), ("Previous", 1), ("Previous", count), ("Next", 1)):
        ended(next(button for button in at.button if button.label == label).click().run())
        assert at.number_input[0].value == expected
    ended(at.number_input[0].set_value(17).run())
    assert shown(at)["truth"] == int(datasets.load_test("digits").labels[16])


def test_next_mistake_shows_a_mistake(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    at = choose_tab(open_page(), "test")
    labels = datasets.load_test("digits").labels
    at.number_input[0].set_value(int(np.flatnonzero(labels == 3)[0]) + 1).run()
    assert prediction(at)["right"]
    ended(next(button for button in at.button if button.label == "Next mistake").click().run())
    assert not prediction(at)["right"]


def test_an_uncertain_prediction_is_worded_with_two_classes(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    assert headline(choose_tab(open_page(), "test")) == "The network predicts 3 (82.0 %)."
    unsure = make_run_of_network(db, constant("digits", [0.3, 0.1, 0.1, 0.25, 0.05, 0.04, 0.04, 0.04, 0.04, 0.04]))
    at = choose_tab(open_page(run=str(unsure)), "test")
    assert headline(at) == "The network is not sure: perhaps 0 (30.0 %), perhaps 3 (25.0 %)."


@pytest.mark.parametrize("name", [name for name, info in datasets.REGISTRY.items() if info.kind == "tabular"])
def test_a_network_for_measurements_predicts_the_rows_of_its_test_set(open_page, db: Database, name: str) -> None:
    make_run_of_network(db, class_means(name))
    at = open_page()
    info, test = datasets.REGISTRY[name], datasets.load_test(name)
    assert "its inputs are measurements, not pictures" in at.info[0].value
    table = next(element.value for element in at.markdown if element.value.startswith("| Measurement"))
    assert len(table.splitlines()) == 2 + info.inputs
    assert shown(at)["classes"] == list(info.class_names)
    assert shown(at)["truth"] == int(test.labels[0])
    assert shown(at)["variants"][0]["pictures"] == []


def test_measurements_are_shown_in_their_own_units_and_as_the_network_receives_them(open_page, db: Database) -> None:
    make_run_of_network(db, class_means("iris"))
    at = open_page()
    ended(at.number_input[0].set_value(5).run())
    data = datasets.load("iris")
    own = data.test_inputs[4] * data.feature_deviations + data.feature_means
    table = next(element.value for element in at.markdown if element.value.startswith("| Measurement"))
    first = [cell.strip() for cell in table.splitlines()[2].strip("|").split("|")]
    assert first == ["Sepal length (cm)", f"{own[0]:.4g}", formatting.signed(data.test_inputs[4][0], 2)]


def test_test_images_of_a_missing_dataset_get_an_error_message(
    open_page, db: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("MLPCORE_DATASETS", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    make_run_of_network(db, constant("mnist", PREDICTS_3))
    at = choose_tab(open_page(), "test")
    assert "MNIST is not on this machine" in at.error[0].value
    assert prediction(uploaded(choose_tab(at, "upload"), "one.png", picture()))["top"] == 3


def test_the_page_is_shown_in_japanese(open_page, db: Database) -> None:
    make_run_of_network(db, constant("fashion_mnist", PREDICTS_3))
    at = choose_tab(open_page(lang="ja"), "test")
    assert at.title[0].value == "手書き数字を試す"
    assert shown(at)["classes"][9] == "アンクルブーツ"
    assert headline(at) == "ネットワークの予測は「ワンピース」（82.0 %）です。"


def test_test_images_are_prepared_for_networks_of_another_size(open_page, db: Database) -> None:
    first = make_run_of_network(db, class_means("mnist", sharpness=0.1))
    small = make_run_of_network(db, class_means("digits", sharpness=3))
    at = choose_tab(open_page(run=str(first), **{"with": str(small)}), "test")
    assert [each["width"] for each in shown(at)["variants"][0]["pictures"]] == [28, 8]
    assert prediction(at, 1)["right"]
    assert not any(button.label == "Next disagreement" for button in at.button)
