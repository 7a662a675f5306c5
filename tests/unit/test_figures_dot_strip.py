"""Strips of dots and of cells: every value in its place."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from mlpcore.figures.dot_strip import Dot, DotStrip, UnitCell, dot_strips_svg, unit_strip_svg
from tests.unit.parsed_markup import NAUGHTY, parsed, picks


def strip(values: list[float], label: str = "Test", mean: float | None = None, deviation: float = 0.01) -> DotStrip:
    dots = tuple(Dot(value, f"network {index}", index == 1) for index, value in enumerate(values))
    return DotStrip(label, "96.0 ± 1.0 %", dots, sum(values) / len(values) if mean is None else mean, deviation)


def circles(svg: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(svg).findall("circle")


def test_cells_are_buttons_and_the_dead_and_saturated_are_marked_by_more_than_colour() -> None:
    cells = [
        UnitCell(0.5, "", "1-1", "fine"),
        UnitCell(0, "dead", "1-2", NAUGHTY),
        UnitCell(0, "saturated", "1-3", "saturated"),
    ]

    svg = unit_strip_svg(cells, "cells")

    assert picks(svg) == ["1-1", "1-2", "1-3"]
    assert [len(list(group.iter("path"))) for group in parsed(svg).iter("g")] == [0, 1, 1]
    assert NAUGHTY in [title.text for title in parsed(svg).iter("title")]


def test_a_strip_of_a_thousand_cells_stays_small_and_breaks_into_rows() -> None:
    svg = unit_strip_svg([UnitCell(0.5, "", f"1-{n}", f"Neuron {n}") for n in range(1000)], "", narrow=True)

    assert len(svg) < 150_000
    assert float(parsed(svg).get("viewBox", "").split()[2]) <= 350


def test_each_network_is_a_dot_and_better_ones_lie_further_right() -> None:
    values = [0.95, 0.97, 0.96]

    drawn = {
        circle[0].text: float(circle.attrib["cx"]) for circle in circles(dot_strips_svg([strip(values)], "spread"))
    }

    assert drawn["network 0"] < drawn["network 2"] < drawn["network 1"]


def test_equal_accuracies_of_two_strips_lie_below_each_other() -> None:
    svg = dot_strips_svg([strip([0.9, 0.96]), strip([0.96, 0.99])], "spread")

    low, equal, also_equal, high = (float(circle.attrib["cx"]) for circle in circles(svg))
    assert low < equal == also_equal < high


def test_the_marked_dot_is_drawn_last_so_that_none_hides_it() -> None:
    assert [circle[0].text for circle in circles(dot_strips_svg([strip([0.9, 0.9, 0.9])], "spread"))][-1] == "network 1"


@pytest.mark.parametrize(
    "values", [[0.9, 0.9], [1.0, 1.0], [0.0, 0.0], [0.0, 1.0], [0.999, 1.0], [0.5 + i / 300 for i in range(100)]]
)
@pytest.mark.parametrize("narrow", [False, True])
def test_all_lies_within_the_picture_and_the_axis_has_round_labels(values: list[float], narrow: bool) -> None:
    svg = dot_strips_svg([strip(values, deviation=0.3)], "spread", narrow)

    root = ElementTree.fromstring(svg)
    width = float(root.attrib["viewBox"].split()[2])
    assert all(0 <= float(circle.attrib["cx"]) <= width for circle in root.findall("circle"))
    band = root.find("rect")
    assert band is not None
    assert 0 <= float(band.attrib["x"]) <= float(band.attrib["x"]) + float(band.attrib["width"]) <= width
    labels = [text.text or "" for text in root.findall("text") if re.fullmatch(r"[\d.]+\s%", text.text or "")]
    assert 1 <= len(labels) <= 13
    assert all(float(label.split()[0]) <= 100 for label in labels)
