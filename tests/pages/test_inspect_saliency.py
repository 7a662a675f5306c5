"""Look inside: the saliency of an example. Which class the colours are about, what is covered, what is explained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore import datasets
from mlpcore.analysis.sampling import scaled
from mlpcore.ui.components.canvas import CanvasContent
from mlpcore.ui.inspect import example_selection
from tests import app_pages
from tests.app_pages import clean, figures, parameters, texts
from tests.factory.networks import class_means, constant, make_run_of_network, make_run_with_networks

ONE = [[[0.5, 0.2], [0.49, 0.4], [0.48, 0.6], [0.47, 0.8]]]


@pytest.fixture
def open_page(data_folder: Path):
    """Open the page, `open_page(run=3)`, with these parameters in its address."""
    return lambda **address: clean(app_pages.open_page("pages/inspect.py", **{"view": "saliency", **address}))


def drawn(at: AppTest) -> str:
    """All pictures of the page, as markup."""
    return "".join(figures(at))


@pytest.fixture
def reader(db: Database) -> int:
    """A run whose network reads digits."""
    return make_run_of_network(db, class_means("digits", sharpness=3))


def predicted_for(index: int) -> int:
    network, test = class_means("digits", sharpness=3), datasets.load_test("digits")
    return int(network.probabilities(scaled(test, np.array([index])))[0].argmax())


def test_the_predicted_class_is_explained_until_another_is_chosen(open_page, reader: int) -> None:
    at = open_page(run=reader, example=4)
    predicted = predicted_for(3)
    assert at.segmented_control(key="inspect_explain").value == predicted
    assert f"the score of {predicted}" in texts(at)

    other = (predicted + 1) % 10
    clean(at.segmented_control(key="inspect_explain").set_value(other).run())
    assert parameters(at)["explain"] == str(other)
    assert f"the score of {other}" in texts(at)

    clean(at.segmented_control(key="inspect_explain").set_value(predicted).run())
    assert "explain" not in parameters(at)


def test_the_gradient_of_the_probability_can_be_chosen(open_page, reader: int) -> None:
    at = open_page(run=reader, example=4)
    score = drawn(at)
    clean(at.segmented_control(key="inspect_gradient_of").set_value("probability").run())
    assert parameters(at)["gradient"] == "probability"
    assert f"the probability of {predicted_for(3)}" in texts(at)
    assert drawn(at) != score


def test_the_patch_is_at_the_place_in_the_address_or_where_it_matters_most(open_page, reader: int) -> None:
    at = open_page(run=reader, example=4)
    matters = next(text for text in texts(at).split("\n") if text.startswith("With the patch at"))
    moved = open_page(run=reader, example=4, patch_at="2-7")
    assert matters != texts(moved)
    assert "With the patch at row 2, column 7," in texts(moved)


def test_a_patch_that_changes_nothing_is_not_said_to_change_the_probability(open_page, db: Database) -> None:
    run = make_run_of_network(db, constant("digits", [0.1] * 10))

    text = texts(open_page(run=run, example=4, patch_at="2-7"))

    assert "With the patch at row 2, column 7, the probability of 0 does not change: 10.0 %." in text.replace("\\", "")


def test_size_and_colour_of_the_patch_go_into_the_address(open_page, reader: int) -> None:
    at = open_page(run=reader, example=4)
    assert at.segmented_control(key="inspect_patch").value == 3
    clean(at.segmented_control(key="inspect_patch").set_value(1).run())
    clean(at.segmented_control(key="inspect_fill").set_value("grey").run())
    assert parameters(at) | {"patch": "1", "fill": "grey"} == parameters(at)
    again = open_page(run=reader, example=4, patch=1, fill="grey")
    assert drawn(again) == drawn(at)


@pytest.mark.parametrize(
    "hostile",
    [
        {"explain": "10", "patch": "2", "fill": "<b>", "gradient": "x", "patch_at": "0-0"},
        {"explain": "1" * 60, "patch": "99", "patch_at": "9-9"},
    ],
    ids=range(2),
)
def test_an_invalid_address_shows_what_an_empty_one_does(open_page, reader: int, hostile: dict[str, str]) -> None:
    assert drawn(open_page(run=reader, example=4, **hostile)) == drawn(open_page(run=reader, example=4))


def test_a_step_function_is_explained_and_occlusion_still_works(open_page, db: Database) -> None:
    run = make_run_with_networks(db, hidden=[{"units": 6, "activation": "step"}])
    at = open_page(run=run)
    assert "no gradient flows back through it" in texts(at)
    assert "0 everywhere" in drawn(at)
    assert "With the patch at" in texts(at)


def test_without_a_hidden_layer_the_weights_are_the_gradient_and_the_page_says_so(open_page, reader: int) -> None:
    assert "simply the weights of the class" in texts(open_page(run=reader))


def test_occlusion_covers_the_straightened_image(open_page, db: Database) -> None:
    hidden = [{"units": 6}]
    straight, plain = (make_run_with_networks(db, hidden=hidden, prepare=variant) for variant in ("deskew", "none"))
    assert "straightens each image" in texts(open_page(run=straight, example=2))
    assert "straightens" not in texts(open_page(run=plain, example=2))
    received = [
        picture.split('href="')[1][:200] for picture in (drawn(open_page(run=r, example=2)) for r in (straight, plain))
    ]
    assert received[0] != received[1]


@pytest.mark.parametrize("name", ["iris", "breast_cancer"])
def test_measurements_get_named_bars(open_page, db: Database, name: str) -> None:
    at = open_page(run=make_run_of_network(db, class_means(name)), example=2)
    markup = drawn(at)
    for feature in datasets.REGISTRY[name].feature_names or ():
        assert markup.count(f">{feature}<") == 3
    assert "→" in markup
    assert "replaced by its mean" in texts(at)


def test_saliency_is_shown_for_a_drawn_digit(open_page, reader: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(example_selection, "canvas", lambda _key: CanvasContent(None, 0.065))
    at = open_page(run=reader, source="draw")
    assert "Draw a digit" in texts(at)
    monkeypatch.setattr(example_selection, "canvas", lambda _key: CanvasContent(ONE, 0.065))
    at = open_page(run=reader, source="draw")
    assert "The network predicts" in texts(at)
    assert "white on black" in texts(at)
    assert "data-pick" in drawn(at)


def test_the_view_is_shown_in_japanese(open_page, reader: int) -> None:
    at = open_page(run=reader, lang="ja")
    assert at.subheader[0].value == "勾配：ピクセルを少し明るくすると何が変わるか"
    assert "ネットワークへの入力" in drawn(at)
