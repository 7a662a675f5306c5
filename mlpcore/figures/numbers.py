"""Numbers as one writes them beside a figure: about three digits, a real minus sign, powers of ten where needed."""

from __future__ import annotations

import math

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def with_power(scientific: str) -> str:
    """A number in a computer's notation, 2.1e-05, as one writes it: 2.1×10⁻⁵."""
    mantissa, power = scientific.split("e")
    return f"{mantissa}×10{str(int(power)).translate(_RAISED)}"


def short(value: float) -> str:
    """A number with about three digits: 12.3, −0.046, 1,234, 2.1×10⁻⁵."""
    if not math.isfinite(value):
        return "–" if math.isnan(value) else ("−∞" if value < 0 else "∞")
    size = abs(value)
    if size == 0:
        return "0"
    if size < 0.0005 or size >= 999_999.5:
        text = with_power(f"{size:.1e}")
    else:
        text = f"{size:,.{0 if size >= 99.95 else 1 if size >= 9.995 else 2 if size >= 0.9995 else 3}f}"
    return f"−{text}" if value < 0 else text


def signed(value: float) -> str:
    """The same with a plus sign before what is positive."""
    return f"+{short(value)}" if value > 0 else short(value)


def tick(value: float) -> str:
    """A round number beside an axis, without zeros that say nothing: 0.5, 2, −10."""
    if value == 0 or 0.0005 <= abs(value) < 999_999.5:
        return f"{value:,.6g}".replace("-", "−")
    return short(value)
