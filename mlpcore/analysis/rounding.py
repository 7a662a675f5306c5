"""Numbers rounded for written calculations: as decimals, so that the written numbers add up exactly."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal

_EXACT = Context(prec=120, rounding=ROUND_HALF_EVEN)
_DECIMALS = 3
_MAX_DECIMALS = 12


def decimals_for(values: Iterable[float]) -> int:
    """How many decimals suit numbers of which the largest is to be read well: 3 from 0.1 up to 1,000.

    Smaller numbers get more decimals, larger ones fewer; a negative result is a number of digits before the point that
    are rounded to 0.
    """
    largest = max((abs(value) for value in values), default=0.0)
    if largest == 0:
        return _DECIMALS
    power = math.floor(math.log10(largest))
    if power < -1:
        return min(_MAX_DECIMALS, _DECIMALS - 1 - power)
    return _DECIMALS if power < 3 else 5 - power


def rounded(value: float | Decimal, decimals: int) -> Decimal:
    """The number with this many decimals; a rounded 0 has no sign."""
    result = _EXACT.quantize(Decimal(value), Decimal(1).scaleb(-decimals))
    return abs(result) if result == 0 else result


def significant(value: float, digits: int) -> Decimal:
    """The number with this many significant digits; 0 stays 0."""
    if value == 0:
        return Decimal(0)
    return rounded(value, digits - 1 - math.floor(math.log10(abs(value))))


def compared(first: float, second: float, max_decimals: int = 10) -> tuple[Decimal, Decimal, Decimal]:
    """Two numbers and their exact difference, second minus first, with enough decimals for the difference to show.

    There are at most `max_decimals` decimals.
    """
    difference = abs(second - first)
    decimals = decimals_for([first, second]) + 1
    if 0 < difference < 10.0**-max_decimals:
        decimals = max_decimals
    elif difference:
        decimals = max(decimals, 2 - math.floor(math.log10(difference)))
    before, after = rounded(first, min(decimals, max_decimals)), rounded(second, min(decimals, max_decimals))
    return before, after, _EXACT.subtract(after, before)


def product(first: Decimal, second: Decimal, decimals: int) -> Decimal:
    """The product of two written numbers, rounded to this many decimals."""
    return rounded(_EXACT.multiply(first, second), decimals)


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum of written numbers."""
    result = Decimal(0)
    for value in values:
        result = _EXACT.add(result, value)
    return result


def agreeing(decimals: int, agrees: Callable[[int], bool], attempts: int = 6) -> int:
    """The fewest decimals from `decimals` on with which the written numbers agree; where none do, `attempts` more."""
    return next((more for more in range(decimals, decimals + attempts) if agrees(more)), decimals + attempts)
