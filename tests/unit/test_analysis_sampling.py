"""Which examples and numbers are measured where all would take long: evenly spread ones."""

from __future__ import annotations

import numpy as np
import pytest

from mlpcore.analysis.sampling import MAX_WORK, sample, spread_evenly, thinned
from mlpcore.inference import Network
from tests.factory.networks import random_network
from tests.factory.runs import spec_of


def a_network(*hidden: int) -> Network:
    layers = [{"units": units, "activation": "relu"} for units in hidden]
    return random_network(spec_of(dataset="digits", hidden=layers), 1)


def test_a_small_network_is_measured_on_all_test_examples_and_a_large_one_on_evenly_spread_ones() -> None:
    small, large = a_network(16), a_network(1500, 1500, 1500)

    assert sample(small, 10_000).tolist() == list(range(10_000))
    some = sample(large, 10_000)
    assert len(some) in {100, 200, 500, 1000, 2000}
    assert set(np.diff(some)) == {10_000 // len(some)}
    assert len(sample(large, 10_000, max_work=10 * MAX_WORK)) > len(some)
    assert len(sample(large, 10_000, layer=0)) == 10_000
    assert sample(large, 30).tolist() == list(range(30))


def test_evenly_spread_indices_are_all_different_and_in_range() -> None:
    for size, count in ((1, 1), (7, 10), (10, 10), (200, 360)):
        indices = spread_evenly(size, count)
        assert len(set(indices.tolist())) == size
        assert indices.max() < count


@pytest.mark.parametrize("shape", [(784, 128), (512, 512), (100, 1), (3, 1024)])
def test_thinning_takes_equally_many_numbers_of_all_columns(shape: tuple[int, int]) -> None:
    columns = np.tile(np.arange(shape[1]), (shape[0], 1))

    some = thinned(columns, 50 * shape[1] if shape[1] < shape[0] else columns.size)

    assert len(some) <= max(50 * shape[1], columns.size if shape[1] >= shape[0] else 0)
    counts = np.bincount(some, minlength=shape[1])
    assert counts.max() - counts.min() <= 1
