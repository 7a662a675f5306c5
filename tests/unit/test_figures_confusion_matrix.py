"""The confusion matrix: what can be chosen, its colours and its room."""

from __future__ import annotations

import pytest

from mlpcore import datasets
from mlpcore.figures.axes import text_width
from mlpcore.figures.confusion_matrix import ConfusionCell, confusion_matrix_svg
from mlpcore.figures.palette import CORRECT, WRONG
from tests.unit.parsed_markup import parsed, picks


def cells(counts: list[list[int]]) -> list[list[ConfusionCell]]:
    return [
        [ConfusionCell(str(n), n / max(1, sum(row)), f"{n} of {i} as {j}") for j, n in enumerate(row)]
        for i, row in enumerate(counts)
    ]


THREE = ["one", "two", "three"]


def test_every_cell_of_the_matrix_can_be_chosen_and_has_a_description():
    markup = confusion_matrix_svg(cells([[8, 2], [0, 5]]), ["no", "yes"], ("true", "predicted"), "A matrix")
    assert picks(markup) == ["0-0", "0-1", "1-0", "1-1"]
    assert [part.get("aria-label") for part in parsed(markup).iter("g")] == [
        "8 of 0 as 0",
        "2 of 0 as 1",
        "0 of 1 as 0",
        "5 of 1 as 1",
    ]


def test_the_diagonal_is_blue_and_framed_and_mistakes_are_red_the_stronger_the_more():
    markup = confusion_matrix_svg(cells([[6, 3, 1], [0, 5, 0], [0, 0, 0]]), THREE, ("true", "predicted"), "A matrix")
    rects = list(parsed(markup).iter("rect"))
    fills = [(rect.get("fill"), float(rect.get("fill-opacity", 0))) for rect in rects]
    assert [fill for fill, _strength in fills] == [CORRECT, WRONG, WRONG, WRONG, CORRECT, WRONG, WRONG, WRONG, CORRECT]
    assert [rects[index].get("stroke") for index in (0, 4, 8)] == [CORRECT] * 3
    assert fills[1][1] > fills[2][1] > fills[3][1] == 0


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("name", datasets.REGISTRY)
def test_a_matrix_has_room_for_its_names_and_is_no_wider_than_a_phone(name: str, narrow: bool):
    names = datasets.REGISTRY[name].class_names
    size = len(names)
    svg = parsed(confusion_matrix_svg(cells([[1000] * size] * size), names, ("true", "predicted"), "A matrix", narrow))
    width = float(svg.get("viewBox", "").split()[2])
    side = float(next(svg.iter("rect")).get("width", 0)) + 2
    assert width <= (352 if narrow else 680)
    assert side >= 24  # what a finger needs
    labels = [text for text in svg.iter("text") if text.get("text-anchor") == "end"]
    assert len(labels) == size
    room = min(float(label.get("x", 0)) for label in labels)
    assert room >= text_width(names, float(svg.get("font-size", 0)))
