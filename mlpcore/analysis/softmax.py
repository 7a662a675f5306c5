"""The softmax and the loss of one example as calculations on paper, checked from the written digits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

from numpy.typing import NDArray

from mlpcore.analysis import losses
from mlpcore.analysis.rounding import agreeing, places_for, rounded, significant, total

_ENOUGH = Context(prec=30)
_HIGHEST = 80.0  # in float32, e to a little more than that overflows
_LOWEST = Decimal(-5000)  # e to less than that is written as 0
_DIGITS = 5


@dataclass(frozen=True)
class Power:
    """A class's score, e to the power of it (less `Softmax.shift`), and its probability."""

    score: Decimal
    power: Decimal
    probability: Decimal


@dataclass(frozen=True)
class Softmax:
    """Each class's probability is its power divided by the `sum` of all; `shift` is subtracted from all scores.

    It is 0 unless the powers would be too large: it changes no probability.
    """

    classes: tuple[Power, ...]
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


def softmax(scores: NDArray[Any]) -> Softmax:
    """The softmax of the scores (classes,)."""
    values = [float(score) for score in scores]
    true = [_written(float(p)) for p in losses.probabilities(scores)]
    start = places_for(values)
    places = agreeing(start, lambda more: [one.probability for one in _softmax(values, more, true).classes] == true)
    return _softmax(values, places, true)


def _softmax(scores: Sequence[float], places: int, shown_as: Sequence[Decimal]) -> Softmax:
    written = [rounded(score, places) for score in scores]
    shift = max(written) if max(scores) > _HIGHEST else Decimal(0)
    powers = [_power(score - shift) for score in written]
    whole = _cut(_ENOUGH.create_decimal(total(powers)), _DIGITS + 1)
    shares = [_ENOUGH.divide(power, whole) for power in powers]
    # As many digits as the true probability has, so that both can be compared.
    probabilities = [rounded(p, -int(like.as_tuple().exponent)) for p, like in zip(shares, shown_as, strict=True)]
    return Softmax(tuple(Power(*row) for row in zip(written, powers, probabilities, strict=True)), whole, shift)


def _power(exponent: Decimal) -> Decimal:
    return Decimal(0) if exponent < _LOWEST else _cut(_ENOUGH.exp(exponent), _DIGITS)


def _cut(value: Decimal, digits: int) -> Decimal:
    return value if value == 0 else rounded(value, digits - 1 - value.adjusted())


def _written(probability: float) -> Decimal:
    """Four decimals, or three digits of what is smaller than a thousandth."""
    return rounded(probability, 4) if probability >= 0.001 else significant(probability, 3)


def cross_entropy(scores: NDArray[Any], label: int) -> CrossEntropy:
    """The cross-entropy of an example of class `label` with these scores (classes,)."""
    true = losses.loss_of(scores, label, "crossentropy")
    loss = significant(true, 4)
    if true < 1e-4:
        missing = significant(-math.expm1(-true), 4)
        return CrossEntropy(Decimal(1), missing, loss)
    p = _ENOUGH.exp(Decimal(-true))
    digits = agreeing(4, lambda more: _cut(-_ENOUGH.ln(_cut(p, more)), 4) == loss) if p else 4
    return CrossEntropy(_cut(p, digits), None, loss)


def squared_error(scores: NDArray[Any], label: int) -> SquaredError:
    """The mean squared error of an example of class `label` with these scores (classes,)."""
    loss = significant(losses.loss_of(scores, label, "mse"), 4)
    p = [float(share) for share in losses.probabilities(scores)]
    places = agreeing(4, lambda more: _squared(p, label, more).loss == loss, 8)
    return _squared(p, label, places)


def _squared(probabilities: Sequence[float], label: int, places: int) -> SquaredError:
    written = [rounded(p, places) for p in probabilities]
    targets = [Decimal(int(index == label)) for index in range(len(written))]
    squares = [_cut(_ENOUGH.power(p - target, 2), _DIGITS) for p, target in zip(written, targets, strict=True)]
    return SquaredError(tuple(written), tuple(squares), _cut(_ENOUGH.divide(total(squares), len(squares)), 4))
