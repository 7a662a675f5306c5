"""How numbers are distributed, as SVG: over the epochs of a training, and over the classes of a test set."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from mlpcore import formatting
from mlpcore.figures import palette
from mlpcore.figures.axes import PHONE, SMALL, TEXT, Scale, bottom_axis, label, left_axis, round_range, text_width
from mlpcore.figures.markup import Attribute, svg, tag

_WIDE, _NARROW, _HEIGHT = 520.0, 360.0, 190.0
_LEFT, _TOP, _BOTTOM = 52.0, 26.0, 36.0
_HISTOGRAM = 0.16  # its share of the width
_TICKS = 5
_BANDS = ((1, 5, 0.2), (2, 4, 0.4))  # of quantiles, with their opacity
_SPREAD_WIDTH = 560.0
_SPREAD_ROW, _SPREAD_TOP, _SPREAD_AXIS, _SPREAD_BOX = 24.0, 22.0, 24.0, 12.0
_DASHED: dict[str, Attribute] = {"stroke_dasharray": "3 3"}


@dataclass(frozen=True)
class EpochDistribution:
    """An epoch's distribution: seven quantiles (0, 5, 25, 50, 75, 95 and 100 %) and a histogram of equal bins."""

    epoch: int
    quantiles: Sequence[float]
    histogram: Sequence[int]


@dataclass(frozen=True)
class ClassRow:
    """A class: its name, the mean, and five quantiles (5, 25, 50, 75 and 95 %); NaN without examples."""

    name: str
    mean: float
    quantiles: tuple[float, ...]


def quantile_bands_svg(
    epochs: Sequence[EpochDistribution], chosen: int, title: str, axis: str, description: str, narrow: bool = False
) -> Markup:
    """The distributions in the order of their epochs, true to scale; `axis` names the epochs.

    The epoch `chosen`, which must be one of them, is marked, and its histogram is drawn to the right. `narrow` is for
    a phone.
    """
    low = min(epoch.quantiles[0] for epoch in epochs)
    high = max(epoch.quantiles[-1] for epoch in epochs)
    bottom = _HEIGHT - _BOTTOM
    y = Scale(*round_range(low, high, _TICKS), bottom, _TOP)
    width = _NARROW if narrow else _WIDE
    beside = _HISTOGRAM * width
    right = width - beside - 22
    x = Scale(epochs[0].epoch, epochs[-1].epoch, _LEFT + 6, right)
    marked = next(epoch for epoch in epochs if epoch.epoch == chosen)
    return svg(
        width,
        _HEIGHT,
        description,
        tag("text", title, x=0, y=13, font_weight=600, font_size=13.5),
        *left_axis(y, y.ticks(_TICKS), _LEFT, right),
        *_epoch_axis(epochs, x),
        *(_bands(epochs, x, y) if len(epochs) > 1 else _box(marked, x, y)),
        tag("path", d=f"M{x(chosen):.1f} {_TOP:g}V{bottom:g}", stroke=palette.MARKED, stroke_width=1.6),
        *_histogram(marked, y, right + 12, beside),
        label(axis, (_LEFT + right) / 2, _HEIGHT - 3, "middle"),
        font_size=SMALL,
    )


def class_spread_svg(
    rows: Sequence[ClassRow], activation: float, caption: str, description: str, narrow: bool = False
) -> Markup:
    """A box plot for each class; a line marks `activation`, that for the shown example, and `caption` names it."""
    width = PHONE if narrow else _SPREAD_WIDTH
    left = text_width(row.name for row in rows) + 10
    low, high = round_range(*_spread_range(rows, activation), _TICKS)
    scale = Scale(low, high, left + 6, width - 16)
    bottom = _SPREAD_TOP + _SPREAD_ROW * len(rows)
    x = scale(activation)
    anchor = "start" if x < width * 0.3 else "end" if x > width * 0.7 else "middle"
    return svg(
        width,
        bottom + _SPREAD_AXIS,
        description,
        *bottom_axis(scale, scale.ticks(_TICKS), _SPREAD_TOP, bottom),
        *(_class_row(row, _SPREAD_TOP + _SPREAD_ROW * (index + 0.5), left, scale) for index, row in enumerate(rows)),
        tag("path", d=f"M{x:.1f} {_SPREAD_TOP - 4:g}V{bottom:g}", stroke=palette.MARKED, stroke_width=2),
        tag("text", caption, x=x, y=13, text_anchor=anchor, font_size=SMALL, fill=palette.MARKED, font_weight=600),
        font_size=TEXT,
    )


def side_by_side(figures: Sequence[Markup]) -> Markup:
    """Figures beside each other, as many in a row as there is room for."""
    return tag("div", *(tag("div", figure) for figure in figures), class_="fig-side-by-side")


def _epoch_axis(epochs: Sequence[EpochDistribution], x: Scale) -> Iterator[Markup]:
    """A tick for each epoch, and a number where it does not overlap the one before."""
    free, bottom = float("-inf"), _HEIGHT - _BOTTOM
    for epoch in epochs:
        position, text = x(epoch.epoch), str(epoch.epoch)
        yield tag("path", d=f"M{position:.1f} {bottom:g}v4", stroke="currentColor", stroke_opacity=0.5)
        half = text_width([text]) / 2 + 1
        if position - half > free + 4:
            yield label(text, position, bottom + 16, "middle")
            free = position + half


def _bands(epochs: Sequence[EpochDistribution], x: Scale, y: Scale) -> Iterator[Markup]:
    for low, high, opacity in _BANDS:
        upper = "L".join(_point(epoch, high, x, y) for epoch in epochs)
        lower = "L".join(_point(epoch, low, x, y) for epoch in reversed(epochs))
        yield tag("path", d=f"M{upper}L{lower}Z", fill=palette.VALUE, fill_opacity=opacity)
    styles: tuple[tuple[int, dict[str, Attribute]], ...] = ((0, _DASHED), (6, _DASHED), (3, {"stroke_width": 2}))
    for quantile, style in styles:
        line = "L".join(_point(epoch, quantile, x, y) for epoch in epochs)
        yield tag("path", d=f"M{line}", fill="none", stroke=palette.VALUE, **style)
    for epoch in epochs:
        yield tag("circle", cx=x(epoch.epoch), cy=y(epoch.quantiles[3]), r=2.6, fill=palette.VALUE)


def _point(epoch: EpochDistribution, quantile: int, x: Scale, y: Scale) -> str:
    return f"{x(epoch.epoch):.1f} {y(epoch.quantiles[quantile]):.1f}"


def _box(epoch: EpochDistribution, x: Scale, y: Scale) -> Iterator[Markup]:
    """A single epoch has no lines to another one."""
    middle = x(epoch.epoch)
    for low, high, opacity in _BANDS:
        top, bottom = y(epoch.quantiles[high]), y(epoch.quantiles[low])
        yield tag(
            "rect",
            x=middle - 24,
            y=top,
            width=48,
            height=max(1.0, bottom - top),
            fill=palette.VALUE,
            fill_opacity=opacity,
        )


def _histogram(epoch: EpochDistribution, y: Scale, left: float, width: float) -> Iterator[Markup]:
    low, high = epoch.quantiles[0], epoch.quantiles[-1]
    largest, bins = max(epoch.histogram), len(epoch.histogram)
    edges = [y(low + (high - low) * index / bins) for index in range(bins + 1)]
    for count, (lower, upper) in zip(epoch.histogram, pairwise(edges), strict=True):
        if count:
            yield tag(
                "rect",
                x=left,
                y=upper,
                width=max(0.8, width * count / largest),
                height=max(0.8, lower - upper),
                fill=palette.MARKED,
                fill_opacity=0.75,
            )


def _spread_range(rows: Sequence[ClassRow], activation: float) -> tuple[float, float]:
    """From the lowest to the highest number that is drawn, 0 with them."""
    values = [value for row in rows for value in (row.mean, *row.quantiles) if math.isfinite(value)]
    low, high = min(0.0, activation, *values), max(0.0, activation, *values)
    return (low, high) if high > low else (0.0, 1.0)


def _class_row(row: ClassRow, y: float, left: float, scale: Scale) -> Markup:
    name = tag("text", row.name, x=left, y=y + 4.5, text_anchor="end")
    if not math.isfinite(row.mean):
        return name
    lowest, lower, median, upper, highest = (scale(value) for value in row.quantiles)
    top, color = y - _SPREAD_BOX / 2, palette.VALUE
    plot = tag(
        "g",
        tag("title", f"{row.name}: {formatting.number(row.mean)}"),
        tag("path", d=f"M{lowest:.1f} {y:g}H{highest:.1f}", stroke=color, stroke_width=1.5, stroke_opacity=0.7),
        tag(
            "rect",
            x=lower,
            y=top,
            width=max(1.0, upper - lower),
            height=_SPREAD_BOX,
            rx=2,
            fill=color,
            fill_opacity=0.35,
            stroke=color,
        ),
        tag("path", d=f"M{median:.1f} {top:g}v{_SPREAD_BOX:g}", stroke=color, stroke_width=2),
        tag("circle", cx=scale(row.mean), cy=y, r=3.6),
    )
    return name + plot
