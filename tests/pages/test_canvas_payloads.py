"""The canvas takes whatever a browser sends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[1] / "browser" / "apps" / "canvas_app.py"


def received(state: Any) -> Any:
    app = AppTest.from_file(str(APP))
    app.session_state["drawing"] = state
    app.run()
    assert not app.exception
    return json.loads(app.code[0].value)


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"drawing": None},
        {"drawing": "strokes"},
        {"drawing": [1, 2]},
        {"drawing": {}},
        {"drawing": {"id": "x", "clear": {}, "strokes": [[[0, 0]]]}},
        {"drawing": {"id": 10**400, "clear": "0"}},
        {"drawing": {"id": True, "clear": "0", "strokes": []}},
        {"other": 1},
    ],
)
def test_what_is_no_drawing_is_an_empty_canvas(state):
    assert received(state)["strokes"] is None


def test_what_may_be_a_drawing_is_handed_on_for_validation():
    strokes = [[[0.1, 0.2], [0.3, 0.4]]]
    assert received({"drawing": {"id": 3, "clear": "0", "strokes": strokes}})["strokes"] == strokes


@pytest.mark.parametrize(
    ("pen", "width"),
    [("thin", 0.03), ("thick", 0.11), ("medium", 0.065), ("huge", 0.065), (None, 0.065), ([], 0.065), (10**400, 0.065)],
)
def test_an_unknown_pen_becomes_the_default(pen, width):
    assert received({"drawing": {"id": 3, "clear": "0", "pen": pen, "strokes": [[[0.1, 0.2]]]}})["pen"] == width
