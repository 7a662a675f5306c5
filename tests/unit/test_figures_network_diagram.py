"""The picture of a network before it is trained: what is drawn of it, and that it is well-formed."""

from __future__ import annotations

import pytest

from mlpcore.figures.network_diagram import ROWS, Column, drawn_neurons, dropped, network_svg
from tests.unit.parsed_markup import parsed, words

OUTPUT = Column(3, "Output", ("softmax",), ("setosa", "versicolor", "virginica"))


INPUT = Column(784, "Input", ("28×28 pixels",))


@pytest.mark.parametrize("units", [1, 2, ROWS - 1, ROWS])
def test_a_small_layer_is_drawn_whole(units: int) -> None:
    assert drawn_neurons(units) == list(range(units))


@pytest.mark.parametrize("units", [ROWS + 1, 4096])
def test_a_large_layer_shows_its_first_and_last_neurons_with_dots_between(units: int) -> None:
    rows = drawn_neurons(units)

    assert rows[0] == 0
    assert rows[-1] == units - 1
    assert rows.count(None) == 1
    assert len(rows) <= ROWS


def test_titles_units_and_notes_are_written() -> None:
    hidden = Column(128, "Hidden 1", ("ReLU", "dropout 0.2"), dropped=0.2)

    texts = words(network_svg([INPUT, hidden, OUTPUT], "a network"))

    assert {"Input", "784", "28×28 pixels", "Hidden 1", "128", "ReLU", "dropout 0.2", "3", "softmax"} <= set(texts)
    assert {"setosa", "versicolor", "virginica"} <= set(texts)


def test_every_pair_of_drawn_neurons_has_its_line() -> None:
    svg = network_svg([Column(4, "Input"), Column(3, "Output")], "small")

    lines = sum(path.get("d", "").count("L") for path in parsed(svg).iter("path"))
    assert lines == 4 * 3
    assert len(list(parsed(svg).iter("circle"))) == 4 + 3


def test_dropped_neurons_lose_their_lines() -> None:
    hidden = Column(10, "Hidden 1", dropped=0.5)

    svg = network_svg([Column(2, "Input"), hidden, Column(2, "Output")], "half of it")

    assert len(dropped(hidden, 1)) == 5
    assert sum(path.get("d", "").count("L") for path in parsed(svg).iter("path")) == 2 * 5 + 5 * 2


@pytest.mark.parametrize("rate", [0.001, 0.2, 0.95])
@pytest.mark.parametrize("units", [2, 5, 4096])
def test_dropout_crosses_out_some_neurons_and_never_all(units: int, rate: float) -> None:
    column = Column(units, "Hidden 1", dropped=rate)

    assert 1 <= len(dropped(column, 1)) < len([row for row in drawn_neurons(units) if row is not None])


def test_without_dropout_or_in_a_layer_of_one_nothing_is_crossed_out() -> None:
    assert dropped(Column(5, "Hidden 1"), 1) == set()
    assert dropped(Column(1, "Hidden 1", dropped=0.9), 1) == set()


def test_the_picture_is_the_same_each_time() -> None:
    assert network_svg([INPUT, OUTPUT], "same") == network_svg([INPUT, OUTPUT], "same")


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("hidden", [0, 1, 3, 8])
def test_everything_lies_within_the_picture(hidden: int, narrow: bool) -> None:
    columns = [INPUT, *(Column(4096, f"Hidden {i}", ("Hard sigmoid", "dropout 0.5")) for i in range(hidden)), OUTPUT]

    svg = parsed(network_svg(columns, "deep", ("09", "90"), narrow))[0]

    width, height = (float(number) for number in svg.get("viewBox", "").split()[2:])
    for circle in svg.iter("circle"):
        assert 0 < float(circle.get("cx", "")) < width
        assert 0 < float(circle.get("cy", "")) < height
    for text in svg.iter("text"):
        assert 0 < float(text.get("y", "")) < height


def test_the_pixels_of_the_input_are_drawn_in_front_of_it() -> None:
    svg = network_svg([INPUT, OUTPUT], "with a picture", ("05", "90"))

    assert len(list(parsed(svg).iter("rect"))) == 1 + 2
