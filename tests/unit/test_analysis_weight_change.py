"""What changed between two epochs, against plain NumPy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlpcore.analysis.predictions import Predictions
from mlpcore.analysis.weight_change import MAX_WEIGHTS, layer_changes, prediction_changes, weights_of
from mlpcore.inference import Layer, Network
from tests.factory.networks import random_network
from tests.factory.runs import spec_of


def test_the_change_of_a_layer_is_the_norm_of_the_difference() -> None:
    before, after = (random_network(spec_of(dataset="digits", hidden=[{"units": 6}]), epoch) for epoch in (1, 2))

    changes = layer_changes(weights_of(before), weights_of(after))

    for old, new, change in zip(before.layers, after.layers, changes, strict=True):
        expected = np.linalg.norm(new.kernel - old.kernel) / np.linalg.norm(old.kernel)
        assert change.weights == pytest.approx(expected, rel=1e-5)
        moved = np.abs(new.bias - old.bias)
        assert change.biases == pytest.approx(moved.mean(), rel=1e-5)
        assert (change.largest, change.unit) == (pytest.approx(moved.max(), rel=1e-5), moved.argmax())


def test_weights_that_were_all_zero_have_no_relative_change() -> None:
    network = random_network(spec_of(dataset="digits", hidden=[]), 1)
    nothing = replace(network, layers=(replace(network.layers[0], kernel=0 * network.layers[0].kernel),))

    assert layer_changes(weights_of(nothing), weights_of(network))[0].weights is None


def test_the_change_of_a_large_layer_is_measured_on_some_of_its_weights() -> None:
    chance = np.random.default_rng(0)
    kernels = [chance.normal(size=(784, 1024)).astype(np.float32) for _ in range(2)]
    first, second = (
        weights_of(Network((Layer(kernel, np.zeros(1024, np.float32), "softmax"),), "mnist", (28, 28), 255.0, 1))
        for kernel in kernels
    )

    assert not first[0].whole
    assert len(first[0].weights) <= MAX_WEIGHTS
    expected = np.linalg.norm(kernels[1] - kernels[0]) / np.linalg.norm(kernels[0])
    assert layer_changes(first, second)[0].weights == pytest.approx(expected, rel=0.01)


def test_predictions_that_became_right_or_wrong_are_separated() -> None:
    labels = np.array([0, 1, 0, 1])
    before = Predictions(np.array([[0.9, 0.1], [0.9, 0.1], [0.8, 0.2], [0.6, 0.4]], np.float32), labels)
    after = Predictions(np.array([[0.9, 0.1], [0.1, 0.9], [0.3, 0.7], [0.6, 0.4]], np.float32), labels)

    changes = prediction_changes(before, after)

    assert (changes.learned.tolist(), changes.lost.tolist()) == ([1], [2])
    assert (changes.before, changes.after) == (0.5, 0.5)
