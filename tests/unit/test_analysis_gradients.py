"""Gradients of a score, a probability and a loss: against finite differences, for every activation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mlpcore.analysis import gradients
from mlpcore.analysis.gradients import Gradients, loss_of, loss_slope, probabilities
from mlpcore.inference import Layer, Network
from mlpcore.spec.choices import ACTIVATIONS

LABEL = 2
STEP = 0.01


def a_network(*activations: str, seed: int = 3, size: float = 0.6) -> Network:
    generator = np.random.default_rng(seed)
    layers, inputs = [], 6
    for activation in (*activations, "softmax"):
        units = 4 if activation == "softmax" else 5
        alpha = generator.normal(size=units).astype(np.float32) if activation == "prelu" else None
        kernel = size * generator.normal(size=(inputs, units))
        layers.append(
            Layer(kernel.astype(np.float32), generator.normal(size=units).astype(np.float32), activation, alpha)
        )
        inputs = units
    return Network(tuple(layers), "none", (6,), 1.0, 1)


def an_example() -> np.ndarray:
    return np.random.default_rng(7).normal(size=(1, 6)).astype(np.float32)


def scores(network: Network, inputs: np.ndarray) -> np.ndarray:
    return network.forward(inputs).preactivations[-1][0].astype(np.float64)


def kernel_gradient(mine: Gradients, layer: int) -> np.ndarray:
    """The derivative with respect to each weight of a layer, (inputs, units)."""
    return np.outer(mine.layer_inputs[layer], mine.sums[layer])


NUMBERS: dict[str, tuple[Callable[..., Gradients], Callable[[np.ndarray], float]]] = {
    "score": (gradients.of_score, lambda z: float(z[LABEL])),
    "probability": (gradients.of_probability, lambda z: float(np.exp(z[LABEL]) / np.exp(z).sum())),
    "crossentropy": (
        lambda *given: gradients.of_loss(*given, "crossentropy"),
        lambda z: float(-np.log(np.exp(z[LABEL]) / np.exp(z).sum())),
    ),
    "mse": (
        lambda *given: gradients.of_loss(*given, "mse"),
        lambda z: float(np.mean((np.exp(z) / np.exp(z).sum() - np.eye(4)[LABEL]) ** 2)),
    ),
}


def slope_of(number: Callable[[np.ndarray], float], after: np.ndarray, before: np.ndarray) -> float:
    """The slope of `number` between the scores after a step up and after a step down."""
    return (number(after) - number(before)) / (2 * STEP)


def moved(network: Network, index: int, part: str, place: tuple[int, ...], by: float) -> Network:
    layers = list(network.layers)
    values = getattr(layers[index], part).copy()
    values[place] += np.float32(by)
    layers[index] = replace(layers[index], **{part: values})
    return replace(network, layers=tuple(layers))


@pytest.mark.parametrize("number_name", NUMBERS)
@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "step"])
def test_each_gradient_agrees_with_finite_differences(name: str, number_name: str) -> None:
    network, x = a_network(name, name), an_example()
    gradient, number = NUMBERS[number_name]
    mine = gradient(network, network.forward(x), LABEL)
    close = {"rel": 0.02, "abs": 2e-3}
    for pixel in range(6):
        along = STEP * np.eye(6, dtype=np.float32)[pixel]
        slope = slope_of(number, scores(network, x + along), scores(network, x - along))
        assert mine.inputs[pixel] == pytest.approx(slope, **close)
    for index, layer in enumerate(network.layers):
        indices = {"kernel": (1, 2), "bias": (3,)} | ({"alpha": (0,)} if layer.alpha is not None else {})
        parts = {
            "kernel": kernel_gradient(mine, index),
            "bias": mine.sums[index],
            "alpha": mine.alphas[index],
        }
        for part, index_in_part in indices.items():
            higher, lower = (moved(network, index, part, index_in_part, by) for by in (STEP, -STEP))
            slope = slope_of(number, scores(higher, x), scores(lower, x))
            assert parts[part][index_in_part] == pytest.approx(slope, **close), (index, part)


def test_no_gradient_flows_through_a_step_but_layers_after_it_still_learn() -> None:
    network = a_network("relu", "step", "tanh")
    mine = gradients.of_loss(network, network.forward(an_example()), LABEL, "crossentropy")
    assert not mine.inputs.any()
    assert not mine.sums[0].any()
    assert not mine.sums[1].any()
    assert mine.sums[2].any()
    assert mine.sums[3].any()


def test_without_a_hidden_layer_the_gradient_of_a_score_is_the_weights_of_its_class() -> None:
    network = a_network()
    mine = gradients.of_score(network, network.forward(an_example()), LABEL)
    np.testing.assert_array_equal(mine.inputs, network.layers[0].kernel[:, LABEL])


def test_huge_weights_give_finite_gradients() -> None:
    network = a_network("exponential", "selu", "exponential", size=1e25)
    mine = gradients.of_score(network, network.forward(an_example()), LABEL)
    assert all(np.isfinite(part).all() for part in (mine.inputs, *mine.sums))


@pytest.mark.parametrize("loss", ["crossentropy", "mse"])
def test_a_loss_of_huge_scores_is_finite_and_so_is_its_slope(loss: str) -> None:
    z = np.array([3e38, -3e38, 0, 1])
    assert np.isfinite(loss_of(z, 1, loss))
    assert np.isfinite(loss_slope(z, 1, loss)).all()


def test_the_loss_of_a_confident_prediction_is_not_rounded_to_0() -> None:
    z = np.array([40.0, 0.0])
    assert loss_of(z, 0, "crossentropy") == pytest.approx(np.exp(-40), rel=1e-9)
    assert loss_slope(z, 0, "crossentropy")[1] == pytest.approx(np.exp(-40), rel=1e-9)
    assert probabilities(z).sum() == pytest.approx(1)
