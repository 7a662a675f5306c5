"""Groups of members that train as one stack, and the time slices into which long work is cut."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow


def test_time_slices_cover_the_work_once_and_grow_or_shrink_with_the_time_they_take():
    from mlpcore.training.group import time_slices

    times = iter(i * 0.015 for i in range(10_000))
    quick = list(time_slices(1000, clock=lambda: next(times)))
    slow_times = iter(range(10_000))
    slow = list(time_slices(40, clock=lambda: next(slow_times)))

    for ranges, total in ((quick, 1000), (slow, 40)):
        assert [i for first, end in ranges for i in range(first, end)] == list(range(total))
    assert max(b - a for a, b in quick) > 100
    assert min(b - a for a, b in slow) == 1
