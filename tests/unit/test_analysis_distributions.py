"""The distributions of weights and activations, against plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from mlpcore import datasets
from mlpcore.analysis.distributions import QUANTILES, distribution, distributions, thinned
from mlpcore.analysis.sampling import scaled
from tests.factory.networks import random_network
from tests.factory.runs import spec_of


def test_a_distribution_has_the_quantiles_of_its_numbers() -> None:
    values = np.random.default_rng(0).normal(size=(50, 40)).astype(np.float32)

    result = distribution(values)

    assert result.quantiles == pytest.approx(np.quantile(values.astype(np.float64), QUANTILES))
    assert result.histogram.sum() == values.size


def test_a_distribution_of_many_numbers_keeps_its_ends_and_nearly_its_quantiles() -> None:
    values = np.random.default_rng(0).normal(size=(1000, 512)).astype(np.float32)

    result = distribution(values)

    assert result.quantiles[[0, -1]].tolist() == [values.min(), values.max()]
    assert result.quantiles[1:-1] == pytest.approx(np.quantile(values, QUANTILES[1:-1]), abs=0.05)


def test_a_distribution_of_equal_numbers_has_equal_quantiles() -> None:
    assert set(distribution(np.full((3, 2), 7.0)).quantiles) == {7.0}


@pytest.mark.parametrize("shape", [(784, 128), (512, 512), (100, 1), (3, 1024)])
def test_thinning_takes_equally_many_numbers_of_all_columns(shape: tuple[int, int]) -> None:
    columns = np.tile(np.arange(shape[1]), (shape[0], 1))

    some = thinned(columns, 50 * shape[1] if shape[1] < shape[0] else columns.size)

    assert len(some) <= max(50 * shape[1], columns.size if shape[1] >= shape[0] else 0)
    counts = np.bincount(some, minlength=shape[1])
    assert counts.max() - counts.min() <= 1


def test_every_layer_has_a_distribution_of_weights_and_of_activations() -> None:
    network = random_network(spec_of(dataset="iris", hidden=[{"units": 4, "activation": "tanh"}]), 1)
    test = datasets.load_test("iris")

    result = distributions(network, test)

    run = network.forward(scaled(test, slice(None)))
    for layer, flow, item in zip(network.layers, run.activations, result, strict=True):
        assert item.weights.quantiles[3] == pytest.approx(np.median(layer.kernel), abs=1e-6)
        assert item.activations.quantiles[3] == pytest.approx(np.median(flow), abs=1e-6)
