"""Numbers rounded for a calculation on paper: as decimals, so that what is written adds up exactly as written."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal

_EXACT = Context(prec=120, rounding=ROUND_HALF_EVEN)
_USUAL = 3
_MOST = 12


def places_for(values: Iterable[float]) -> int:
    """How many decimals suit numbers of which the largest is to be read well: 3 from 0.1 up to 1,000.

    Smaller numbers get more decimals, larger ones fewer; below 0 it is how many places before the point are dropped.
    """
    largest = max((abs(value) for value in values), default=0.0)
    if largest == 0:
        return _USUAL
    power = math.floor(math.log10(largest))
    if power < -1:
        return min(_MOST, _USUAL - 1 - power)
    return _USUAL if power < 3 else 5 - power


def rounded(value: float | Decimal, places: int) -> Decimal:
    """The number with so many decimals; a rounded 0 has no sign."""
    found = _EXACT.quantize(Decimal(value), Decimal(1).scaleb(-places))
    return abs(found) if found == 0 else found


def significant(value: float, digits: int) -> Decimal:
    """The number with so many digits that count; 0 stays 0."""
    if value == 0:
        return Decimal(0)
    return rounded(value, digits - 1 - math.floor(math.log10(abs(value))))


def compared(first: float, second: float, most: int = 10) -> tuple[Decimal, Decimal, Decimal]:
    """Two numbers and their difference, second less first, with so many decimals that it shows; it is exact."""
    difference = abs(second - first)
    places = places_for([first, second]) + 1
    if 0 < difference < 10.0**-most:
        places = most
    elif difference:
        places = max(places, 2 - math.floor(math.log10(difference)))
    before, after = rounded(first, min(places, most)), rounded(second, min(places, most))
    return before, after, _EXACT.subtract(after, before)


def product(first: Decimal, second: Decimal, places: int) -> Decimal:
    """The product of two written numbers, rounded to so many decimals."""
    return rounded(_EXACT.multiply(first, second), places)


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum of written numbers."""
    found = Decimal(0)
    for value in values:
        found = _EXACT.add(found, value)
    return found


def agreeing(places: int, agrees: Callable[[int], bool], most: int = 6) -> int:
    """The fewest decimals from `places` on, at most `most` more, with which what is written agrees; else the most."""
    return next((more for more in range(places, places + most) if agrees(more)), places + most)
