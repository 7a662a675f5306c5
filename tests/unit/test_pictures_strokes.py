"""What a canvas sends, checked and drawn."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from mlpcore.errors import PictureError
from mlpcore.pictures import parse_strokes, prepare
from mlpcore.pictures.strokes import MAX_POINTS, MAX_STROKES, Strokes, block_means, draw


def test_strokes_keep_their_points_in_order() -> None:
    strokes = parse_strokes([[[0, 0.5], [0.25, 1]], [[1, 1]]])
    assert [line.tolist() for line in strokes.lines] == [[[0, 0.5], [0.25, 1]], [[1, 1]]]


def test_points_outside_the_canvas_are_moved_to_its_edge() -> None:
    strokes = parse_strokes([[[-0.1, 0.5], [7, -1e300], [10**400, -(10**400)]]])
    assert strokes.lines[0].tolist() == [[0, 0.5], [1, 0], [1, 0]]


@pytest.mark.parametrize("payload", [[], [[]], [[], [], []]])
def test_an_empty_canvas_asks_for_a_digit(payload: Any) -> None:
    with pytest.raises(PictureError, match="The canvas is empty: draw a digit on it first"):
        parse_strokes(payload)


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "payload",
    [
        None,
        7,
        "strokes",
        {"strokes": []},
        [1, 2],
        [None],
        [[1, 2]],
        [["ab"]],
        [[None]],
        [[[]]],
        [[[0.5]]],
        [[[0.5, 0.5, 0.5]]],
        [[{"x": 1, "y": 2}]],
        [[["0.5", "0.5"]]],
        [[[True, False]]],
        [[[None, 0.5]]],
        [[[[0.5], 0.5]]],
        [[[math.nan, 0.5]]],
        [[[0.5, math.inf]]],
        [[[0.5, -math.inf]]],
        [[[0.5 + 1j, 0.5]]],
        [[[0.1, 0.1]], "x"],
        json.loads("[[[NaN, 1e999]]]"),
        nested(900),
    ],
)
def test_what_is_not_a_drawing_is_refused_with_a_sentence(payload: Any) -> None:
    with pytest.raises(PictureError, match="clear the canvas and draw again"):
        parse_strokes(payload)


@pytest.mark.parametrize(
    "payload",
    [
        [[[0.5, 0.5]]] * (MAX_STROKES + 1),
        [[[0.5, 0.5]] * (MAX_POINTS + 1)],
        [[[0.5, 0.5]] * 6000] * 1000,
        [[None] * 10**6],
    ],
)
def test_more_than_a_hand_draws_is_refused_before_it_is_read(payload: Any) -> None:
    with pytest.raises(PictureError, match="too many strokes"):
        parse_strokes(payload)


def test_the_largest_drawing_that_is_accepted_is_prepared() -> None:
    points = np.random.default_rng(0).random((MAX_STROKES, MAX_POINTS // MAX_STROKES, 2)).tolist()
    assert np.isfinite(prepare(parse_strokes(points), (28, 28)).inputs).all()


def in_pixels(*lines: list[list[float]]) -> Strokes:
    return Strokes(tuple(np.array(line, float) for line in lines))


def test_a_line_covers_its_length_times_the_pens_width_and_two_round_ends() -> None:
    ink = block_means(draw(in_pixels([[5, 10], [15, 10]]), 20, 3), 8)
    assert ink.sum() == pytest.approx(10 * 3 + math.pi * 1.5**2, rel=0.05)
    assert ink[9:11, 6:14].min() == 1
    assert ink[[7, 12]].max() == 0


def test_a_stroke_of_one_point_is_a_dot_as_wide_as_the_pen() -> None:
    ink = block_means(draw(in_pixels([[10, 10]]), 20, 4), 8)
    assert ink.sum() == pytest.approx(math.pi * 2**2, rel=0.08)


def test_a_point_in_the_same_place_as_the_one_before_changes_nothing() -> None:
    once, often = [[3.0, 3.0], [12.0, 15.0]], [[3.0, 3.0]] * 50 + [[12.0, 15.0]] * 50
    np.testing.assert_array_equal(draw(in_pixels(once), 20, 2), draw(in_pixels(often), 20, 2))


def test_edges_are_antialiased() -> None:
    ink = block_means(draw(in_pixels([[3, 3], [16, 11]]), 20, 2.4), 8)
    assert ((ink > 0.05) & (ink < 0.95)).sum() > 20
