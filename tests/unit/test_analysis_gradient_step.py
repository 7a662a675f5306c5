"""One step of gradient descent: compared with a network whose weights are really changed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlpcore.analysis.gradient_step import gradient_step, largest_changes
from mlpcore.analysis.gradients import loss_of, of_loss
from mlpcore.inference import Layer, Network


def a_network(*activations: str, seed: int = 2) -> Network:
    generator = np.random.default_rng(seed)
    layers, inputs = [], 9
    for activation in (*activations, "softmax"):
        units = 4 if activation == "softmax" else 7
        alpha = generator.normal(size=units).astype(np.float32) if activation == "prelu" else None
        kernel = (0.5 * generator.normal(size=(inputs, units))).astype(np.float32)
        layers.append(Layer(kernel, generator.normal(size=units).astype(np.float32), activation, alpha))
        inputs = units
    return Network(tuple(layers), "none", (9,), 1.0, 1)


def an_example() -> np.ndarray:
    example = np.random.default_rng(5).random((1, 9)).astype(np.float32)
    example[0, :3] = 0
    return example


def stepped(network: Network, inputs: np.ndarray, label: int, loss: str, rate: float) -> Network:
    """The network with every weight, bias and slope moved, written out."""
    changes = of_loss(network, network.forward(inputs), label, loss)
    layers = []
    for index, layer in enumerate(network.layers):
        slope = changes.alphas[index]
        layers.append(
            replace(
                layer,
                kernel=layer.kernel - np.float32(rate) * np.outer(changes.layer_inputs[index], changes.sums[index]),
                bias=layer.bias - np.float32(rate) * changes.sums[index],
                alpha=None if layer.alpha is None else layer.alpha - np.float32(rate) * slope,
            )
        )
    return replace(network, layers=tuple(layers))


@pytest.mark.parametrize("activations", [(), ("relu",), ("prelu", "tanh"), ("sigmoid", "prelu", "gelu")], ids=str)
@pytest.mark.parametrize("loss", ["crossentropy", "mse"])
@pytest.mark.parametrize("rate", [0.01, 0.7])
def test_the_prediction_after_the_step_is_that_of_the_changed_network(
    activations: tuple[str, ...], loss: str, rate: float
) -> None:
    network, inputs = a_network(*activations), an_example()
    step = gradient_step(network, network.forward(inputs), 1, loss, rate)
    changed = stepped(network, inputs, 1, loss, rate)
    np.testing.assert_allclose(step.before, network.probabilities(inputs)[0], rtol=1e-5)
    np.testing.assert_allclose(step.after, changed.probabilities(inputs)[0], rtol=1e-4, atol=1e-6)
    assert step.loss_before == pytest.approx(loss_of(network.forward(inputs).preactivations[-1][0], 1, loss))
    assert step.loss_after == pytest.approx(loss_of(changed.forward(inputs).preactivations[-1][0], 1, loss), rel=1e-4)


@pytest.mark.parametrize("loss", ["crossentropy", "mse"])
def test_a_small_step_lowers_the_loss(loss: str) -> None:
    network, inputs = a_network("tanh", "relu"), an_example()
    step = gradient_step(network, network.forward(inputs), 2, loss, 0.01)
    assert step.loss_after < step.loss_before


def test_the_largest_changes_are_those_of_the_whole_kernel() -> None:
    network, inputs = a_network("tanh", "sigmoid"), an_example()
    step = gradient_step(network, network.forward(inputs), 0, "crossentropy", 0.3)
    for index, layer in enumerate(network.layers):
        change = -0.3 * np.outer(step.gradients.layer_inputs[index], step.gradients.sums[index])
        changes = largest_changes(network, step, index, 4)
        largest = np.sort(np.abs(change), axis=None)[::-1][:4]
        np.testing.assert_allclose([abs(float(item.change)) for item in changes], largest, rtol=6e-3)
        for item in changes:
            assert item.before + item.change == item.after
            assert float(item.before) == pytest.approx(float(layer.kernel[item.source, item.unit]), rel=1e-2, abs=1e-3)
            assert float(item.change) == pytest.approx(-0.3 * float(item.value) * float(item.slope), rel=6e-3)
        np.testing.assert_allclose(step.kernel_change(index, 1), change[:, 1], rtol=1e-5)
        assert step.changed_weights(index) == np.count_nonzero(change)


def test_weights_from_inputs_of_0_do_not_change() -> None:
    network, inputs = a_network("tanh"), an_example()
    step = gradient_step(network, network.forward(inputs), 0, "crossentropy", 0.3)
    assert not step.kernel_change(0, 0)[:3].any()
    assert step.changed_weights(0) == 6 * 7


def test_layers_before_a_step_function_do_not_change() -> None:
    network, inputs = a_network("tanh", "step"), an_example()
    step = gradient_step(network, network.forward(inputs), 0, "crossentropy", 0.3)
    assert [len(largest_changes(network, step, index, 3)) for index in range(3)] == [0, 0, 3]


def test_the_longest_step_leaves_finite_numbers() -> None:
    network, inputs = a_network("exponential", "exponential"), an_example()
    step = gradient_step(network, network.forward(inputs * 50), 0, "crossentropy", 100.0)
    assert np.isfinite([step.loss_before, step.loss_after, *step.before, *step.after]).all()
