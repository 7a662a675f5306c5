"""Written numbers, digit for digit: a real minus sign, commas between thousands, powers of ten where needed."""

from __future__ import annotations

from decimal import Decimal

from mlpcore.figures.numbers import with_power

_TINY, _HUGE = -5, 9  # powers of ten from which on a number is written with one


def written(value: Decimal) -> str:
    """All digits that the number has: −0.590, 1,947.3, 9.64×10⁻⁹."""
    size = abs(value)
    if size and not _TINY < size.adjusted() < _HUGE:
        digits = len(size.as_tuple().digits)
        text = with_power(f"{size:.{digits - 1}e}")
    else:
        text = f"{size:,f}"
    return f"−{text}" if value < 0 else text


def factor(value: Decimal) -> str:
    """The number behind a sign of arithmetic: a negative one stands in parentheses."""
    return f"({written(value)})" if value < 0 else written(value)
