"""Axes: scales and round numbers."""

from __future__ import annotations

import pytest

from mlpcore.figures.axes import Scale, round_range


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
