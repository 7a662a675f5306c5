"""How single neurons respond to a test set, against plain NumPy over all of it at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlpcore import datasets
from mlpcore.analysis.neuron_response import QUANTILES, neuron_response
from mlpcore.analysis.sampling import scaled
from mlpcore.inference import Network
from tests.factory.networks import random_network
from tests.factory.runs import spec_of

DIGITS = datasets.load_test("digits")


def a_network(*hidden: tuple[int, str], dataset: str = "digits", **settings: object) -> Network:
    layers = [{"units": units, "activation": activation} for units, activation in hidden]
    return random_network(spec_of(dataset=dataset, hidden=layers, **settings), 1)


@pytest.mark.parametrize(("layer", "unit"), [(0, 4), (1, 2), (2, 9)])
@pytest.mark.parametrize("prepare", ["none", "deskew"])
def test_the_examples_with_the_highest_and_lowest_activation_are_found(layer: int, unit: int, prepare: str) -> None:
    network = a_network((7, "tanh"), (5, "prelu"), prepare=prepare)

    response = neuron_response(network, DIGITS, layer, unit, 6)

    everything = network.forward(scaled(DIGITS, slice(None))).activations[layer][:, unit]
    assert response.measured == len(everything)
    assert response.highest == pytest.approx(np.sort(everything)[::-1][:6], abs=1e-6)
    assert response.lowest == pytest.approx(np.sort(everything)[:6], abs=1e-6)
    assert everything[response.highest_examples] == pytest.approx(response.highest, abs=1e-6)
    assert everything[response.lowest_examples] == pytest.approx(response.lowest, abs=1e-6)


def test_equal_activations_are_ordered_by_the_weighted_sum() -> None:
    network = a_network((7, "relu"))
    layer = network.layers[0]
    silent = replace(network, layers=(replace(layer, bias=layer.bias - 99), *network.layers[1:]))

    response = neuron_response(silent, DIGITS, 0, 3, 5)

    sums = silent.forward(scaled(DIGITS, slice(None))).preactivations[0][:, 3]
    assert response.highest.tolist() == response.lowest.tolist() == [0] * 5
    assert sums[response.lowest_examples] == pytest.approx(np.sort(sums)[:5])
    assert sums[response.highest_examples] == pytest.approx(np.sort(sums)[::-1][:5])


def test_the_spread_over_the_classes_is_that_of_their_examples() -> None:
    network = a_network((7, "sigmoid"))

    response = neuron_response(network, DIGITS, 0, 2, 3)

    values = network.forward(scaled(DIGITS, slice(None))).activations[0][:, 2].astype(np.float64)
    for label, spread in enumerate(response.classes):
        own = values[DIGITS.labels == label]
        assert spread.count == len(own)
        assert spread.mean == pytest.approx(own.mean(), abs=1e-6)
        assert spread.quantiles == pytest.approx(np.quantile(own, QUANTILES), abs=1e-6)
