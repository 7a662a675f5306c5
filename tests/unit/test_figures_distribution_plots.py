"""Distributions over the epochs and over the classes: true to scale, and drawn whatever the numbers are."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mlpcore.figures.distribution_plots import (
    ClassRow,
    EpochDistribution,
    class_spread_svg,
    quantile_bands_svg,
    side_by_side,
)
from tests.unit.parsed_markup import NAUGHTY, parsed, words


def a_moment(epoch: int, low: float = -1, high: float = 1) -> EpochDistribution:
    return EpochDistribution(epoch, np.linspace(low, high, 7).tolist(), [1, 2, 0, 4])


def test_epochs_are_drawn_to_scale() -> None:
    svg = quantile_bands_svg([a_moment(0), a_moment(1), a_moment(10)], 10, NAUGHTY, "Epoch", "")

    places = [float(circle.get("cx", "")) for circle in parsed(svg).iter("circle")]
    assert (places[1] - places[0]) / (places[2] - places[0]) == pytest.approx(0.1, abs=0.01)
    assert NAUGHTY in " ".join(words(svg))


@pytest.mark.parametrize("moments", [[a_moment(3)], [a_moment(0, 2, 2), a_moment(1, 2, 2)], [a_moment(0, -3e38, 3e38)]])
def test_a_single_epoch_equal_numbers_and_huge_ones_are_drawn(moments: list[EpochDistribution]) -> None:
    svg = quantile_bands_svg(moments, moments[-1].epoch, "", "Epoch", "")

    assert "nan" not in svg
    assert "inf" not in svg
    assert parsed(side_by_side([svg, svg])).tag == "div"


def test_on_a_phone_the_figure_is_narrower_and_its_letters_as_large() -> None:
    wide, narrow = (
        quantile_bands_svg([a_moment(0), a_moment(1)], 1, "", "Epoch", "", narrow) for narrow in (False, True)
    )

    assert [float(parsed(svg).get("viewBox", "").split()[2]) for svg in (wide, narrow)] == [520, 360]
    assert all(float(rect.get("x", "")) + float(rect.get("width", "")) <= 360 for rect in parsed(narrow).iter("rect"))


def test_labels_of_close_epochs_do_not_overlap() -> None:
    svg = quantile_bands_svg([a_moment(epoch) for epoch in (0, 997, 998, 999, 1000)], 1000, "", "Epoch", "")

    assert "998" not in " ".join(words(svg))
    assert "997" in " ".join(words(svg))


def test_classes_without_examples_keep_their_row_and_the_example_is_marked() -> None:
    nothing = ClassRow("none", math.nan, (math.nan,) * 5)
    svg = class_spread_svg([ClassRow(NAUGHTY, 0.5, (0, 0.2, 0.5, 0.8, 1)), nothing], 0.7, "this example: 0.7", "")

    assert "nan" not in svg
    assert {"this example: 0.7", NAUGHTY, "none"} <= {text.text for text in parsed(svg).iter("text")}
    assert len(list(parsed(svg).iter("circle"))) == 1


def test_a_neuron_that_is_always_zero_has_an_axis() -> None:
    assert "nan" not in class_spread_svg([ClassRow("0", 0, (0,) * 5)], 0, "0", "", narrow=True)
