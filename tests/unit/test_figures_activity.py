"""The picture of a network at work: well-formed, small, and with neurons that can be chosen."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest

from mlpcore.figures.activity import Column, Line, Neuron, Picture, activity_svg, shade
from mlpcore.figures.activity_layout import Layout
from mlpcore.figures.axes import text_width
from tests.unit.parsed_markup import NAUGHTY, parsed, picks, words


def a_neuron(number: int, **more: object) -> Neuron:
    return Neuron(str(number), 0.5, f"1-{number}", f"neuron {number}", **more)


def test_the_network_has_all_neurons_as_buttons_and_escapes_names() -> None:
    columns = [
        Column("Input", "", (Neuron("", -1, name=NAUGHTY, value="+1"),)),
        Column("Hidden", "2 ReLU", (a_neuron(1), a_neuron(7)), "5 more"),
        Column("Output", "", (a_neuron(2, name=NAUGHTY, value="99 %"),)),
    ]
    gaps = [[Line(0, 0, 1.0), Line(0, 1, -0.5)], [Line(1, 0, 0.2, marked=True)]]

    svg = activity_svg(columns, gaps, NAUGHTY)

    assert picks(svg) == ["1-1", "1-7", "1-2"]
    assert "5 more" in " ".join(words(svg))
    assert " ".join(words(svg)).count(NAUGHTY) == 2
    # Two plain lines; the marked one has a halo.
    assert sum(path.get("d", "").count("L") for path in parsed(svg).iter("path")) == 2 + 2


def test_a_line_from_a_picture_starts_at_its_pixel() -> None:
    columns = [Column("Input", "", ()), Column("Output", "", (a_neuron(1), a_neuron(2)))]
    layout = Layout([0, 2], (4, 4), [], [" ", " "], False)
    x, y = layout.pixel_at(6)
    left, top, width, height = layout.picture

    svg = activity_svg(columns, [[Line(6, 1, 1.0, marked=True)]], "", Picture("data:,", 4, 4))

    assert (x - left, y - top) == pytest.approx((width * 2.5 / 4, height * 1.5 / 4))
    assert f"M{x:.4g} {y:.4g}L" in svg
    assert len([rect for rect in parsed(svg).iter("rect") if rect.get("stroke") == "#3d8ed0"]) == 1


def test_brightness_grows_with_the_activation_and_the_hue_shows_its_sign() -> None:
    greens = [int(shade(level)[0][3:5], 16) for level in (0, 0.3, 1)]
    assert greens == sorted(set(greens))
    blue, amber = shade(1)[0], shade(-1)[0]
    assert int(blue[5:], 16) > int(blue[1:3], 16)
    assert int(amber[1:3], 16) > int(amber[5:], 16)
    assert shade(5) == shade(1)


@pytest.mark.parametrize("narrow", [False, True])
def test_the_picture_of_the_largest_network_stays_small(narrow: bool) -> None:
    neurons = tuple(a_neuron(4000 + number) for number in range(16))
    columns = [Column("Input", "", ()), *[Column("Hidden", "4,096 ReLU", neurons, "4,080 more")] * 8]
    columns.append(Column("Output", "", neurons[:10]))
    chance = np.random.default_rng(0)
    gaps = [
        [
            Line(int(chance.integers(784)) if gap == 0 else int(chance.integers(16)), n % 10, chance.uniform(-1, 1))
            for n in range(160)
        ]
        for gap in range(9)
    ]

    assert len(activity_svg(columns, gaps, "", Picture("data:,", 28, 28), narrow)) < 110_000


def network_of(names: list[str], hidden: int, picture: bool) -> list[Column]:
    """The columns of a network that is almost sure of the first class."""
    left = () if picture else (Neuron("", 0.5, name="がく片の長さ（cm）", value="−0.123"),)
    units = tuple(a_neuron(number) for number in range(12))
    sure, unsure = "> 99.9\N{NO-BREAK SPACE}%", "< 0.1\N{NO-BREAK SPACE}%"
    answers = [Neuron("", 1, name=f"{names[0]} ✓", value=sure, tone="blue")]
    answers += [Neuron("", 0, name=name, value=unsure) for name in names[1:]]
    inside = [Column(f"隠れ層 {layer}", "128 ReLU", units, "ほか 116 個") for layer in range(hidden)]
    return [Column("入力", "28×28 ピクセル", left), *inside, Column("出力", "softmax", tuple(answers))]


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("picture", [False, True])
@pytest.mark.parametrize("names", [["2", "3"], ["Ankle boot", "Bag"], ["アンクルブーツ", "バッグ"], ["W" * 24, ""]])
def test_no_text_leaves_the_drawing(names: list[str], picture: bool, narrow: bool) -> None:
    columns = network_of(names, 2, picture)

    svg = activity_svg(columns, [[]] * 3, "", Picture("data:,", 28, 28) if picture else None, narrow)

    drawing = next(parsed(svg).iter("svg"))
    width = float(drawing.get("viewBox", "").split()[2])
    for text in drawing.iter("text"):
        written, size = "".join(text.itertext()), float(text.get("font-size", "13"))
        bold = 1.18 if text.get("font-weight") else 1.0  # measured in a browser
        left = float(text.get("x", "0"))
        room = bold * text_width([written], size)
        left -= {"start": 0.0, "middle": room / 2, "end": room}[text.get("text-anchor", "middle")]
        assert left >= 0, written
        assert left + room <= width, written


@pytest.mark.parametrize("hidden", [1, 2])
def test_on_a_phone_a_network_for_digits_needs_no_scrolling(hidden: int) -> None:
    columns = network_of([str(digit) for digit in range(10)], hidden, picture=True)

    svg = activity_svg(columns, [[]] * (hidden + 1), "", Picture("data:,", 28, 28), narrow=True)

    least = re.search("min-width:([0-9]+)px", svg)
    assert least is not None
    assert int(least[1]) <= 328  # what a page has beside its margins on a phone 360 pixels wide


@pytest.mark.parametrize("count", [2, 16, 40])
def test_a_click_beside_a_neuron_counts_and_no_two_areas_overlap(count: int) -> None:
    columns = [Column("Input", "", ()), Column("Output", "", tuple(a_neuron(number) for number in range(count)))]

    groups = [group for group in parsed(activity_svg(columns, [[]], "")).iter("g") if group.get("data-pick")]

    areas = []
    for group in groups:
        (area,), (circle,) = list(group.iter("rect")), list(group.iter("circle"))
        top, bottom = float(area.get("y")), float(area.get("y")) + float(area.get("height"))
        assert float(area.get("x")) <= float(circle.get("cx")) - 2 * float(circle.get("r"))
        assert (top + bottom) / 2 == pytest.approx(float(circle.get("cy")))
        areas.append((top, bottom))
    assert len(areas) == count
    assert all(below[0] >= above[1] - 0.01 for above, below in pairwise(areas))
