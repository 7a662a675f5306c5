"""How a neuron's activation spreads over the classes: one row per class, on one axis, as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mlpcore import formatting
from mlpcore.figures import palette
from mlpcore.figures.axes import PHONE, SMALL, TEXT, Scale, bottom_axis, round_range, text_width
from mlpcore.figures.markup import svg, tag

_WIDE = 560.0
_ROW, _TOP, _AXIS, _BOX = 24.0, 22.0, 24.0, 12.0
_TICKS = 5


@dataclass(frozen=True)
class ClassRow:
    """A class: its name, the mean, and five quantiles (5, 25, 50, 75 and 95 %); NaN without examples."""

    name: str
    mean: float
    quantiles: tuple[float, ...]


def class_spread_svg(
    rows: Sequence[ClassRow], activation: float, label: str, description: str, narrow: bool = False
) -> Markup:
    """A box plot for each class; a line marks `activation`, that for the shown example, and `label` names it."""
    width = PHONE if narrow else _WIDE
    left = text_width(row.name for row in rows) + 10
    low, high = round_range(*_range(rows, activation), _TICKS)
    scale = Scale(low, high, left + 6, width - 16)
    bottom = _TOP + _ROW * len(rows)
    x = scale(activation)
    anchor = "start" if x < width * 0.3 else "end" if x > width * 0.7 else "middle"
    return svg(
        width,
        bottom + _AXIS,
        description,
        *bottom_axis(scale, scale.ticks(_TICKS), _TOP, bottom),
        *(_row(row, _TOP + _ROW * (index + 0.5), left, scale) for index, row in enumerate(rows)),
        tag("path", d=f"M{x:.1f} {_TOP - 4:g}V{bottom:g}", stroke=palette.MARKED, stroke_width=2),
        tag("text", label, x=x, y=13, text_anchor=anchor, font_size=SMALL, fill=palette.MARKED, font_weight=600),
        font_size=TEXT,
    )


def _range(rows: Sequence[ClassRow], activation: float) -> tuple[float, float]:
    """From the lowest to the highest number that is drawn, 0 with them."""
    values = [value for row in rows for value in (row.mean, *row.quantiles) if math.isfinite(value)]
    low, high = min(0.0, activation, *values), max(0.0, activation, *values)
    return (low, high) if high > low else (0.0, 1.0)


def _row(row: ClassRow, y: float, left: float, scale: Scale) -> Markup:
    name = tag("text", row.name, x=left, y=y + 4.5, text_anchor="end")
    if not math.isfinite(row.mean):
        return name
    lowest, lower, median, upper, highest = (scale(value) for value in row.quantiles)
    top, color = y - _BOX / 2, palette.VALUE
    plot = tag(
        "g",
        tag("title", f"{row.name}: {formatting.number(row.mean)}"),
        tag("path", d=f"M{lowest:.1f} {y:g}H{highest:.1f}", stroke=color, stroke_width=1.5, stroke_opacity=0.7),
        tag(
            "rect",
            x=lower,
            y=top,
            width=max(1.0, upper - lower),
            height=_BOX,
            rx=2,
            fill=color,
            fill_opacity=0.35,
            stroke=color,
        ),
        tag("path", d=f"M{median:.1f} {top:g}v{_BOX:g}", stroke=color, stroke_width=2),
        tag("circle", cx=scale(row.mean), cy=y, r=3.6),
    )
    return name + plot
