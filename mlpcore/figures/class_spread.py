"""How a neuron's activation spreads over the classes: a row for each, on one axis, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from mlpcore import formatting
from mlpcore.figures.axes import Scale, round_range, text_width

_BLUE, _AMBER = "#3d8ed0", "#d0902f"
_ROW, _TOP, _AXIS, _BOX = 24.0, 22.0, 24.0, 12.0
_TICKS = 5


@dataclass(frozen=True)
class ClassRow:
    """A class: its name, the mean, and five quantiles (5, 25, 50, 75 and 95 %); NaN without examples."""

    name: str
    mean: float
    quantiles: tuple[float, ...]


def class_spread_svg(rows: Sequence[ClassRow], now: float, label: str, description: str, narrow: bool = False) -> str:
    """The SVG; a line marks `now`, the activation for the example that is looked at, and `label` says so."""
    width = 350.0 if narrow else 560.0
    left = text_width(row.name for row in rows) + 10
    low, high = round_range(*_range(rows, now), _TICKS)
    scale = Scale(low, high, left + 6, width - 16)
    bottom = _TOP + _ROW * len(rows)
    parts = [*_axis(scale, bottom)]
    for place, row in enumerate(rows):
        parts += _row(row, _TOP + _ROW * (place + 0.5), left, scale)
    x = scale(now)
    anchor = "start" if x < width * 0.3 else "end" if x > width * 0.7 else "middle"
    parts.append(
        f'<path d="M{x:.1f} {_TOP - 4:g}V{bottom:g}" stroke="{_AMBER}" stroke-width="2"/>'
        f'<text x="{x:.1f}" y="13" text-anchor="{anchor}" font-size="12" fill="{_AMBER}" font-weight="600">'
        f"{escape(label)}</text>"
    )
    return (
        f'<svg viewBox="0 0 {width:g} {bottom + _AXIS:g}" role="img" aria-label="{escape(description)}" '
        f'fill="currentColor" font-size="13" style="display:block;width:100%;height:auto;max-width:{width:g}px">'
        f"{''.join(parts)}</svg>"
    )


def _range(rows: Sequence[ClassRow], now: float) -> tuple[float, float]:
    """From the lowest to the highest number that is drawn, 0 with them."""
    values = [value for row in rows for value in (row.mean, *row.quantiles) if math.isfinite(value)]
    low, high = min(0.0, now, *values), max(0.0, now, *values)
    return (low, high) if high > low else (0.0, 1.0)


def _axis(scale: Scale, bottom: float) -> Iterator[str]:
    for value in scale.ticks(_TICKS):
        x = scale(value)
        yield (
            f'<path d="M{x:.1f} {_TOP:g}V{bottom:g}" stroke="currentColor" stroke-opacity="0.13"/>'
            f'<text x="{x:.1f}" y="{bottom + 17:g}" text-anchor="middle" font-size="12" fill-opacity="0.7">'
            f"{formatting.tick(value)}</text>"
        )


def _row(row: ClassRow, y: float, left: float, scale: Scale) -> Iterator[str]:
    yield f'<text x="{left:g}" y="{y + 4.5:g}" text-anchor="end">{escape(row.name)}</text>'
    if not math.isfinite(row.mean):
        return
    lowest, lower, middle, upper, highest = (scale(value) for value in row.quantiles)
    top, words = y - _BOX / 2, f"{row.name}: {formatting.number(row.mean)}"
    yield (
        f"<g><title>{escape(words)}</title>"
        f'<path d="M{lowest:.1f} {y:g}H{highest:.1f}" stroke="{_BLUE}" stroke-width="1.5" stroke-opacity="0.7"/>'
        f'<rect x="{lower:.1f}" y="{top:g}" width="{max(1.0, upper - lower):.1f}" height="{_BOX:g}" rx="2" '
        f'fill="{_BLUE}" fill-opacity="0.35" stroke="{_BLUE}"/>'
        f'<path d="M{middle:.1f} {top:g}v{_BOX:g}" stroke="{_BLUE}" stroke-width="2"/>'
        f'<circle cx="{scale(row.mean):.1f}" cy="{y:g}" r="3.6"/></g>'
    )
