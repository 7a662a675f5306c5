"""What is calculated on paper: the written numbers agree with each other exactly, and with the network's own."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest

from mlpcore.analysis.calculations import (
    UnitCalculation,
    calculate_cross_entropy,
    calculate_softmax,
    calculate_squared_error,
    calculate_unit,
)
from mlpcore.analysis.rounding import compared, decimals_for, rounded, significant
from mlpcore.inference import Layer, activate
from mlpcore.spec.choices import ACTIVATIONS


def a_layer(activation: str, inputs: int = 40, size: float = 0.5, seed: int = 0) -> Layer:
    generator = np.random.default_rng(seed)
    alpha = generator.normal(size=6).astype(np.float32) if activation == "prelu" else None
    kernel = (size * generator.normal(size=(inputs, 6))).astype(np.float32)
    return Layer(kernel, (size * generator.normal(size=6)).astype(np.float32), activation, alpha)


def calculations(layer: Layer, flow: np.ndarray, terms: int = 5) -> list[tuple[UnitCalculation, float, float]]:
    z = layer.preactivations(flow[None])
    a = activate(layer.activation, z, layer.alpha)
    units = range(len(layer.bias))
    return [
        (
            calculate_unit(layer, flow, float(z[0, unit]), float(a[0, unit]), unit, terms),
            float(z[0, unit]),
            float(a[0, unit]),
        )
        for unit in units
    ]


def a_flow(inputs: int = 40, seed: int = 1) -> np.ndarray:
    flow = np.random.default_rng(seed).random(inputs).astype(np.float32)
    flow[::4] = 0
    return flow


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("size", [1e-6, 0.01, 0.5, 8.0])
def test_the_written_numbers_add_up_to_the_last_digit(activation: str, size: float) -> None:
    for result, z, _a in calculations(a_layer(activation, size=size), a_flow()):
        parts = (*(term.product for term in result.terms), result.rest, result.rounding)
        assert sum(parts, Decimal()) == result.weighted
        assert result.weighted + result.bias == result.z
        unit = -result.z.as_tuple().exponent
        assert all(term.product == rounded(term.value * term.weight, unit) for term in result.terms)
        assert abs(float(result.z) - z) <= 0.51 * 10.0**-unit + 1e-6 * abs(z)


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "prelu"])
@pytest.mark.parametrize("seed", range(4))
def test_the_activation_of_the_written_sum_is_the_networks_own(activation: str, seed: int) -> None:
    for result, _z, a in calculations(a_layer(activation, seed=seed), a_flow(seed=seed)):
        written = float(activate(activation, np.array([[float(result.z)]], np.float32))[0, 0])
        decimals = -result.a.as_tuple().exponent
        assert rounded(written, decimals) == result.a == rounded(a, decimals)
        assert float(result.a) == pytest.approx(a, rel=6e-3)


def test_prelu_multiplies_what_is_negative_by_the_written_slope() -> None:
    negative = [result for result, _z, _a in calculations(a_layer("prelu", seed=3), a_flow()) if result.z < 0]
    assert negative
    for result in negative:
        assert result.alpha is not None
        assert result.a == rounded(result.alpha * result.z, -result.a.as_tuple().exponent)


def test_the_terms_are_the_largest_ones_and_the_rest_is_that_of_all_others() -> None:
    layer, flow = a_layer("relu"), a_flow()
    result = calculations(layer, flow)[2][0]
    products = flow * layer.kernel[:, 2]
    assert [term.index for term in result.terms] == np.argsort(-np.abs(products))[:5].tolist()
    others = np.delete(products, [term.index for term in result.terms])
    assert float(result.rest) == pytest.approx(others.sum(), abs=0.00051)
    assert abs(result.rounding) <= Decimal("0.004")
    assert (result.omitted, result.zeros) == (35, 10)


def test_written_factors_give_the_true_product() -> None:
    layer, flow = a_layer("relu", inputs=300), a_flow(300)
    for result, _z, _a in calculations(layer, flow):
        for term in result.terms:
            true = float(flow[term.index]) * float(layer.kernel[term.index, result.unit])
            assert float(term.product) == pytest.approx(true, abs=0.00051)


def test_with_few_inputs_all_terms_are_written_but_those_of_0() -> None:
    for result, _z, _a in calculations(a_layer("relu", inputs=3), a_flow(3)):
        assert (len(result.terms), result.omitted, result.zeros, result.rest) == (2, 1, 1, 0)
        assert abs(result.rounding) <= Decimal("0.003")


def test_with_inputs_of_0_only_the_bias_is_left() -> None:
    for result, _z, _a in calculations(a_layer("linear", inputs=3), np.zeros(3, np.float32)):
        assert not result.terms
        assert result.weighted == result.rest == 0
        assert result.z == result.bias == result.a


@pytest.mark.parametrize(
    ("values", "decimals"), [([0.5, -12], 3), ([999], 3), ([1234], 2), ([0.05], 4), ([1e30], -25), ([0], 3), ([], 3)]
)
def test_numbers_get_decimals_that_suit_the_largest(values: list[float], decimals: int) -> None:
    assert decimals_for(values) == decimals


def test_a_rounded_zero_has_no_sign() -> None:
    assert str(rounded(-0.0001, 3)) == "0.000"


def test_two_numbers_have_enough_decimals_for_their_difference() -> None:
    before, after, change = compared(0.500001, 0.5000031)
    assert after - before == change
    assert float(change) == pytest.approx(2.1e-6, rel=0.05)
    assert compared(0.25, 0.25)[2] == 0


# Softmax and losses


def true_softmax(scores: list[float]) -> list[float]:
    powers = [math.exp(score) for score in scores]
    return [power / sum(powers) for power in powers]


@pytest.mark.parametrize("seed", range(6))
def test_powers_divided_by_their_sum_are_the_written_probabilities(seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=10, scale=5).astype(np.float32)
    result = calculate_softmax(scores)
    assert result.shift == 0
    for row, true in zip(result.classes, true_softmax(scores.tolist()), strict=True):
        assert float(row.power) == pytest.approx(math.exp(float(row.score)), rel=1e-4)
        assert row.probability == (rounded(true, 4) if true >= 0.001 else significant(true, 3))
        assert rounded(row.power / result.sum, -row.probability.as_tuple().exponent) == row.probability
    assert float(result.sum) == pytest.approx(float(sum(row.power for row in result.classes)), rel=1e-5)


@pytest.mark.parametrize("scores", [[300.0, 299.0, -4000.0], [3e38, -3e38, 0.0], [0.0, 0.0, 0.0]])
def test_huge_scores_are_shifted_first_and_change_no_probability(scores: list[float]) -> None:
    result = calculate_softmax(np.array(scores, np.float32))
    top = max(scores)
    for row, score in zip(result.classes, scores, strict=True):
        below = np.exp(np.array(scores) - top)
        assert float(row.probability) == pytest.approx(math.exp(score - top) / below.sum(), abs=1e-4)
    assert (result.shift > 0) == (top > 80)


@pytest.mark.parametrize("seed", range(6))
def test_the_cross_entropy_is_minus_the_logarithm_of_the_written_probability(seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=5, scale=3)
    for label, true in enumerate(true_softmax(scores.tolist())):
        result = calculate_cross_entropy(scores, label)
        assert float(result.loss) == pytest.approx(-math.log(true), rel=1e-3)
        if result.missing is None:
            assert significant(-math.log(result.probability), 4) == result.loss
        else:
            assert float(result.missing) == pytest.approx(1 - true, rel=1e-3)


def test_a_probability_near_1_is_written_as_1_minus_the_rest() -> None:
    result = calculate_cross_entropy(np.array([30.0, 0.0]), 0)
    assert result.missing is not None
    assert float(result.missing) == pytest.approx(math.exp(-30), rel=1e-3)
    assert result.missing == result.loss


@pytest.mark.parametrize("scores", [[3e38, -3e38], [0.0, 900.0]])
def test_a_probability_of_0_has_a_finite_loss(scores: list[float]) -> None:
    assert float(calculate_cross_entropy(np.array(scores, np.float32), 0 if scores[0] == 0 else 1).loss) >= 900


@pytest.mark.parametrize("label", range(4))
def test_the_squared_error_is_the_mean_of_the_written_squares(label: int) -> None:
    scores = np.array([0.3, -1.0, 2.2, 0.0])
    result = calculate_squared_error(scores, label)
    targets = [int(index == label) for index in range(4)]
    true = [(p - y) ** 2 for p, y in zip(true_softmax(scores.tolist()), targets, strict=True)]
    assert float(result.loss) == pytest.approx(sum(true) / 4, rel=1e-3)
    assert significant(float(sum(result.squares)) / 4, 4) == result.loss
    for p, y, square in zip(result.probabilities, targets, result.squares, strict=True):
        assert float(square) == pytest.approx((float(p) - y) ** 2, rel=1e-4)
