"""Dead and saturated units, distributions, and what an epoch changed: against plain NumPy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlpcore import datasets
from mlpcore.analysis import Answers, scaled
from mlpcore.analysis.changes import MOST, answer_changes, layer_changes, weights_of
from mlpcore.analysis.distributions import QUANTILES, distributions, of_values, thinned
from mlpcore.analysis.units import at_work
from mlpcore.inference import Layer, Network
from tests.making import spec_of
from tests.networks import random_network

DIGITS = datasets.load_test("digits")
ALL = np.arange(len(DIGITS.labels))


def with_units(activation: str, biases: list[float], steepness: float = 0.0) -> Network:
    """A network whose hidden units get these biases plus `steepness` times the mean of the pixels from -1/2 to 1/2."""
    kernel = np.full((64, len(biases)), steepness / 64, np.float32)
    bias = np.array(biases, np.float32) - np.float32(steepness * 0.3)
    output = Layer(np.ones((len(biases), 10), np.float32), np.zeros(10, np.float32), "softmax")
    return Network((Layer(kernel, bias, activation), output), "digits", (8, 8), 16.0, 1)


def test_what_is_measured_is_that_of_all_examples_at_once() -> None:
    hidden = [{"units": 6, "activation": "tanh"}, {"units": 5, "activation": "sigmoid"}]
    network = random_network(spec_of(dataset="digits", hidden=hidden), 1)
    many = np.tile(ALL, 3)  # more than a block

    found = at_work(network, DIGITS, many)

    run = network.run(scaled(DIGITS, slice(None)))
    for layer, flow in zip(found, run.activations, strict=False):
        assert layer.lowest == pytest.approx(flow.min(axis=0), abs=1e-6)
        assert layer.highest == pytest.approx(flow.max(axis=0), abs=1e-6)
        assert layer.deviation == pytest.approx(flow.std(axis=0), abs=1e-5)
    assert len(found) == 2


def test_a_relu_that_is_always_zero_is_dead_and_one_that_is_sometimes_active_is_not() -> None:
    (layer,) = at_work(with_units("relu", [-50, 0, 1], steepness=5), DIGITS, ALL)

    assert layer.dead.tolist() == [True, False, False]
    assert layer.at_ends is None
    assert not layer.saturated.any()


@pytest.mark.parametrize("activation", ["tanh", "gelu", "softplus", "linear", "step", "prelu"])
def test_a_unit_whose_output_stands_still_is_dead_whatever_the_activation(activation: str) -> None:
    network = with_units(activation, [3, -0.01], steepness=0)
    kernel = network.layers[0].kernel.copy()
    kernel[:, 1] = 1
    layer = replace(network.layers[0], kernel=kernel, alpha=np.full(2, 0.2, np.float32))
    layer = replace(layer, bias=np.array([3, -19], np.float32))

    (found,) = at_work(replace(network, layers=(layer, network.layers[1])), DIGITS, ALL)

    assert found.dead.tolist() == [True, False]


def test_a_layer_that_is_silent_altogether_is_dead_altogether() -> None:
    (layer,) = at_work(with_units("relu", [-50, -60]), DIGITS, ALL)

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

    (found,) = at_work(replace(network, layers=(layer, network.layers[1])), DIGITS, ALL)

    assert found.saturated.tolist() == [True, activation == "step"]
    assert not found.dead.any()


def test_a_network_without_hidden_layers_has_no_units_to_look_at() -> None:
    assert at_work(random_network(spec_of(dataset="digits", hidden=[]), 1), DIGITS, ALL) == ()


def test_a_distribution_has_the_quantiles_of_its_numbers() -> None:
    values = np.random.default_rng(0).normal(size=(50, 40)).astype(np.float32)

    found = of_values(values)

    assert found.quantiles == pytest.approx(np.quantile(values.astype(np.float64), QUANTILES))
    assert found.histogram.sum() == values.size


def test_a_distribution_of_many_numbers_keeps_its_ends_and_nearly_its_quantiles() -> None:
    values = np.random.default_rng(0).normal(size=(1000, 512)).astype(np.float32)

    found = of_values(values)

    assert found.quantiles[[0, -1]].tolist() == [values.min(), values.max()]
    assert found.quantiles[1:-1] == pytest.approx(np.quantile(values, QUANTILES[1:-1]), abs=0.05)


def test_a_distribution_of_equal_numbers_is_one() -> None:
    assert set(of_values(np.full((3, 2), 7.0)).quantiles) == {7.0}


@pytest.mark.parametrize("shape", [(784, 128), (512, 512), (100, 1), (3, 1024)])
def test_thinning_meets_all_columns_alike(shape: tuple[int, int]) -> None:
    columns = np.tile(np.arange(shape[1]), (shape[0], 1))

    some = thinned(columns, 50 * shape[1] if shape[1] < shape[0] else columns.size)

    assert len(some) <= max(50 * shape[1], columns.size if shape[1] >= shape[0] else 0)
    counts = np.bincount(some, minlength=shape[1])
    assert counts.max() - counts.min() <= 1


def test_every_layer_has_a_distribution_of_weights_and_of_activations() -> None:
    network = random_network(spec_of(dataset="iris", hidden=[{"units": 4, "activation": "tanh"}]), 1)
    test = datasets.load_test("iris")

    found = distributions(network, test)

    run = network.run(scaled(test, slice(None)))
    for layer, flow, told in zip(network.layers, run.activations, found, strict=True):
        assert told.weights.quantiles[3] == pytest.approx(np.median(layer.kernel), abs=1e-6)
        assert told.activations.quantiles[3] == pytest.approx(np.median(flow), abs=1e-6)


def test_layers_moved_by_the_norm_of_their_change() -> None:
    before, after = (random_network(spec_of(dataset="digits", hidden=[{"units": 6}]), epoch) for epoch in (1, 2))

    found = layer_changes(weights_of(before), weights_of(after))

    for one, other, told in zip(before.layers, after.layers, found, strict=True):
        expected = np.linalg.norm(other.kernel - one.kernel) / np.linalg.norm(one.kernel)
        assert told.weights == pytest.approx(expected, rel=1e-5)
        moved = np.abs(other.bias - one.bias)
        assert told.biases == pytest.approx(moved.mean(), rel=1e-5)
        assert (told.largest, told.unit) == (pytest.approx(moved.max(), rel=1e-5), moved.argmax())


def test_weights_that_were_all_zero_have_no_relative_change() -> None:
    network = random_network(spec_of(dataset="digits", hidden=[]), 1)
    nothing = replace(network, layers=(replace(network.layers[0], kernel=0 * network.layers[0].kernel),))

    assert layer_changes(weights_of(nothing), weights_of(network))[0].weights is None


def test_the_change_of_a_large_layer_is_told_from_some_of_its_weights() -> None:
    chance = np.random.default_rng(0)
    kernels = [chance.normal(size=(784, 1024)).astype(np.float32) for _ in range(2)]
    one, other = (
        weights_of(Network((Layer(kernel, np.zeros(1024, np.float32), "softmax"),), "mnist", (28, 28), 255.0, 1))
        for kernel in kernels
    )

    assert not one[0].whole
    assert len(one[0].weights) <= MOST
    expected = np.linalg.norm(kernels[1] - kernels[0]) / np.linalg.norm(kernels[0])
    assert layer_changes(one, other)[0].weights == pytest.approx(expected, rel=0.01)


def test_answers_that_became_right_or_wrong_are_told_apart() -> None:
    labels = np.array([0, 1, 0, 1])
    before = Answers(np.array([[0.9, 0.1], [0.9, 0.1], [0.8, 0.2], [0.6, 0.4]], np.float32), labels)
    after = Answers(np.array([[0.9, 0.1], [0.1, 0.9], [0.3, 0.7], [0.6, 0.4]], np.float32), labels)

    found = answer_changes(before, after)

    assert (found.learnt.tolist(), found.lost.tolist()) == ([1], [2])
    assert (found.before, found.after) == (0.5, 0.5)
