"""Drawing on the page Try a digit: what a browser sends, and the input that a naive demo would use."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
from sqlite_utils import Database

from mlpcore.pictures import naive, parse_strokes, prepare
from mlpcore.ui.components.canvas import CanvasContent
from mlpcore.ui.predict import input_tabs
from tests.app_pages import ended
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
    waiting,
)

PAGE = "pages/predict.py"


def test_before_the_first_stroke_the_bars_are_empty_and_the_page_says_what_to_do(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    at = open_page()
    assert waiting(at)
    assert headline(at).startswith("Draw a digit from 0 to 9")


HOSTILE = [
    "strokes",
    {"strokes": 1},
    [1, 2],
    [[1, 2]],
    [[["a", "b"]]],
    [[[0.1, float("nan")]]],
    [[[0.5]]],
    [[[True, None]]],
    [[[0.1, 0.2]] * 20_000],
    [[[0.1, 0.2]]] * 500,
]


@pytest.mark.parametrize("payload", HOSTILE, ids=range(len(HOSTILE)))
def test_invalid_strokes_from_a_browser_get_an_error_message(
    open_page, db: Database, monkeypatch: pytest.MonkeyPatch, payload: Any
) -> None:
    monkeypatch.setattr(input_tabs, "canvas", lambda _key: CanvasContent(payload, 0.065))
    make_run_of_network(db, constant("digits", PREDICTS_3))
    at = open_page()
    assert "clear the canvas and draw" in at.error[0].value
    assert waiting(at)


@pytest.mark.parametrize(
    "strokes", [[[[0.5, 0.5]]], [[[-3, 9], [7.5, 0]]], [[[10**400, 0.5]]], [[], [[0.2, 0.2], [0.8, 0.8]]]]
)
def test_a_dot_and_a_line_outside_the_canvas_are_predicted(
    open_page, db: Database, monkeypatch: pytest.MonkeyPatch, strokes: Any
) -> None:
    monkeypatch.setattr(input_tabs, "canvas", lambda _key: CanvasContent(strokes, 0.065))
    make_run_of_network(db, constant("digits", PREDICTS_3))
    at = open_page()
    assert not at.error
    assert prediction(at)["top"] == 3


SMALL_ONE = [[[0.2, 0.1], [0.2, 0.3]]]


def test_the_input_of_a_naive_demo_is_compared_with_the_prepared_input(open_page, db: Database, drawn) -> None:
    drawn(SMALL_ONE)
    make_run_of_network(db, class_means("mnist"))
    at = open_page()
    assert len(shown(at)["variants"]) == 1
    ended(at.toggle(key="predict_naive").set_value(True).run())
    strokes = parse_strokes(SMALL_ONE)
    network = class_means("mnist")
    for index, prepared in enumerate((naive(strokes, (28, 28)).inputs, prepare(strokes, (28, 28)).inputs)):
        assert prediction(at, variant=index)["probabilities"] == pytest.approx(
            network.probabilities(prepared[None])[0], abs=1e-3
        )
        levels = np.frombuffer(base64.b64decode(received(at, index)["levels"]), np.uint8).reshape(28, 28)
        np.testing.assert_allclose(levels / 255, prepared, atol=0.003)
    assert [variant["title"] for variant in shown(at)["variants"]] == [
        "Only scaled down",
        "Prepared like the training images",
    ]
    assert "Only scaled down, the digit is 8 pixels large" in shown(at)["difference"]
    at = uploaded(choose_tab(at, "upload"), "one.png", picture())
    assert len(shown(at)["variants"]) == 2, "the switch stays as it is"
    assert len(shown(choose_tab(at, "test"))["variants"]) == 1, "a test image is as the network expects it"
