"""How numbers are written for people: counts, percentages, measured values, losses, times and sizes.

The separators are the same in all languages: a point before decimals, commas between thousands, a real minus sign,
and a no-break space before a unit. A number that is not known (None or NaN) is written as `UNKNOWN`. What is not
quite 0 or 100 % is never rounded to it. `mlpcore/ui/components/shared/formatting.js` follows the same rules in the
browser.
"""

from __future__ import annotations

import math
import unicodedata
from decimal import Decimal
from typing import TypeGuard

from mlpcore.i18n.messages import N_, Message

UNKNOWN = "–"
"""Written instead of a number that is not known."""

_SPACE = "\N{NO-BREAK SPACE}"
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_ROUNDING = 1e-12  # sums of shares may miss 1 by this much
_MAX_DECIMALS = 4
_VISIBLE = 0.0005  # the smallest share that one decimal of a percentage can show
_LARGE, _SMALL = 999_999.5, 0.0005  # numbers beyond are written with a power of ten
_SMALL_EXPONENT, _LARGE_EXPONENT = -5, 9  # the same for exact numbers

_FORMULA = ("=", "+", "-", "@")


def count(number: int) -> str:
    """A count with commas between thousands: 10,000."""
    return f"{number:,}"


def percent(share: float | None, deviation: float | None = None, decimals: int = 1) -> str:
    """A share from 0 to 1 in percent, with its standard deviation if there is one: 97.8 %, 97.8 ± 0.1 %.

    `decimals` are 1 or 2; there are 2 anyway where 1 would hide the difference: from 99.5 % on, and for a deviation
    that one decimal cannot show. Exactly 0 and 1 have none: 100 %. What two decimals would round to 0 or 100 % is
    written as a bound, > 99.99 %, or with a deviation with more decimals.
    """
    if not _known(share):
        return UNKNOWN
    if not _known(deviation):
        return _share(share, max(decimals, 2 if 0.995 <= share < 1 else 1))
    if _whole(share) and deviation == 0:
        return f"{100 * share:.0f} ± 0{_SPACE}%"
    decimals = max(decimals, 2 if share >= 0.995 or deviation < _VISIBLE else 1)
    while decimals < _MAX_DECIMALS and _rounds_to_whole(share, decimals):
        decimals += 1
    return f"{100 * share:.{decimals}f} ± {100 * deviation:.{decimals}f}{_SPACE}%"


def accuracy(share: float | None, deviation: float | None = None) -> str:
    """An accuracy in a table of runs: 97.85 %, of several networks 97.8 ± 0.1 %."""
    return percent(share, deviation, decimals=2 if deviation is None else 1)


def probability(share: float | None, deviation: float | None = None) -> str:
    """A probability in percent with one decimal, and with its standard deviation where one decimal shows it.

    What is nearly 0 or 1 is written as a bound: < 0.1 %, > 99.9 %.
    """
    if not _known(share):
        return UNKNOWN
    if not _known(deviation) or deviation < _VISIBLE or _whole(share) or _rounds_to_whole(share, 1):
        return _share(share, 1)
    return f"{100 * share:.1f} ± {100 * deviation:.1f}{_SPACE}%"


def percent_number(share: float | None) -> str:
    """A share in percent for a narrow cell, without the sign: 8.3, 42, 99.8, 100."""
    if not _known(share):
        return UNKNOWN
    decimals = 0 if 0.0995 <= share < 0.995 or share >= 1 else 1
    return _share(share, decimals).removesuffix(f"{_SPACE}%").replace(_SPACE, "")


def percent_range(low: float, high: float) -> str:
    """Two shares as a range in percent: 50–60 %."""
    return f"{percent_number(low)}–{percent_number(high)}{_SPACE}%"


def number(value: float | None) -> str:
    """A measured value with about three digits: 12.3, −0.046, 1,234, 2.1×10⁻⁵."""
    if not _known(value):
        return UNKNOWN
    if math.isinf(value):
        return "−∞" if value < 0 else "∞"
    size = abs(value)
    if size == 0:
        return "0"
    if size < _SMALL or size >= _LARGE:
        text = _with_power(f"{size:.1e}")
    else:
        text = f"{size:,.{0 if size >= 99.95 else 1 if size >= 9.995 else 2 if size >= 0.9995 else 3}f}"
    return _with_sign(text, value < 0)


def signed(value: float | None, decimals: int | None = None) -> str:
    """The same with a plus sign before a positive value; with exactly `decimals` decimals if given: +1.50."""
    text = number(value) if decimals is None or not _known(value) else fixed(value, decimals)
    return f"+{text}" if _known(value) and value > 0 else text


def fixed(value: float, decimals: int) -> str:
    """A number with this many decimals: 1,234.50."""
    return f"{value:,.{decimals}f}".replace("-", "−")


def tex(value: float) -> str:
    """The number in TeX: 1{,}234, 2.1 \\times 10^{-5}."""
    text = number(value).replace("−", "-").replace(",", "{,}")
    mantissa, times, power = text.partition("×10")
    return rf"{mantissa} \times 10^{{{power.translate(_LOWERED)}}}" if times else text


def tick(value: float) -> str:
    """A round number beside an axis, without trailing zeros: 0.5, 2, −10."""
    if value == 0 or _SMALL <= abs(value) < _LARGE:
        return f"{value:,.6g}".replace("-", "−")
    return number(value)


def setting(value: float) -> str:
    """The value of a setting, with all of its digits: 0.001, 1,000, 1×10⁻⁷."""
    if value == round(value) and abs(value) < _LARGE:
        return _with_sign(f"{abs(value):,.0f}", value < 0)
    text = f"{abs(value):g}"
    return _with_sign(_with_power(text) if "e" in text else text, value < 0)


def raw(value: float) -> str:
    """An example's own value in its own unit, with four digits: 5.1, 1,065."""
    if value != 0 and not _SMALL <= abs(value) < _LARGE:
        return number(value)
    return f"{float(f'{value:.4g}'):,g}".replace("-", "−")


def exact(value: Decimal) -> str:
    """All digits that a number of a calculation has: −0.590, 1,947.3, 9.64×10⁻⁹."""
    size = abs(value)
    if size and not _SMALL_EXPONENT < size.adjusted() < _LARGE_EXPONENT:
        digits = len(size.as_tuple().digits)
        text = _with_power(f"{size:.{digits - 1}e}")
    else:
        text = f"{size:,f}"
    return _with_sign(text, value < 0)


def factor(value: Decimal) -> str:
    """The exact number after an arithmetic operator: a negative one is in parentheses."""
    return f"({exact(value)})" if value < 0 else exact(value)


def loss(value: float | None, deviation: float | None = None) -> str:
    """A loss with four decimals, of several networks 0.3120 ± 0.0042; very small and large ones as `number`."""
    if not _known(value):
        return UNKNOWN
    if math.isinf(value) or (value != 0 and not 0.001 <= abs(value) < _LARGE):
        return number(value) if not _known(deviation) else f"{number(value)} ± {number(deviation)}"
    decimals = 4 if abs(value) < 1000 else 1
    return (
        fixed(value, decimals) if not _known(deviation) else f"{fixed(value, decimals)} ± {fixed(deviation, decimals)}"
    )


def duration(seconds: float) -> Message:
    """A time in seconds, from a minute on in minutes and seconds: 59.9 s, 1 min 0 s."""
    if round(seconds, 1) < 60:
        return Message(N_("{seconds} s"), {"seconds": f"{seconds:.1f}"})
    minutes, rest = divmod(round(seconds), 60)
    return Message(N_("{minutes} min {seconds} s"), {"minutes": count(minutes), "seconds": rest})


def rough_duration(seconds: float) -> Message:
    """An estimated time in one unit, never 0: 10 s, 3 min, 5 h, 1,200 days."""
    if seconds < 55:
        return Message(N_("{seconds} s"), {"seconds": max(10, 10 * round(seconds / 10))})
    if seconds < 90 * 60:
        return Message(N_("{minutes} min"), {"minutes": max(1, round(seconds / 60))})
    if seconds < 72 * 3600:
        return Message(N_("{hours} h"), {"hours": round(seconds / 3600)})
    return Message(N_("{days} days"), {"days": count(round(seconds / 86_400))})


def megabytes(size: float) -> str:
    """A number of bytes in megabytes, without the unit: 11.6."""
    return f"{size / 1e6:,.1f}"


def spreadsheet_text(text: str) -> str:
    """The text, marked as text where a spreadsheet would run it as a formula."""
    return f"'{text}" if unicodedata.normalize("NFKC", text).lstrip().startswith(_FORMULA) else text


def _known(value: float | None) -> TypeGuard[float]:
    return value is not None and not math.isnan(value)


def _whole(share: float) -> bool:
    """Whether a share is 0 or 1, up to the rounding errors of sums."""
    return share == 0 or abs(share - 1) < _ROUNDING


def _rounds_to_whole(share: float, decimals: int) -> bool:
    return not _whole(share) and float(f"{100 * share:.{decimals}f}") in (0.0, 100.0)


def _share(share: float, decimals: int) -> str:
    """A share in percent, or a bound where rounding would make it 0 or 100 %."""
    if _whole(share):
        return f"{100 * share:.0f}{_SPACE}%"
    if _rounds_to_whole(share, decimals) and 0 < share < 1:
        step = 10.0**-decimals
        bound = f"<{_SPACE}{step:.{decimals}f}" if share < 0.5 else f">{_SPACE}{100 - step:.{decimals}f}"
        return f"{bound}{_SPACE}%"
    return f"{fixed(100 * share, decimals)}{_SPACE}%"


def _with_power(scientific: str) -> str:
    """A number in exponent notation, 2.1e-05, with a power of ten: 2.1×10⁻⁵."""
    mantissa, power = scientific.split("e")
    return f"{mantissa}×10{str(int(power)).translate(_RAISED)}"


def _with_sign(text: str, negative: bool) -> str:
    return f"−{text}" if negative else text
