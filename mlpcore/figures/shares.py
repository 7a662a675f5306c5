"""Accuracies as one reads them, alone or as a mean with the spread of several networks."""

from __future__ import annotations


def percent(share: float, deviation: float | None = None) -> str:
    """A share from 0 to 1 in percent, with its standard deviation where there is one: 97.8 %, 97.8 ± 0.1 %.

    One decimal, and two where one would hide the difference: from 99.5 % on, and for a deviation that rounds to 0.0.
    """
    digits = 2 if share >= 0.995 or (deviation is not None and deviation < 0.0005) else 1
    spread = "" if deviation is None else f" ± {100 * deviation:.{digits}f}"
    return f"{100 * share:.{digits}f}{spread} %"


def percent_in_text(share: float) -> str:
    """The same for sentences: no line ends between the number and its sign."""
    return percent(share).replace(" ", "\N{NO-BREAK SPACE}")
