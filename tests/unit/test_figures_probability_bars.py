"""Bars of probabilities: their colours, marks and lengths."""

from __future__ import annotations

import re

from mlpcore.figures.palette import CORRECT, WRONG
from mlpcore.figures.probability_bars import before_after_bars, horizontal_bars, vertical_bars

THREE = ["one", "two", "three"]


def test_the_true_class_is_blue_a_wrong_prediction_red_and_all_others_grey():
    colors = re.findall(r"background:(#\w+|color-mix)[^>]*\"></i>", vertical_bars([0.1, 0.7, 0.2], THREE, 2, 1))
    assert colors == ["color-mix", WRONG, CORRECT]
    right = vertical_bars([0.1, 0.7, 0.2], THREE, 1, 1)
    assert CORRECT in right
    assert WRONG not in right


def test_colour_is_never_alone():
    for bars in (horizontal_bars([0.1, 0.7, 0.2], THREE, 2, 1), vertical_bars([0.1] * 5, ["longer name"] * 5, 2, 1)):
        assert bars.index("✗") < bars.index("✓")


def test_short_names_are_below_the_small_bars_and_long_ones_in_tooltips():
    names = [str(digit) for digit in range(10)]
    assert re.findall(r">(\d)</span>", vertical_bars([0.1] * 10, names, 3, 3)) == names
    long = vertical_bars([0.1] * 10, [f"class {name}" for name in names], 3, 3)
    assert ">class" not in long
    assert 'title="class 4: 10.0' in long


def test_bars_before_and_after_are_as_long_as_their_probabilities() -> None:
    html = before_after_bars([0.25, 0.75], [0.5, 0.5], ["a", "b"], ("before", "after"), 1)
    assert re.findall(r'<i style="width:([\d.]+)%', html) == ["25.00", "50.00", "75.00", "50.00"]
