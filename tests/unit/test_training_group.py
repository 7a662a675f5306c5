"""Groups of members that train as one stack, and the time slices into which long work is cut."""

from __future__ import annotations

import numpy as np
import pytest

from mlpcore.training.member_seeds import Split

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


def test_groups_are_of_members_with_the_same_number_of_steps():
    from mlpcore.training.group import split_into_groups

    images = [64, 64, 96, 64, 96, 64, 65, 64]
    splits = [Split(np.arange(count), np.arange(0)) for count in images]

    assert split_into_groups(range(8), splits, 32, 100) == [[0, 1, 3, 5, 7], [2, 4, 6]]
    assert split_into_groups(range(8), splits, 32, 3) == [[0, 1, 3], [5, 7], [2, 4, 6]]
    assert split_into_groups([2, 3, 7], splits, 32, 1) == [[2], [3], [7]]


@pytest.mark.parametrize(
    ("members", "most", "sizes"),
    [(10, 10, [10]), (10, 5, [5, 5]), (10, 4, [2] * 5), (6, 4, [3, 3]), (7, 4, [4, 3]), (5, 1, [1] * 5)],
)
def test_groups_are_equally_large_where_that_does_not_need_twice_as_many(members: int, most: int, sizes: list[int]):
    from mlpcore.training.group import split_into_groups

    splits = [Split(np.arange(64), np.arange(0))] * members
    groups = split_into_groups(range(members), splits, 32, most)

    assert [len(group) for group in groups] == sizes
    assert [number for group in groups for number in group] == list(range(members))
