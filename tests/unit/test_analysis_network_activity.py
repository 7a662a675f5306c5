"""The strongest paths, against every path there is, and what is drawn of a network at work."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from mlpcore.analysis.network_activity import (
    Path,
    contributions,
    levels,
    most_active,
    network_activity,
    strongest_inputs,
    strongest_paths,
)
from mlpcore.inference import Layer, Network


def a_network(sizes: tuple[int, ...], activation: str = "relu", seed: int = 0, shape: tuple[int, ...] = ()) -> Network:
    chance = np.random.default_rng(seed)
    layers = []
    for number, (inputs, units) in enumerate(pairwise(sizes), 1):
        name = "softmax" if number == len(sizes) - 1 else activation
        kernel = chance.normal(size=(inputs, units)).astype(np.float32)
        layers.append(Layer(kernel, chance.normal(size=units).astype(np.float32), name))
    return Network(tuple(layers), "digits", shape or sizes[:1], 1.0, 1)


def inputs(network: Network, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(1, *network.input_shape)).astype(np.float32)


def by_trying_all(network: Network, flows: list[np.ndarray], predicted: int) -> list[Path]:
    """Every path from the first layer to the predicted class with its share, by the definition, in plain loops."""

    def share(depth: int, source: int, unit: int) -> float:
        layer, flow = network.layers[depth], flows[depth]
        sign = -1 if flows[depth + 1][unit] < 0 else 1
        parts = [max(0.0, sign * float(flow[i]) * float(layer.kernel[i, unit])) for i in range(len(flow))]
        total = sum(parts) + max(0.0, sign * float(layer.bias[unit]))
        return parts[source] / total if total else 0.0

    drawn = []
    for units in product(*(range(len(layer.bias)) for layer in network.layers[:-1])):
        whole = (*units, predicted)
        shares = [share(depth, whole[depth - 1], whole[depth]) for depth in range(1, len(whole))]
        drawn.append(Path(whole, float(np.prod(shares))))
    return sorted((path for path in drawn if path.share > 0), key=lambda path: -path.share)


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "leaky_relu", "step"])
@pytest.mark.parametrize("seed", range(4))
def test_the_strongest_paths_are_those_found_by_trying_all(activation: str, seed: int) -> None:
    network = a_network((5, 4, 4, 3), activation, seed)
    run = network.forward(inputs(network))
    predicted = int(run.activations[-1][0].argmax())

    drawn = strongest_paths(network, run, predicted, 5)

    expected = by_trying_all(network, [run.inputs[0], *(flow[0] for flow in run.activations)], predicted)[:5]
    assert [path.units for path in drawn] == [path.units for path in expected]
    assert [path.share for path in drawn] == pytest.approx([path.share for path in expected])


def test_the_shares_of_all_paths_and_biases_add_up_to_1() -> None:
    network = a_network((3, 4, 3))
    network = Network(
        tuple(Layer(layer.kernel, 0 * layer.bias, layer.activation) for layer in network.layers),
        *("digits", network.input_shape, 1.0, 1),
    )
    run = network.forward(inputs(network))

    shares = [path.share for path in strongest_paths(network, run, int(run.activations[-1][0].argmax()), 99)]

    assert sum(shares) == pytest.approx(1)


def test_contributions_and_the_bias_add_up_to_the_weighted_sum() -> None:
    network = a_network((6, 5, 3))
    run = network.forward(inputs(network))

    for unit in range(3):
        parts = contributions(network.layers[1], run.activations[0][0], unit)
        assert parts.sum() + network.layers[1].bias[unit] == pytest.approx(run.preactivations[1][0, unit], abs=1e-5)


def test_there_is_no_path_where_only_a_bias_supports_the_prediction() -> None:
    hidden = Layer(np.full((2, 3), -1, np.float32), np.zeros(3, np.float32), "relu")
    output = Layer(np.ones((3, 2), np.float32), np.array([1, 0], np.float32), "softmax")
    network = Network((hidden, output), "digits", (2,), 1.0, 1)

    assert strongest_paths(network, network.forward(np.ones((1, 2), np.float32)), 0, 3) == ()


def test_a_path_starts_at_the_inputs_with_the_largest_products() -> None:
    kernel = np.array([[1, 0], [-5, 0], [2, 0], [0, 0]], np.float32)
    network = Network((Layer(kernel, np.zeros(2, np.float32), "softmax"),), "digits", (4,), 1.0, 1)

    run = network.forward(np.array([[3, 1, 1, 9]], np.float32))

    assert strongest_inputs(network, run, 0, 2) == [0, 2]
    assert strongest_inputs(network, run, 1, 2) == []


def test_of_a_layer_the_most_active_units_are_drawn_and_those_that_are_needed() -> None:
    values = np.array([0, -9, 3, 1, 8, 0], np.float32)

    assert most_active(values, {0}, 3).tolist() == [0, 1, 4]
    assert most_active(values, {0, 2, 3, 5}, 2).tolist() == [0, 2, 3, 5]
    assert most_active(values, (), 99).tolist() == [0, 1, 2, 3, 4, 5]


def test_brightness_is_measured_against_the_range_or_the_most_active_unit() -> None:
    assert levels("tanh", np.array([0.5, -1], np.float32)).tolist() == [0.5, -1]
    assert levels("relu", np.array([2, 0, 4], np.float32)).tolist() == [0.5, 0, 1]
    assert levels("relu", np.zeros(2, np.float32)).tolist() == [0, 0]


@pytest.mark.parametrize("by_contribution", [True, False])
def test_connections_are_weights_or_contributions_against_the_strongest(by_contribution: bool) -> None:
    network = a_network((4, 3, 2), "tanh")
    run = network.forward(inputs(network))

    drawn = network_activity(network, run, by_contribution, 99, ())

    flows = [run.inputs[0], run.activations[0][0]]
    for depth, lines in enumerate(drawn.connections):
        values = network.layers[depth].kernel * (flows[depth][:, None] if by_contribution else 1)
        expected = values / np.abs(values).max()
        assert {(line.source, line.target) for line in lines} == set(np.ndindex(*values.shape))
        assert all(line.strength == pytest.approx(expected[line.source, line.target], abs=1e-6) for line in lines)


def test_the_paths_are_marked_from_the_pixels_to_the_prediction_and_all_their_units_drawn() -> None:
    network = a_network((64, 40, 30, 10), shape=(8, 8))
    run = network.forward(np.abs(inputs(network)))

    drawn = network_activity(network, run, True, 8, [(1, 29)])

    assert len(drawn.paths) == 3
    for path in drawn.paths:
        for depth, unit in enumerate(path.units):
            assert unit in drawn.layers[depth + 1].units
        for depth in (1, 2):
            edge = (path.units[depth - 1], path.units[depth])
            assert edge in {(line.source, line.target) for line in drawn.connections[depth] if line.marked}
    starts = {line.target for line in drawn.connections[0] if line.marked}
    assert starts == {path.units[0] for path in drawn.paths}
    assert 29 in drawn.layers[2].units
    assert [len(layer.units) for layer in drawn.layers] == [0, 8, 8, 10]


def test_few_lines_are_drawn_of_a_large_network() -> None:
    network = a_network((784, 600, 600, 10), shape=(28, 28))
    run = network.forward(np.abs(inputs(network)))

    drawn = network_activity(network, run, False, 16, ())

    assert all(len(lines) <= 200 for lines in drawn.connections)
