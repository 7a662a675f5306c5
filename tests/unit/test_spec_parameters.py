"""How many parameters a network has, against the lecture's calculation and against the weights that Keras creates."""

from __future__ import annotations

import math

import pytest

from mlpcore import datasets
from mlpcore.spec import RunSpec, choices
from mlpcore.spec.parameters import count_parameters, layer_parameters


def spec(**settings: object) -> RunSpec:
    return RunSpec.from_dict({"dataset": "mnist", **settings})


def test_the_sum_is_written_as_in_the_lecture() -> None:
    hidden, output = layer_parameters(spec(hidden=[{"units": 32}]))

    assert hidden.arithmetic == "(784 + 1) × 32 = 25,120"
    assert output.arithmetic == "(32 + 1) × 10 = 330"
    assert count_parameters(spec(hidden=[{"units": 32}])) == 25_450


def test_prelu_learns_a_slope_for_each_unit() -> None:
    hidden, _output = layer_parameters(spec(hidden=[{"units": 64, "activation": "prelu"}]))

    assert hidden.arithmetic == "(784 + 1) × 64 + 64 = 50,304"


def test_a_network_without_hidden_layers_is_a_softmax_regression() -> None:
    (output,) = layer_parameters(spec(hidden=[]))

    assert (output.activation, output.total) == ("softmax", 7_850)


@pytest.mark.parametrize("dataset", datasets.REGISTRY)
def test_inputs_and_outputs_are_those_of_the_dataset(dataset: str) -> None:
    rows = layer_parameters(RunSpec.from_dict({"dataset": dataset, "hidden": [{"units": 5}, {"units": 7}]}))

    info = datasets.REGISTRY[dataset]
    assert [(row.inputs, row.units) for row in rows] == [(math.prod(info.input_shape), 5), (5, 7), (7, info.classes)]


@pytest.mark.parametrize("activation", choices.ACTIVATIONS)
def test_the_total_counts_every_weight_bias_and_slope(activation: str) -> None:
    total = count_parameters(spec(hidden=[{"units": 6, "activation": activation, "dropout": 0.5}]))

    weights_and_biases = 784 * 6 + 6 + 6 * 10 + 10
    assert total == weights_and_biases + (6 if activation == "prelu" else 0)
