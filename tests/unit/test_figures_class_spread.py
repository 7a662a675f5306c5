"""The spread of an activation over the classes."""

from __future__ import annotations

import math

from mlpcore.figures.class_spread import ClassRow, class_spread_svg
from tests.unit.parsed_markup import NAUGHTY, parsed


def test_classes_without_examples_keep_their_row_and_the_example_is_marked() -> None:
    nothing = ClassRow("none", math.nan, (math.nan,) * 5)
    svg = class_spread_svg([ClassRow(NAUGHTY, 0.5, (0, 0.2, 0.5, 0.8, 1)), nothing], 0.7, "this example: 0.7", "")

    assert "nan" not in svg
    assert {"this example: 0.7", NAUGHTY, "none"} <= {text.text for text in parsed(svg).iter("text")}
    assert len(list(parsed(svg).iter("circle"))) == 1


def test_a_neuron_that_is_always_zero_has_an_axis() -> None:
    assert "nan" not in class_spread_svg([ClassRow("0", 0, (0,) * 5)], 0, "0", "", narrow=True)
