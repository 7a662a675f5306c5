"""A reliability diagram as SVG: how often a network is right against how sure it is, and how many examples that are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from mlpcore import formatting
from mlpcore.analysis.calibration import Bin
from mlpcore.figures.probability_bars import RIGHT, WRONG

FEW = 10
"""Bars of fewer examples than this are pale."""

_LEFT, _TOP, _RIGHT = 46.0, 12.0, 10.0
_BETWEEN, _BOTTOM = 44.0, 42.0
_COUNTS = 76.0  # height of the lower figure


@dataclass(frozen=True)
class ReliabilityLabels:
    """The names of the axes, and what a screen reader says."""

    confidence: str
    accuracy: str
    examples: str
    perfect: str
    description: str


def reliability_svg(bins: Sequence[Bin], titles: Sequence[str], words: ReliabilityLabels, narrow: bool = False) -> str:
    """The SVG of these bins, each with the text that stands beside the pointer; `narrow` is for a phone.

    Choosing a bin that is not empty sends its place.
    """
    layout = _Layout(narrow)
    parts = [*_axes(words, layout)]
    most = max(one.count for one in bins)
    for place, (one, title) in enumerate(zip(bins, titles, strict=True)):
        if one.count:
            column = "".join([*_bar(one, layout), *_count(one, most, layout), _whole(one, layout)])
            name = escape(title)
            parts.append(f'<g data-pick="{place}" aria-label="{name}"><title>{name}</title>{column}</g>')
    parts += _diagonal(words, layout)
    width, height = round(layout.width), round(layout.height)
    style = f"display:block;width:100%;height:auto;max-width:{layout.largest:g}px"
    return (
        f'<svg viewBox="0 0 {width} {height}" role="group" aria-label="{escape(words.description)}" '
        f'fill="currentColor" font-size="{layout.size:g}" style="{style}">{"".join(parts)}</svg>'
    )


class _Layout:
    """From shares to pixels."""

    def __init__(self, narrow: bool) -> None:
        self.width = 350.0 if narrow else 520.0
        self.largest = 440.0 if narrow else 650.0  # on a wide screen figures may grow a little
        self.size = 11.0 if narrow else 13.0
        self.side = self.width - _LEFT - _RIGHT
        self.tall = self.side * (0.8 if narrow else 0.62)
        self.floor = _TOP + self.tall + _BETWEEN + _COUNTS  # of the lower figure
        self.height = self.floor + _BOTTOM

    def x(self, share: float) -> float:
        return _LEFT + self.side * share

    def y(self, share: float) -> float:
        return _TOP + self.tall * (1 - share)


def _axes(words: ReliabilityLabels, layout: _Layout) -> Iterator[str]:
    left, right, bottom = layout.x(0), layout.x(1), layout.y(0)
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        x, y = layout.x(tick), layout.y(tick)
        label = f"{100 * tick:.0f}"
        yield f'<path d="M{left:g} {y:.1f}H{right:g}" stroke="currentColor" stroke-opacity="0.12"/>'
        yield f'<text x="{left - 6:g}" y="{y + 4:.1f}" text-anchor="end" fill-opacity="0.8">{label}</text>'
        yield f'<text x="{x:.1f}" y="{layout.floor + 16:.1f}" text-anchor="middle" fill-opacity="0.8">{label}</text>'
    lines = f"M{left:g} {bottom:.1f}H{right:g}M{left:g} {layout.floor:.1f}H{right:g}"
    yield f'<path d="{lines}" stroke="currentColor" stroke-opacity="0.6"/>'
    style = 'text-anchor="middle" font-weight="600"'
    middle = (left + right) / 2
    yield f'<text x="{middle:.1f}" y="{layout.height - 6:.1f}" {style}>{escape(words.confidence)}</text>'
    for text, y in ((words.accuracy, (_TOP + bottom) / 2), (words.examples, layout.floor - _COUNTS / 2)):
        yield f'<text transform="translate({layout.size:g} {y:.1f}) rotate(-90)" {style}>{escape(text)}</text>'


def _bar(bar: Bin, layout: _Layout) -> Iterator[str]:
    """The accuracy in blue, and what is missing to the mean confidence, or goes beyond it, as a dashed frame."""
    x, width = layout.x(bar.low) + 1, layout.x(bar.high) - layout.x(bar.low) - 2
    top, bottom, sure = layout.y(bar.accuracy), layout.y(0), layout.y(bar.confidence)
    pale = 0.35 if bar.count < FEW else 1.0
    yield (
        f'<g opacity="{pale:g}">'
        f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{bottom - top:.1f}" fill="{RIGHT}" '
        f'fill-opacity="0.6" stroke="{RIGHT}"/>'
        f'<rect x="{x:.1f}" y="{min(top, sure):.1f}" width="{width:.1f}" height="{abs(top - sure):.1f}" '
        f'fill="{WRONG}" fill-opacity="0.22" stroke="{WRONG}" stroke-dasharray="3 2"/></g>'
    )


def _count(bar: Bin, most: int, layout: _Layout) -> Iterator[str]:
    x, width = layout.x(bar.low), layout.x(bar.high) - layout.x(bar.low)
    height = max(1.0, (_COUNTS - 8) * bar.count / most)
    y = layout.floor - height
    yield (
        f'<rect x="{x + 1:.1f}" y="{y:.1f}" width="{width - 2:.1f}" height="{height:.1f}" fill-opacity="0.35"/>'
        f'<text x="{x + width / 2:.1f}" y="{y - 4:.1f}" text-anchor="middle" font-size="{layout.size - 1:g}">'
        f"{formatting.count(bar.count)}</text>"
    )


def _whole(bar: Bin, layout: _Layout) -> str:
    """What is pressed: the whole column, since bars can be low."""
    x, width = layout.x(bar.low), layout.x(bar.high) - layout.x(bar.low)
    return f'<rect x="{x:.1f}" y="{_TOP}" width="{width:.1f}" height="{layout.floor - _TOP:.1f}" fill-opacity="0"/>'


def _diagonal(words: ReliabilityLabels, layout: _Layout) -> Iterator[str]:
    yield (
        f'<path d="M{layout.x(0):.1f} {layout.y(0):.1f}L{layout.x(1):.1f} {layout.y(1):.1f}" stroke="currentColor" '
        f'stroke-width="1.6" stroke-dasharray="6 4" pointer-events="none"/>'
        f'<text x="{layout.x(0.03):.1f}" y="{layout.y(0.93):.1f}">- - {escape(words.perfect)}</text>'
    )
