"""Bars of both signs, and the features of an example that is no picture."""

from __future__ import annotations

import re

from mlpcore.figures.feature_bars import Feature, large_features, small_features
from tests.unit.parsed_markup import parsed

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
