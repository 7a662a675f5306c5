"""Bars of both signs, the features of an example that is no image, and what a neuron receives."""

from __future__ import annotations

import re

from mlpcore.figures.images import WeightPicture, weight_product
from mlpcore.figures.signed_bars import Feature, IncomingWeight, incoming_weights_list, large_features, small_features
from tests.unit.parsed_markup import NAUGHTY, parsed, picks

FEATURES = [Feature("Width", 1.5, "3.2", "Width: 3.2"), Feature("Length", -6.0, "0.1", "Length: 0.1")]


def test_features_are_bars_to_both_sides_that_are_full_at_three_deviations():
    small = small_features(FEATURES)
    assert re.findall(r"(left|right):50%;width:([\d.]+)%", small) == [("left", "25.0"), ("right", "50.0")]
    text = "".join(parsed(large_features(FEATURES)).itertext())
    assert text == "Width3.2+1.50Length0.1−6.00"


def test_many_features_are_upright_bars_with_their_title():
    markup = small_features(FEATURES * 15)
    bars = list(parsed(markup).iter("rect"))
    assert len(bars) == 30
    assert [float(bar.get("height", 0)) for bar in bars[:2]] == [16, 32]
    assert [float(bar.get("y", 0)) for bar in bars[:2]] == [16, 32]
    assert bars[1].find("title").text == "Length: 0.1"


def test_a_list_of_products_writes_them_out_and_leads_to_the_neurons_before() -> None:
    rows = [IncomingWeight(NAUGHTY, 2, -0.5, -1, "1-3", NAUGHTY), IncomingWeight("b", 1, 0.25, 0.25)]

    markup = incoming_weights_list(rows, ("from", "activation", "weight", "contribution"), ("Bias", 0.5))

    text = " ".join(parsed(markup).itertext())
    assert f"{NAUGHTY} 2.00 × −0.500 = −1.00" in text
    assert picks(markup) == ["1-3"]


def test_pictures_of_a_product_are_side_by_side() -> None:
    markup = weight_product(
        WeightPicture("data:,1", NAUGHTY), WeightPicture("data:,2", "weights"), WeightPicture("data:,3", "both"), ""
    )

    assert "data:,1" in markup
    assert "&lt;b&gt;" in markup
    assert "×" in markup
