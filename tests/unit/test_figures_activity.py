"""The picture of a network at work: well-formed, small, and with neurons that can be chosen."""

from __future__ import annotations

import numpy as np
import pytest

from mlpcore.figures.activity import Column, Layout, Line, Neuron, Picture, activity_svg, shade
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
