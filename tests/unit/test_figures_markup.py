"""Texts in figures stay texts, whatever they are: every figure function gets hostile names, and is parsed as XML."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import numpy as np
import pytest
from markupsafe import Markup

import mlpcore.figures
from mlpcore.analysis.calibration import Bin
from mlpcore.figures.activity import Column, Line, Neuron, Picture, activity_svg
from mlpcore.figures.bar_tables import (
    RankingRow,
    ScoreCell,
    ScoreRow,
    WeightChange,
    ranking_list,
    scores_table,
    weight_change_table,
)
from mlpcore.figures.calculation_table import (
    CalculationLine,
    applied_formula,
    calculation_table,
    formula_list,
    number_table,
    variable,
)
from mlpcore.figures.confusion_matrix import ConfusionCell, confusion_matrix_svg
from mlpcore.figures.distribution_plots import (
    ClassRow,
    EpochDistribution,
    class_spread_svg,
    quantile_bands_svg,
    side_by_side,
)
from mlpcore.figures.dot_strip import Dot, DotStrip, UnitCell, dot_strips_svg, unit_strip_svg
from mlpcore.figures.example_cards import (
    ActivatingExample,
    ExampleCard,
    MisreadDigit,
    activating_examples,
    gallery,
    large_example,
    misread_digits,
)
from mlpcore.figures.images import (
    TitledPicture,
    WeightPicture,
    all_zero,
    color_scale,
    grey_image,
    heat_map,
    input_picture,
    square_mark,
    titled_pictures,
    weight_product,
)
from mlpcore.figures.markup import svg, tag, together
from mlpcore.figures.network_diagram import Column as LayerColumn
from mlpcore.figures.network_diagram import network_svg
from mlpcore.figures.probability_bars import before_after_bars, horizontal_bars, vertical_bars
from mlpcore.figures.reliability_diagram import ReliabilityLabels, reliability_svg
from mlpcore.figures.signed_bars import (
    Feature,
    IncomingWeight,
    SignedBar,
    incoming_weights_list,
    large_features,
    signed_bar,
    signed_bars,
    small_features,
)
from tests.unit.parsed_markup import STYLES, classes

IMAGE = np.eye(4, dtype=np.float32)

HOSTILE = [
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "--></svg><style>*{display:none}</style>",
    "a & b &amp; c &lt;",
    "{0} {name} %s %(x)s",
    "🦊 手書き数字",
    "x" * 500,
]

FIGURES: dict[str, Callable[[str], Markup]] = {
    "applied_formula": lambda text: applied_formula("elu", Decimal("-1.5")) + Markup.escape(text),
    "activity_svg": lambda text: activity_svg(
        [
            Column(text, text, (Neuron(text, 1, text, text, text, text, True, True, "currentColor"),), text),
            Column(text, text, (Neuron(text, -1, text, text, text, text),), text),
        ],
        [[Line(0, 0, 1, True)]],
        text,
        Picture("data:,", 2, 2),
    ),
    "scores_table": lambda text: scores_table(
        [text] * 2, [ScoreRow(text, (ScoreCell(1, text), ScoreCell(None, text)), text, text), ScoreRow(text, ())], text
    ),
    "ranking_list": lambda text: ranking_list([RankingRow(text, text, 1, text, (text, text))], text),
    "weight_change_table": lambda text: weight_change_table([WeightChange(text, 1, text, text)], (text, text, text)),
    "calculation_table": lambda text: calculation_table(
        [CalculationLine(text, text, text, True, True), CalculationLine(text, text, text, faint=True)]
    ),
    "number_table": lambda text: number_table([text] * 2, [[text, text]], {0}, {0}),
    "formula_list": lambda text: formula_list([(text, variable(text, text))]),
    "variable": lambda text: variable(text, text),
    "class_spread_svg": lambda text: class_spread_svg([ClassRow(text, 0.5, (0, 0.2, 0.5, 0.8, 1))], 0.7, text, text),
    "confusion_matrix_svg": lambda text: confusion_matrix_svg(
        [[ConfusionCell(text, 1, text)] * 2] * 2, [text, text], (text, text), text, marked=(0, 1)
    ),
    "dot_strips_svg": lambda text: dot_strips_svg([DotStrip(text, text, (Dot(0.5, text, True),), 0.5, 0.1)], text),
    "unit_strip_svg": lambda text: unit_strip_svg(
        [UnitCell(0.5, "", text, text), UnitCell(0, "dead", text, text), UnitCell(0, "saturated", text, text)], text
    ),
    "gallery": lambda text: gallery([card(text), of_features(text)], [text] * 3, 7),
    "large_example": lambda text: (
        large_example(card(text), [text] * 3, [(IMAGE, text)]) + large_example(of_features(text), [text] * 3)
    ),
    "activating_examples": lambda text: activating_examples(
        [ActivatingExample(shown, text, text, text, text) for shown in (IMAGE, [feature(text)])]
    ),
    "misread_digits": lambda text: misread_digits([MisreadDigit(IMAGE, text, text, text)]),
    "signed_bars": lambda text: signed_bars([SignedBar(text, -1, text)]),
    "signed_bar": lambda text: signed_bar(1, 11, text),
    "small_features": lambda text: small_features([feature(text)]) + small_features([feature(text)] * 20),
    "large_features": lambda text: large_features([feature(text)]),
    "weight_product": lambda text: weight_product(*[WeightPicture("data:,", text)] * 3, text),
    "incoming_weights_list": lambda text: incoming_weights_list(
        [IncomingWeight(text, 1, 1, 1, text, text)], (text, text, text, text), (text, 1)
    ),
    "network_svg": lambda text: network_svg(
        [LayerColumn(1, text, (text,), (text,)), LayerColumn(1, text, (text,), (text,))], text, ("09",)
    ),
    "grey_image": lambda text: grey_image(IMAGE) + Markup.escape(text),
    "vertical_bars": lambda text: vertical_bars([0.1, 0.7, 0.2], [text] * 3, 2, 1),
    "horizontal_bars": lambda text: horizontal_bars([0.1, 0.7, 0.2], [text] * 3, 2, 1),
    "before_after_bars": lambda text: before_after_bars([0.2, 0.8], [0.6, 0.4], [text, text], (text, text), 0),
    "quantile_bands_svg": lambda text: quantile_bands_svg(
        [EpochDistribution(epoch, list(range(7)), [1, 2]) for epoch in (0, 1)], 1, text, text, text
    ),
    "side_by_side": lambda text: side_by_side([tag("p", text)]),
    "reliability_svg": lambda text: reliability_svg(
        [Bin(0, 0.5, 20, 0.3, 0.4), Bin(0.5, 1, 3, 0.9, 0.4)], [text] * 2, ReliabilityLabels(*[text] * 5)
    ),
    "titled_pictures": lambda text: titled_pictures([TitledPicture(text, input_picture(IMAGE, text), text)]),
    "input_picture": lambda text: input_picture(IMAGE, text, square_mark(0, 0, 1, data_pick=text)),
    "heat_map": lambda text: heat_map(IMAGE, IMAGE, text, marks=square_mark(0, 0, 1, data_pick=text)),
    "square_mark": lambda text: square_mark(0, 0, 1, data_pick=text, aria_label=text),
    "color_scale": lambda text: color_scale(text, text, text),
    "all_zero": all_zero,
}


def card(text: str) -> ExampleCard:
    return ExampleCard(7, IMAGE, [0.1, 0.7, 0.2], 2, 1, text, (text, text), text)


def of_features(text: str) -> ExampleCard:
    return replace(card(text), shown=[feature(text)])


def feature(text: str) -> Feature:
    return Feature(text, 1.5, text, text)


def figure_functions() -> set[str]:
    """All public functions of the figures that return markup."""
    names = set()
    for module in pkgutil.iter_modules(mlpcore.figures.__path__):
        if module.name in {"markup", "axes"}:
            continue
        imported = importlib.import_module(f"mlpcore.figures.{module.name}")
        for name, function in inspect.getmembers(imported, inspect.isfunction):
            own = function.__module__ == imported.__name__ and not name.startswith("_")
            if own and inspect.signature(function).return_annotation == "Markup":
                names.add(name)
    return names


def test_every_figure_is_tried_with_hostile_texts() -> None:
    assert set(FIGURES) == figure_functions()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", FIGURES)
def test_no_text_becomes_an_element_or_an_attribute(name: str, text: str) -> None:
    root = ElementTree.fromstring(tag("div", FIGURES[name](text)))
    plain = ElementTree.fromstring(tag("div", FIGURES[name]("plain")))

    assert [element.tag for element in root.iter()] == [element.tag for element in plain.iter()]
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    texts = [*root.itertext(), *(value for element in root.iter() for value in element.attrib.values())]
    assert any(text in part for part in texts)


def test_the_style_sheet_has_a_rule_for_every_class_of_the_figures_and_no_other() -> None:
    written = set().union(*(classes(tag("div", figure("text"))) for figure in FIGURES.values()))
    written |= classes(svg(10, 5, "d", smallest=4))

    assert written == set(re.findall(r"\.(fig-[\w-]+)", STYLES))


def test_an_element_has_its_attributes_with_hyphens_and_rounded_numbers_and_none_that_is_none() -> None:
    assert tag("text", "a < b", x=3.14159, font_size=12, fill=None) == '<text x="3.14" font-size="12">a &lt; b</text>'
    assert tag("rect", x=1e6) == '<rect x="1000000"/>'
    assert tag("span") == "<span></span>"
    assert tag("p", class_="note") == '<p class="note"></p>'


def test_markup_within_an_element_is_not_escaped_again() -> None:
    assert tag("b", tag("i", "&"), "&") == "<b><i>&amp;</i>&amp;</b>"
    assert together([tag("br"), "<br>"]) == "<br/>&lt;br&gt;"


def test_a_picture_scrolls_where_it_has_a_smallest_width() -> None:
    assert svg(10, 5, "d").startswith('<svg viewBox="0 0 10 5" role="img" aria-label="d"')
    assert svg(10, 5, "d", smallest=4).startswith('<div class="fig-scroll"><svg')
