"""Axes of figures: from numbers to positions, round numbers beside them, and the sizes and the width of text."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from mlpcore import formatting
from mlpcore.figures.markup import Attribute, tag

TEXT, SMALL = 13.0, 12.0
"""Sizes of the text of figures, in pixels."""
PHONE = 350.0
"""The width of a figure on a phone."""

_CHARACTER = 6.4 / 13.0  # about the width of a small letter, of the size of its font; Japanese ones take two
_GRID: dict[str, Attribute] = {"stroke": "currentColor", "stroke_opacity": 0.13}


@dataclass(frozen=True)
class Scale:
    """Numbers from `low` to `high` lie at `start` to `end`; what lies outside is moved to the nearer end."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The position of a number."""
        if self.high <= self.low:
            return (self.start + self.end) / 2
        share = (min(self.high, max(self.low, value)) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self, count: float) -> list[float]:
        """About `count` round numbers in the range, or fewer."""
        span = self.high - self.low
        if span <= 0 or not math.isfinite(span):
            return [self.low]
        step = _step(span, count)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [number * step for number in range(first, last + 1)]


def round_range(low: float, high: float, count: int) -> tuple[float, float]:
    """The range from the round number below `low` to the one above `high`, about `count` steps; never empty."""
    if not high > low:
        room = abs(low) or 1.0
        return low - room, high + room
    step = _step(high - low, count)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def text_width(texts: Iterable[str], size: float = TEXT) -> float:
    """About how wide the widest of these texts is in a font of this size, in pixels; 0 without any."""
    widths = (sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text) for text in texts)
    return _CHARACTER * size * max(widths, default=0)


def bottom_axis(
    x: Scale, ticks: Iterable[float], top: float, bottom: float, percent: bool = False, size: float = SMALL
) -> Iterator[Markup]:
    """Vertical lines of a grid from `top` to `bottom`, and their numbers below; with `percent`, shares in percent."""
    for tick in ticks:
        position = round(x(tick), 1)
        yield tag("path", d=f"M{position:g} {top:g}V{bottom:g}", **_GRID)
        yield label(_tick(tick, percent), position, bottom + 17, "middle", size)


def left_axis(y: Scale, ticks: Iterable[float], left: float, right: float, size: float = SMALL) -> Iterator[Markup]:
    """Horizontal lines of a grid from `left` to `right`, and their numbers to the left."""
    for tick in ticks:
        position = round(y(tick), 1)
        yield tag("path", d=f"M{left:g} {position:g}H{right:g}", **_GRID)
        yield label(formatting.tick(tick), left - 6, position + 4, "end", size)


def label(text: str, x: float, y: float, anchor: str, size: float = SMALL) -> Markup:
    """A text beside an axis; `anchor` is start, middle or end."""
    return tag("text", text, x=x, y=y, text_anchor=anchor, font_size=size, fill_opacity=0.7)


def axis_title(text: str, x: float, y: float) -> Markup:
    """The name of a horizontal axis."""
    return tag("text", text, x=x, y=y, text_anchor="middle", font_weight=600)


def upright_title(text: str, x: float, y: float) -> Markup:
    """The name of a vertical axis, read from bottom to top."""
    return tag("text", text, transform=f"translate({x:g} {y:.1f}) rotate(-90)", text_anchor="middle", font_weight=600)


def _tick(value: float, percent: bool) -> str:
    return f"{formatting.tick(100 * value)}\N{NO-BREAK SPACE}%" if percent else formatting.tick(value)


def _step(span: float, count: float) -> float:
    magnitude = 10.0 ** math.floor(math.log10(span / count))
    return next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude * count >= span * 0.999)
