"""How a distribution moves over the epochs: bands between quantiles, and the histogram of one epoch, as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from mlpcore import formatting
from mlpcore.figures.axes import Scale, round_range

_BLUE, _AMBER = "#3d8ed0", "#d0902f"
_WIDE, _NARROW, _HEIGHT = 520.0, 360.0, 190.0
_LEFT, _TOP, _BOTTOM = 52.0, 26.0, 36.0
_HISTOGRAM = 0.16  # its share of the width
_LETTER = 7.0
_TICKS = 5


@dataclass(frozen=True)
class EpochDistribution:
    """An epoch's distribution: seven quantiles (0, 5, 25, 50, 75, 95 and 100 %) and a histogram of equal bins."""

    epoch: int
    quantiles: Sequence[float]
    histogram: Sequence[int]


def quantile_bands_svg(
    moments: Sequence[EpochDistribution], chosen: int, title: str, axis: str, description: str, narrow: bool = False
) -> str:
    """The SVG of the moments, in order of their epochs, to scale; `axis` names the epochs.

    The epoch `chosen`, which must be one of them, is marked, and its histogram stands to the right. `narrow` is
    for a phone.
    """
    low = min(moment.quantiles[0] for moment in moments)
    high = max(moment.quantiles[-1] for moment in moments)
    y = Scale(*round_range(low, high, _TICKS), _HEIGHT - _BOTTOM, _TOP)
    width = _NARROW if narrow else _WIDE
    beside = _HISTOGRAM * width
    right = width - beside - 22
    x = Scale(moments[0].epoch, moments[-1].epoch, _LEFT + 6, right)
    marked = next(moment for moment in moments if moment.epoch == chosen)
    parts = [
        f'<text x="0" y="13" font-weight="600" font-size="13.5">{escape(title)}</text>',
        *_axes(moments, x, y, right),
        *(_bands(moments, x, y) if len(moments) > 1 else _box(marked, x, y)),
        f'<path d="M{x(chosen):.1f} {_TOP:g}V{_HEIGHT - _BOTTOM:g}" stroke="{_AMBER}" stroke-width="1.6"/>',
        *_histogram(marked, y, right + 12, beside),
        f'<text x="{(_LEFT + right) / 2:g}" y="{_HEIGHT - 3:g}" text-anchor="middle" fill-opacity="0.7">'
        f"{escape(axis)}</text>",
    ]
    return (
        f'<svg viewBox="0 0 {width:g} {_HEIGHT:g}" role="img" aria-label="{escape(description)}" fill="currentColor" '
        f'font-size="12" style="display:block;width:100%;height:auto;max-width:{width:g}px">{"".join(parts)}</svg>'
    )


def side_by_side(figures: Sequence[str]) -> str:
    """Small multiples: as many beside each other as there is room for."""
    cells = "".join(f"<div>{figure}</div>" for figure in figures)
    return (
        '<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,420px),1fr));gap:18px 28px">'
        f"{cells}</div>"
    )


def _axes(moments: Sequence[EpochDistribution], x: Scale, y: Scale, right: float) -> Iterator[str]:
    for value in y.ticks(_TICKS):
        place = y(value)
        yield (
            f'<path d="M{_LEFT:g} {place:.1f}H{right:g}" stroke="currentColor" stroke-opacity="0.13"/>'
            f'<text x="{_LEFT - 6:g}" y="{place + 4:.1f}" text-anchor="end" fill-opacity="0.7">'
            f"{formatting.tick(value)}</text>"
        )
    free = float("-inf")
    for moment in moments:
        place, text = x(moment.epoch), str(moment.epoch)
        bottom = _HEIGHT - _BOTTOM
        yield f'<path d="M{place:.1f} {bottom:g}v4" stroke="currentColor" stroke-opacity="0.5"/>'
        half = _LETTER * len(text) / 2
        if place - half > free + 4:
            yield f'<text x="{place:.1f}" y="{bottom + 16:g}" text-anchor="middle" fill-opacity="0.7">{text}</text>'
            free = place + half


def _bands(moments: Sequence[EpochDistribution], x: Scale, y: Scale) -> Iterator[str]:
    for low, high, opacity in ((1, 5, 0.2), (2, 4, 0.4)):
        upper = "L".join(_point(moment, high, x, y) for moment in moments)
        lower = "L".join(_point(moment, low, x, y) for moment in reversed(moments))
        yield f'<path d="M{upper}L{lower}Z" fill="{_BLUE}" fill-opacity="{opacity}"/>'
    for quantile, style in ((0, 'stroke-dasharray="3 3"'), (6, 'stroke-dasharray="3 3"'), (3, 'stroke-width="2"')):
        line = "L".join(_point(moment, quantile, x, y) for moment in moments)
        yield f'<path d="M{line}" fill="none" stroke="{_BLUE}" {style}/>'
    dots = ((x(moment.epoch), y(moment.quantiles[3])) for moment in moments)
    yield from (f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="2.6" fill="{_BLUE}"/>' for cx, cy in dots)


def _point(moment: EpochDistribution, quantile: int, x: Scale, y: Scale) -> str:
    return f"{x(moment.epoch):.1f} {y(moment.quantiles[quantile]):.1f}"


def _box(moment: EpochDistribution, x: Scale, y: Scale) -> Iterator[str]:
    """A single epoch has no lines to another one."""
    middle = x(moment.epoch)
    for low, high, opacity in ((1, 5, 0.2), (2, 4, 0.4)):
        top, bottom = y(moment.quantiles[high]), y(moment.quantiles[low])
        yield (
            f'<rect x="{middle - 24:.1f}" y="{top:.1f}" width="48" height="{max(1.0, bottom - top):.1f}" '
            f'fill="{_BLUE}" fill-opacity="{opacity}"/>'
        )


def _histogram(moment: EpochDistribution, y: Scale, left: float, width: float) -> Iterator[str]:
    low, high = moment.quantiles[0], moment.quantiles[-1]
    most, bins = max(moment.histogram), len(moment.histogram)
    edges = [y(low + (high - low) * place / bins) for place in range(bins + 1)]
    for count, (lower, upper) in zip(moment.histogram, pairwise(edges), strict=True):
        if count:
            yield (
                f'<rect x="{left:g}" y="{upper:.1f}" width="{max(0.8, width * count / most):.1f}" '
                f'height="{max(0.8, lower - upper):.1f}" fill="{_AMBER}" fill-opacity="0.75"/>'
            )
