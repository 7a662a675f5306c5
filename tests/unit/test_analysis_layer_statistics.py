"""The weights and activations of each layer, and dead and saturated units, against plain NumPy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlpcore import datasets
from mlpcore.analysis.layer_statistics import QUANTILES, distribution, distributions, unit_statistics
from mlpcore.analysis.sampling import scaled
from mlpcore.inference import Layer, Network
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


def test_every_layer_has_a_distribution_of_weights_and_of_activations() -> None:
    network = random_network(spec_of(dataset="iris", hidden=[{"units": 4, "activation": "tanh"}]), 1)
    test = datasets.load_test("iris")

    result = distributions(network, test)

    run = network.forward(scaled(test, slice(None)))
    for layer, flow, item in zip(network.layers, run.activations, result, strict=True):
        assert item.weights.quantiles[3] == pytest.approx(np.median(layer.kernel), abs=1e-6)
        assert item.activations.quantiles[3] == pytest.approx(np.median(flow), abs=1e-6)


DIGITS = datasets.load_test("digits")
ALL = np.arange(len(DIGITS.labels))


def with_units(activation: str, biases: list[float], steepness: float = 0.0) -> Network:
    """A network whose hidden units get these biases plus `steepness` times the mean of the pixels from -1/2 to 1/2."""
    kernel = np.full((64, len(biases)), steepness / 64, np.float32)
    bias = np.array(biases, np.float32) - np.float32(steepness * 0.3)
    output = Layer(np.ones((len(biases), 10), np.float32), np.zeros(10, np.float32), "softmax")
    return Network((Layer(kernel, bias, activation), output), "digits", (8, 8), 16.0, 1)


def test_statistics_in_blocks_equal_those_of_all_examples_at_once() -> None:
    hidden = [{"units": 6, "activation": "tanh"}, {"units": 5, "activation": "sigmoid"}]
    network = random_network(spec_of(dataset="digits", hidden=hidden), 1)
    many = np.tile(ALL, 3)  # more than a block

    measured = unit_statistics(network, DIGITS, many)

    run = network.forward(scaled(DIGITS, slice(None)))
    for layer, flow in zip(measured, run.activations, strict=False):
        assert layer.lowest == pytest.approx(flow.min(axis=0), abs=1e-6)
        assert layer.highest == pytest.approx(flow.max(axis=0), abs=1e-6)
        assert layer.deviation == pytest.approx(flow.std(axis=0), abs=1e-5)
    assert len(measured) == 2


def test_a_relu_that_is_always_zero_is_dead_and_one_that_is_sometimes_active_is_not() -> None:
    (layer,) = unit_statistics(with_units("relu", [-50, 0, 1], steepness=5), DIGITS, ALL)

    assert layer.dead.tolist() == [True, False, False]
    assert layer.at_ends is None
    assert not layer.saturated.any()


@pytest.mark.parametrize("activation", ["tanh", "gelu", "softplus", "linear", "step", "prelu"])
def test_a_unit_whose_output_is_constant_is_dead_whatever_the_activation(activation: str) -> None:
    network = with_units(activation, [3, -0.01], steepness=0)
    kernel = network.layers[0].kernel.copy()
    kernel[:, 1] = 1
    layer = replace(network.layers[0], kernel=kernel, alpha=np.full(2, 0.2, np.float32))
    layer = replace(layer, bias=np.array([3, -19], np.float32))

    (measured,) = unit_statistics(replace(network, layers=(layer, network.layers[1])), DIGITS, ALL)

    assert measured.dead.tolist() == [True, False]


def test_all_units_of_a_layer_that_is_always_0_are_dead() -> None:
    (layer,) = unit_statistics(with_units("relu", [-50, -60]), DIGITS, ALL)

    assert layer.dead.all()


@pytest.mark.parametrize(
    ("activation", "far"), [("sigmoid", 20), ("tanh", 4), ("hard_sigmoid", 9), ("softsign", 40), ("step", 9)]
)
def test_a_unit_nearly_always_at_the_ends_is_saturated(activation: str, far: float) -> None:
    network = with_units(activation, [0, 0])
    chance = np.random.default_rng(0)
    pattern = chance.normal(size=64).astype(np.float32)
    kernel = np.stack([pattern * 4 * far, pattern * 0.01], axis=1)
    centre = scaled(DIGITS, slice(None)).reshape(-1, 64).mean(axis=0)
    layer = replace(network.layers[0], kernel=kernel, bias=-centre @ kernel)

    (measured,) = unit_statistics(replace(network, layers=(layer, network.layers[1])), DIGITS, ALL)

    assert measured.saturated.tolist() == [True, activation == "step"]
    assert not measured.dead.any()


def test_a_network_without_hidden_layers_has_no_unit_statistics() -> None:
    assert unit_statistics(random_network(spec_of(dataset="digits", hidden=[]), 1), DIGITS, ALL) == ()
