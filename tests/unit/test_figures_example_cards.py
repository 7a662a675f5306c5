"""Cards of examples: what can be chosen and what stands on them."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from mlpcore.figures.example_cards import (
    ActivatingExample,
    ExampleCard,
    MisreadDigit,
    activating_examples,
    gallery,
    large_example,
    misread_digits,
)
from mlpcore.figures.signed_bars import Feature
from tests.unit.parsed_markup import NAUGHTY, declarations, parsed, picks

THREE = ["one", "two", "three"]


CARD = ExampleCard(
    7, np.eye(4, dtype=np.float32), [0.1, 0.7, 0.2], 2, 1, "two", ("· 70 %", "(true: three)"), "Example 7"
)


FEATURES = [Feature("Width", 1.5, "3.2", "Width: 3.2"), Feature("Length", -6.0, "0.1", "Length: 0.1")]


def test_a_gallery_sends_the_number_of_the_card_that_is_chosen():
    cards = [CARD, replace(CARD, number=8, predicted=2)]
    markup = gallery(cards, THREE)
    assert picks(markup) == ["7", "8"]
    assert markup.count("data:image/png") == 2
    assert "✗ <b>two</b>" in markup
    assert "✓ <b>two</b>" in markup


def test_the_card_that_is_open_has_a_thick_edge():
    assert gallery([CARD], THREE, marked=7).count("fig-card-marked") == 1
    assert "border: 2px solid" in declarations(".fig-card-marked")
    assert "fig-card-marked" not in gallery([CARD], THREE, marked=8)


def test_a_large_example_shows_every_picture_and_the_probability_of_every_class():
    markup = large_example(
        CARD, THREE, [(np.eye(4, dtype=np.float32), "before"), (np.eye(4, dtype=np.float32), "after")]
    )
    text = "".join(parsed(markup).itertext()).replace("\u00a0", " ")
    assert re.sub(" +", " ", text) == "beforeafter one10.0 %✗ two70.0 %✓ three20.0 %"


def test_a_gallery_of_features_shows_no_image():
    assert "<img" not in gallery([replace(CARD, shown=FEATURES)], THREE)


def test_examples_are_cards_that_can_be_chosen() -> None:
    card = ActivatingExample(np.zeros((8, 8), np.float32), NAUGHTY, "a = 1", "17", f"Example {NAUGHTY}")

    markup = activating_examples([card])

    assert 'data-pick="17"' in markup
    assert "<b>&lt;b&gt;&#34;&amp;</b>" in markup


def test_longer_names_get_larger_cards() -> None:
    card = ActivatingExample(np.zeros((8, 8), np.float32), "7", "3 → 7", "1", "")
    long = ActivatingExample(np.zeros((8, 8), np.float32), "Ankle boot", "Sandal → Ankle boot", "1", "")

    assert "56px" in activating_examples([card])
    assert "56px" not in activating_examples([card, long])


def test_a_misread_digit_has_its_picture_and_its_texts() -> None:
    markup = misread_digits([MisreadDigit(np.eye(8, dtype=np.float32), "7 → 1", "62 %", "A 7, read as a 1")])
    assert markup.count("data:image/png;base64,") == 1
    assert 'aria-label="A 7, read as a 1"' in markup


def test_on_a_narrow_card_no_name_of_a_class_or_a_measurement_is_cut() -> None:
    features = [replace(feature, name="がく片の長さ（cm）") for feature in FEATURES]
    card = replace(CARD, shown=features)

    html = gallery([card], ["setosa", "バーシカラー", "virginica"])

    for parent, selector, names in (
        ("fig-features", ".fig-features > .fig-dim", ["がく片の長さ（cm）"] * len(features)),
        ("fig-columns-names", ".fig-columns-names > span", ["setosa", "バーシカラー", "virginica"]),
    ):
        (cells,) = (element for element in parsed(html).iter("div") if element.get("class") == parent)
        assert [cell.text for cell in cells if cell.text] == names
        assert "overflow-wrap: anywhere" in declarations(selector)
        assert "ellipsis" not in declarations(selector)
