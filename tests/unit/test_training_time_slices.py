"""Long work is cut into pieces of a fraction of a second."""

from __future__ import annotations

from mlpcore.training.time_slices import pieces


def test_pieces_cover_the_work_once_and_grow_or_shrink_with_the_time_they_take():
    times = iter(i * 0.015 for i in range(10_000))
    quick = list(pieces(1000, clock=lambda: next(times)))
    slow_times = iter(range(10_000))
    slow = list(pieces(40, clock=lambda: next(slow_times)))

    for found, total in ((quick, 1000), (slow, 40)):
        assert [i for first, behind in found for i in range(first, behind)] == list(range(total))
    assert max(b - a for a, b in quick) > 100
    assert min(b - a for a, b in slow) == 1
