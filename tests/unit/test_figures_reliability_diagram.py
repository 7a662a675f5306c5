"""The reliability diagram: heights, frames, and what can be chosen."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from mlpcore.analysis.calibration import calibration
from mlpcore.analysis.predictions import Predictions
from mlpcore.figures.reliability_diagram import ReliabilityLabels, reliability_svg
from tests.unit.parsed_markup import parsed


def reliability(confidence: list[float], right: list[bool]) -> ElementTree.Element:
    probabilities = np.column_stack([confidence, 1 - np.array(confidence)]).astype(np.float32)
    measured = calibration(Predictions(probabilities, np.where(right, 0, 1)))
    titles = [f"bin {index}" for index in range(10)]
    return parsed(
        reliability_svg(measured.bins, titles, ReliabilityLabels("sure", "right", "number", "perfect", "A diagram"))
    )


def test_a_bar_is_as_high_as_the_accuracy_and_its_frame_reaches_to_the_confidence():
    svg = reliability([0.95] * 20, [True] * 10 + [False] * 10)
    bar, frame, count, _column = svg.iter("rect")
    unit = float(bar.get("height", 0)) / 0.5
    assert float(frame.get("height", 0)) == pytest.approx(0.45 * unit, abs=0.2)
    assert float(frame.get("y", 0)) + float(frame.get("height", 0)) == pytest.approx(float(bar.get("y", 0)), abs=0.2)
    assert float(count.get("height", 0)) > 20
    assert "20" in list(svg.itertext())


def test_bars_of_few_examples_are_pale_and_empty_ones_are_left_out():
    svg = reliability([0.95] * 20 + [0.65] * 3, [True] * 23)
    assert [group.get("opacity") for group in svg.iter("g") if group.get("opacity")] == ["0.35", "1"]


def test_a_column_of_the_diagram_has_a_description_and_can_be_chosen_in_its_full_height():
    svg = reliability([0.95] * 20 + [0.65] * 3, [True] * 23)
    columns = [group for group in svg.iter("g") if group.get("data-pick")]
    assert [(column.get("data-pick"), column.get("aria-label")) for column in columns] == [
        ("6", "bin 6"),
        ("9", "bin 9"),
    ]
    assert list(columns[0].iter("rect"))[-1].get("height") == list(columns[1].iter("rect"))[-1].get("height")
