"""The figures of neurons and their layers: well-formed, escaped, small, true to scale, and with what can be chosen."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import numpy as np
import pytest

from mlpcore.figures.activity import Column, Layout, Line, Neuron, Picture, activity_svg, shade
from mlpcore.figures.axes import Scale, round_range
from mlpcore.figures.bar_tables import WeightChange, weight_change_table
from mlpcore.figures.class_spread import ClassRow, class_spread_svg
from mlpcore.figures.dot_strip import UnitCell, unit_strip_svg
from mlpcore.figures.example_cards import ActivatingExample, activating_examples
from mlpcore.figures.incoming_weights import IncomingWeight, WeightPicture, incoming_weights_list, weight_product
from mlpcore.figures.quantile_bands import EpochDistribution, quantile_bands_svg, side_by_side

NAUGHTY = '<b>"&'


def drawn(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(markup)


def picks(markup: str) -> list[str]:
    return [element.get("data-pick", "") for element in drawn(markup).iter() if element.get("data-pick")]


def words(markup: str) -> str:
    return " ".join("".join(element.itertext()) for element in drawn(markup).iter("text"))


def test_an_axis_has_round_numbers_within_its_range() -> None:
    assert Scale(0, 1, 0, 100).ticks(5) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    assert Scale(-1.2, 1.1, 0, 100)(1.1) == 100
    assert Scale(0, 10, 50, 0)(5) == 25
    assert Scale(3, 3, 0, 10)(3) == 5


@pytest.mark.parametrize(("low", "high"), [(0, 0.99), (-1.2, 1.1), (-3e38, 3e38), (5, 5), (0, 0), (-2, -1.9)])
def test_the_round_range_holds_everything(low: float, high: float) -> None:
    start, end = round_range(low, high, 5)

    room = 1e-9 * (end - start)
    assert start - room <= low <= high <= end + room
    assert start < end


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
    assert "5 more" in words(svg)
    assert words(svg).count(NAUGHTY) == 2
    # Two plain lines; the marked one has a halo.
    assert sum(path.get("d", "").count("L") for path in drawn(svg).iter("path")) == 2 + 2


def test_a_line_from_a_picture_starts_at_its_pixel() -> None:
    columns = [Column("Input", "", ()), Column("Output", "", (a_neuron(1), a_neuron(2)))]
    layout = Layout([0, 2], (4, 4), [], [" ", " "], False)
    x, y = layout.pixel_at(6)
    left, top, width, height = layout.picture

    svg = activity_svg(columns, [[Line(6, 1, 1.0, marked=True)]], "", Picture("data:,", 4, 4))

    assert (x - left, y - top) == pytest.approx((width * 2.5 / 4, height * 1.5 / 4))
    assert f"M{x:.4g} {y:.4g}L" in svg
    assert len([rect for rect in drawn(svg).iter("rect") if rect.get("stroke") == "#3d8ed0"]) == 1


def test_brightness_grows_with_the_activation_and_the_hue_tells_its_sign() -> None:
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


def test_cells_are_buttons_and_the_dead_and_saturated_are_marked_by_more_than_colour() -> None:
    cells = [
        UnitCell(0.5, "", "1-1", "fine"),
        UnitCell(0, "dead", "1-2", NAUGHTY),
        UnitCell(0, "saturated", "1-3", "saturated"),
    ]

    svg = unit_strip_svg(cells, "cells")

    assert picks(svg) == ["1-1", "1-2", "1-3"]
    assert [len(list(group.iter("path"))) for group in drawn(svg).iter("g")] == [0, 1, 1]
    assert NAUGHTY in [title.text for title in drawn(svg).iter("title")]


def test_a_strip_of_a_thousand_cells_stays_small_and_breaks_into_rows() -> None:
    svg = unit_strip_svg([UnitCell(0.5, "", f"1-{n}", f"Neuron {n}") for n in range(1000)], "", narrow=True)

    assert len(svg) < 150_000
    assert float(drawn(svg).get("viewBox", "").split()[2]) <= 350


def a_moment(epoch: int, low: float = -1, high: float = 1) -> EpochDistribution:
    return EpochDistribution(epoch, np.linspace(low, high, 7).tolist(), [1, 2, 0, 4])


def test_epochs_lie_true_to_scale() -> None:
    svg = quantile_bands_svg([a_moment(0), a_moment(1), a_moment(10)], 10, NAUGHTY, "Epoch", "")

    places = [float(circle.get("cx", "")) for circle in drawn(svg).iter("circle")]
    assert (places[1] - places[0]) / (places[2] - places[0]) == pytest.approx(0.1, abs=0.01)
    assert NAUGHTY in words(svg)


@pytest.mark.parametrize("moments", [[a_moment(3)], [a_moment(0, 2, 2), a_moment(1, 2, 2)], [a_moment(0, -3e38, 3e38)]])
def test_a_single_epoch_equal_numbers_and_huge_ones_are_drawn(moments: list[EpochDistribution]) -> None:
    svg = quantile_bands_svg(moments, moments[-1].epoch, "", "Epoch", "")

    assert "nan" not in svg
    assert "inf" not in svg
    assert drawn(side_by_side([svg, svg])).tag == "div"


def test_on_a_phone_the_figure_is_narrower_and_its_letters_as_large() -> None:
    wide, narrow = (
        quantile_bands_svg([a_moment(0), a_moment(1)], 1, "", "Epoch", "", narrow) for narrow in (False, True)
    )

    assert [float(drawn(svg).get("viewBox", "").split()[2]) for svg in (wide, narrow)] == [520, 360]
    assert all(float(rect.get("x", "")) + float(rect.get("width", "")) <= 360 for rect in drawn(narrow).iter("rect"))


def test_labels_of_close_epochs_do_not_overlap() -> None:
    svg = quantile_bands_svg([a_moment(epoch) for epoch in (0, 997, 998, 999, 1000)], 1000, "", "Epoch", "")

    assert "998" not in words(svg)
    assert "997" in words(svg)


def test_classes_without_examples_keep_their_row_and_the_example_is_marked() -> None:
    nothing = ClassRow("none", math.nan, (math.nan,) * 5)
    svg = class_spread_svg([ClassRow(NAUGHTY, 0.5, (0, 0.2, 0.5, 0.8, 1)), nothing], 0.7, "this example: 0.7", "")

    assert "nan" not in svg
    assert {"this example: 0.7", NAUGHTY, "none"} <= {text.text for text in drawn(svg).iter("text")}
    assert len(list(drawn(svg).iter("circle"))) == 1


def test_a_neuron_that_is_always_zero_has_an_axis() -> None:
    assert "nan" not in class_spread_svg([ClassRow("0", 0, (0,) * 5)], 0, "0", "", narrow=True)


def test_a_list_of_products_writes_them_out_and_leads_to_the_neurons_before() -> None:
    rows = [IncomingWeight(NAUGHTY, 2, -0.5, -1, "1-3", NAUGHTY), IncomingWeight("b", 1, 0.25, 0.25)]

    markup = incoming_weights_list(rows, ("from", "activation", "weight", "contribution"), ("Bias", 0.5))

    text = " ".join(drawn(markup).itertext())
    assert f"{NAUGHTY} 2.00 × −0.500 = −1.00" in text
    assert picks(markup) == ["1-3"]


def test_pictures_of_a_product_stand_side_by_side() -> None:
    markup = weight_product(
        WeightPicture("data:,1", NAUGHTY), WeightPicture("data:,2", "weights"), WeightPicture("data:,3", "both"), ""
    )

    assert "data:,1" in markup
    assert "&lt;b&gt;" in markup
    assert "×" in markup


def test_examples_are_cards_that_can_be_chosen() -> None:
    card = ActivatingExample(np.zeros((8, 8), np.float32), NAUGHTY, "a = 1", "17", f"Example {NAUGHTY}")

    markup = activating_examples([card])

    assert 'data-pick="17"' in markup
    assert "<b>&lt;b&gt;&quot;&amp;</b>" in markup


def test_longer_names_get_larger_cards() -> None:
    card = ActivatingExample(np.zeros((8, 8), np.float32), "7", "3 → 7", "1", "")
    long = ActivatingExample(np.zeros((8, 8), np.float32), "Ankle boot", "Sandal → Ankle boot", "1", "")

    assert "56px" in activating_examples([card])
    assert "56px" not in activating_examples([card, long])


def test_bars_of_moved_layers_are_drawn_to_the_largest() -> None:
    markup = weight_change_table(
        [WeightChange(NAUGHTY, 0.1, "10 %", "0"), WeightChange("b", 0.2, "20 %", "0")], ("a", "b", "c")
    )

    widths = [part.split("%")[0] for part in markup.split("width:")[1:] if "%" in part.split(";")[0]]
    assert widths == ["50.0", "100.0"]
    assert NAUGHTY in "".join(drawn(markup).itertext())


def test_layers_that_did_not_move_are_drawn_too() -> None:
    assert "nan" not in weight_change_table([WeightChange("a", 0, "0 %", "0")], ("a", "b", "c"))
