"""Axes of figures: from numbers to positions, round numbers beside them, and how much room a text takes."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Numbers from `low` to `high` lie at `start` to `end`; what lies outside is moved to the nearer end."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a number."""
        if self.high <= self.low:
            return (self.start + self.end) / 2
        share = (min(self.high, max(self.low, value)) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self, most: int) -> list[float]:
        """At most about `most` round numbers in the range."""
        span = self.high - self.low
        if span <= 0 or not math.isfinite(span):
            return [self.low]
        step = _step(span, most)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [number * step for number in range(first, last + 1)]


def round_range(low: float, high: float, most: int) -> tuple[float, float]:
    """The range from the round number below `low` to the one above `high`, about `most` steps; some range always."""
    if not high > low:
        room = abs(low) or 1.0
        return low - room, high + room
    step = _step(high - low, most)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def _step(span: float, most: int) -> float:
    magnitude = 10.0 ** math.floor(math.log10(span / most))
    return next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude * most >= span * 0.999)


_LETTER = 6.4  # about the width of a small letter of 13 pixels; Japanese ones take two
_SIZE = 13.0


def text_width(texts: Iterable[str], size: float = _SIZE) -> float:
    """About how wide the widest of these texts is in a font of this size; 0 without any."""
    widths = (sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text) for text in texts)
    return _LETTER * size / _SIZE * max(widths, default=0)
