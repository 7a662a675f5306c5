"""Calculations written out so that they can be checked by hand: a unit's output, the softmax, and the loss."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.gradients import loss_of, probabilities
from mlpcore.analysis.rounding import agreeing, decimals_for, product, rounded, significant, total
from mlpcore.inference import Layer, activate
from mlpcore.inference.activations import Array

_PRECISE = Context(prec=30)
_HIGHEST = 80.0  # in float32, e to a little more than that overflows
_LOWEST = Decimal(-5000)  # e to less than that is written as 0
_DIGITS = 5
_ALPHA_DECIMALS = 5


@dataclass(frozen=True)
class Term:
    """An input of a unit, by its index from 0 on: its value times its weight."""

    index: int
    value: Decimal
    weight: Decimal
    product: Decimal


@dataclass(frozen=True)
class UnitCalculation:
    """A unit's weighted sum, bias and activation, rounded so that the written numbers agree with each other.

    `terms` are the largest ones that are not 0, the largest first; the `omitted` other ones add up to `rest`. The
    products are those of the written factors; they, the rest and the `rounding` error add up to `weighted` exactly,
    `weighted` and the bias to `z`, and `a` is what the activation makes of the written `z`, for PReLU with the written
    `alpha`. `zeros` of the inputs are 0 and add nothing.
    """

    unit: int
    terms: tuple[Term, ...]
    omitted: int
    zeros: int
    rest: Decimal
    rounding: Decimal
    weighted: Decimal
    bias: Decimal
    z: Decimal
    a: Decimal
    alpha: Decimal | None


@dataclass(frozen=True)
class ClassProbability:
    """A class's score, e to the power of it (less `SoftmaxCalculation.shift`), and its probability."""

    score: Decimal
    power: Decimal
    probability: Decimal


@dataclass(frozen=True)
class SoftmaxCalculation:
    """Each class's probability is its power divided by the `sum` of all; `shift` is subtracted from all scores.

    It is 0 unless the powers would be too large: it changes no probability.
    """

    classes: tuple[ClassProbability, ...]
    sum: Decimal
    shift: Decimal


@dataclass(frozen=True)
class CrossEntropy:
    """-ln of the true class's probability, which is `probability`, or 1 - `missing` where that is easier to read."""

    probability: Decimal
    missing: Decimal | None
    loss: Decimal


@dataclass(frozen=True)
class SquaredError:
    """The mean of the `squares` of the differences between `probabilities` and 1 for the true class, 0 for others."""

    probabilities: tuple[Decimal, ...]
    squares: tuple[Decimal, ...]
    loss: Decimal


def calculate_unit(layer: Layer, inputs: Array, z: float, a: float, unit: int, terms: int) -> UnitCalculation:
    """The calculation of one unit, a = f(sum x w + b), with its largest `terms`.

    `inputs` (inputs,) is what enters the layer; `z` and `a` are what the network computed, before and after the
    activation. The units of a softmax have no activation of their own: their `a` is their `z`.
    """
    weights = layer.kernel[:, unit].astype(np.float64)
    products = inputs.astype(np.float64) * weights
    largest = np.argsort(-np.abs(products), kind="stable")[:terms]
    largest = largest[products[largest] != 0]
    bias = float(layer.bias[unit])
    function = None if layer.activation == "softmax" else _UnitActivation(layer, unit, a)
    decimals = decimals_for([z, bias, *products[largest]])
    if function is not None:
        decimals = agreeing(decimals, lambda more: function(rounded(z, more)) == function.exact)
    written = _terms(largest.tolist(), inputs, weights, decimals)
    rest = rounded(float(np.delete(products, largest).sum()), decimals)
    whole = rounded(z, decimals)
    weighted = total((whole, -rounded(bias, decimals)))
    return UnitCalculation(
        unit,
        written,
        len(inputs) - len(written),
        int(np.count_nonzero(inputs == 0)),
        rest,
        total((weighted, -rest, *(-term.product for term in written))),
        weighted,
        rounded(bias, decimals),
        whole,
        whole if function is None else function(whole),
        None if function is None else function.alpha,
    )


def calculate_softmax(scores: NDArray[Any]) -> SoftmaxCalculation:
    """The softmax of the scores (classes,): p_k = e^z_k / sum e^z_j."""
    values = [float(score) for score in scores]
    exact = [_written_probability(float(p)) for p in probabilities(scores)]

    def agrees(decimals: int) -> bool:
        return [item.probability for item in _softmax(values, decimals, exact).classes] == exact

    return _softmax(values, agreeing(decimals_for(values), agrees), exact)


def calculate_cross_entropy(scores: NDArray[Any], label: int) -> CrossEntropy:
    """The cross-entropy, -ln p, of an example of class `label` with these scores (classes,)."""
    exact = loss_of(scores, label, "crossentropy")
    loss = significant(exact, 4)
    if exact < 1e-4:
        missing = significant(-math.expm1(-exact), 4)
        return CrossEntropy(Decimal(1), missing, loss)
    p = _PRECISE.exp(Decimal(-exact))
    digits = agreeing(4, lambda more: _with_digits(-_PRECISE.ln(_with_digits(p, more)), 4) == loss) if p else 4
    return CrossEntropy(_with_digits(p, digits), None, loss)


def calculate_squared_error(scores: NDArray[Any], label: int) -> SquaredError:
    """The mean squared error of an example of class `label` with these scores (classes,)."""
    loss = significant(loss_of(scores, label, "mse"), 4)
    shares = [float(share) for share in probabilities(scores)]
    decimals = agreeing(4, lambda more: _squared_error(shares, label, more).loss == loss, 8)
    return _squared_error(shares, label, decimals)


class _UnitActivation:
    """A unit's activation function of written numbers; `exact` is the network's own result as it is written."""

    def __init__(self, layer: Layer, unit: int, a: float) -> None:
        self._layer = layer
        self._decimals = decimals_for([a])
        self.exact = rounded(a, self._decimals)
        self.alpha = None if layer.alpha is None else rounded(float(layer.alpha[unit]), _ALPHA_DECIMALS)

    def __call__(self, z: Decimal) -> Decimal:
        if self.alpha is not None:
            return product(self.alpha, z, self._decimals) if z < 0 else rounded(z, self._decimals)
        return rounded(float(activate(self._layer.activation, np.array([[z]], np.float32))[0, 0]), self._decimals)


def _terms(indices: list[int], inputs: Array, weights: NDArray[np.float64], decimals: int) -> tuple[Term, ...]:
    """Terms whose products are those of their written factors, with enough digits for the true products."""
    pairs = [(index, float(inputs[index]), float(weights[index])) for index in indices]
    x_decimals, w_decimals = decimals_for([x for _, x, _ in pairs]), decimals_for([w for _, _, w in pairs])

    def with_digits(more: int) -> list[Term]:
        factors = [(index, rounded(x, x_decimals + more), rounded(w, w_decimals + more)) for index, x, w in pairs]
        return [Term(index, x, w, product(x, w, decimals)) for index, x, w in factors]

    exact = [rounded(x * w, decimals) for _, x, w in pairs]
    return tuple(with_digits(agreeing(1, lambda more: [term.product for term in with_digits(more)] == exact, 4)))


def _softmax(scores: Sequence[float], decimals: int, written_as: Sequence[Decimal]) -> SoftmaxCalculation:
    written = [rounded(score, decimals) for score in scores]
    shift = max(written) if max(scores) > _HIGHEST else Decimal(0)
    powers = [_power(score - shift) for score in written]
    whole = _with_digits(_PRECISE.create_decimal(total(powers)), _DIGITS + 1)
    shares = [_PRECISE.divide(power, whole) for power in powers]
    # As many digits as the true probability has, so that both can be compared.
    rounded_shares = [rounded(p, -int(like.as_tuple().exponent)) for p, like in zip(shares, written_as, strict=True)]
    rows = zip(written, powers, rounded_shares, strict=True)
    return SoftmaxCalculation(tuple(ClassProbability(*row) for row in rows), whole, shift)


def _power(exponent: Decimal) -> Decimal:
    return Decimal(0) if exponent < _LOWEST else _with_digits(_PRECISE.exp(exponent), _DIGITS)


def _with_digits(value: Decimal, digits: int) -> Decimal:
    return value if value == 0 else rounded(value, digits - 1 - value.adjusted())


def _written_probability(probability: float) -> Decimal:
    """Four decimals, or three digits of what is smaller than a thousandth."""
    return rounded(probability, 4) if probability >= 0.001 else significant(probability, 3)


def _squared_error(shares: Sequence[float], label: int, decimals: int) -> SquaredError:
    written = [rounded(p, decimals) for p in shares]
    targets = [Decimal(int(index == label)) for index in range(len(written))]
    squares = [_with_digits(_PRECISE.power(p - target, 2), _DIGITS) for p, target in zip(written, targets, strict=True)]
    mean = _with_digits(_PRECISE.divide(total(squares), len(squares)), 4)
    return SquaredError(tuple(written), tuple(squares), mean)
