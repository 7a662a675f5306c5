"""A reliability diagram as SVG: a network's accuracy by its confidence, and the number of examples in each bin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mlpcore import formatting
from mlpcore.analysis.calibration import Bin
from mlpcore.figures import palette
from mlpcore.figures.axes import PHONE, TEXT, Scale, axis_title, upright_title
from mlpcore.figures.markup import svg, tag

FEW = 10
"""Bars of fewer examples than this are pale."""

_WIDE = 520.0
_LEFT, _TOP, _RIGHT = 46.0, 12.0, 10.0
_BETWEEN, _BOTTOM = 44.0, 42.0
_COUNTS = 76.0  # height of the lower figure
_GROWTH = 1.25  # on a wide screen the figure may grow a little


@dataclass(frozen=True)
class ReliabilityLabels:
    """The names of the axes and of the diagonal, and what a screen reader says."""

    confidence: str
    accuracy: str
    examples: str
    perfect: str
    description: str


def reliability_svg(
    bins: Sequence[Bin], titles: Sequence[str], labels: ReliabilityLabels, narrow: bool = False
) -> Markup:
    """The bins, each with the text that is shown at the pointer; `narrow` is for a phone.

    Choosing a bin that is not empty sends its index.
    """
    layout = _Layout(narrow)
    largest = max(item.count for item in bins)
    columns = [
        tag(
            "g",
            tag("title", title),
            _bar(item, layout),
            *_count(item, largest, layout),
            _whole(item, layout),
            data_pick=str(index),
            aria_label=title,
        )
        for index, (item, title) in enumerate(zip(bins, titles, strict=True))
        if item.count
    ]
    return svg(
        round(layout.width),
        round(layout.height),
        labels.description,
        *_axes(labels, layout),
        *columns,
        *_diagonal(labels, layout),
        role="group",
        largest=_GROWTH * layout.width,
        font_size=layout.size,
    )


class _Layout:
    """Where things lie: `x` and `y` are the scales of shares, `floor` the base line of the lower figure."""

    def __init__(self, narrow: bool) -> None:
        self.width = PHONE if narrow else _WIDE
        self.size = 11.0 if narrow else TEXT
        self.x = Scale(0, 1, _LEFT, self.width - _RIGHT)
        bottom = _TOP + (self.x.end - self.x.start) * (0.8 if narrow else 0.62)
        self.y = Scale(0, 1, bottom, _TOP)
        self.floor = bottom + _BETWEEN + _COUNTS
        self.height = self.floor + _BOTTOM

    def column(self, item: Bin) -> tuple[float, float]:
        """The left edge and the width of a bin."""
        return self.x(item.low), self.x(item.high) - self.x(item.low)


def _axes(labels: ReliabilityLabels, layout: _Layout) -> Iterator[Markup]:
    left, right, bottom = layout.x(0), layout.x(1), layout.y(0)
    for tick in layout.x.ticks(5):
        x, y = layout.x(tick), layout.y(tick)
        number = formatting.tick(100 * tick)
        yield tag("path", d=f"M{left:g} {y:.1f}H{right:g}", stroke="currentColor", stroke_opacity=0.12)
        yield tag("text", number, x=left - 6, y=y + 4, text_anchor="end", fill_opacity=0.8)
        yield tag("text", number, x=x, y=layout.floor + 16, text_anchor="middle", fill_opacity=0.8)
    lines = f"M{left:g} {bottom:.1f}H{right:g}M{left:g} {layout.floor:.1f}H{right:g}"
    yield tag("path", d=lines, stroke="currentColor", stroke_opacity=0.6)
    yield axis_title(labels.confidence, (left + right) / 2, layout.height - 6)
    yield upright_title(labels.accuracy, layout.size, (_TOP + bottom) / 2)
    yield upright_title(labels.examples, layout.size, layout.floor - _COUNTS / 2)


def _bar(item: Bin, layout: _Layout) -> Markup:
    """The accuracy in blue, and its distance to the mean confidence as a dashed frame above it or within it."""
    left, width = layout.column(item)
    top, bottom, confidence = layout.y(item.accuracy), layout.y(0), layout.y(item.confidence)
    return tag(
        "g",
        tag(
            "rect",
            x=left + 1,
            y=top,
            width=width - 2,
            height=bottom - top,
            fill=palette.CORRECT,
            fill_opacity=0.6,
            stroke=palette.CORRECT,
        ),
        tag(
            "rect",
            x=left + 1,
            y=min(top, confidence),
            width=width - 2,
            height=abs(top - confidence),
            fill=palette.WRONG,
            fill_opacity=0.22,
            stroke=palette.WRONG,
            stroke_dasharray="3 2",
        ),
        opacity=0.35 if item.count < FEW else 1,
    )


def _count(item: Bin, largest: int, layout: _Layout) -> Iterator[Markup]:
    left, width = layout.column(item)
    height = max(1.0, (_COUNTS - 8) * item.count / largest)
    y = layout.floor - height
    yield tag("rect", x=left + 1, y=y, width=width - 2, height=height, fill_opacity=0.35)
    count = formatting.count(item.count)
    yield tag("text", count, x=left + width / 2, y=y - 4, text_anchor="middle", font_size=layout.size - 1)


def _whole(item: Bin, layout: _Layout) -> Markup:
    """What can be clicked: the whole column, since bars can be low."""
    left, width = layout.column(item)
    return tag("rect", x=left, y=_TOP, width=width, height=layout.floor - _TOP, fill_opacity=0)


def _diagonal(labels: ReliabilityLabels, layout: _Layout) -> Iterator[Markup]:
    x, y = layout.x, layout.y
    yield tag(
        "path",
        d=f"M{x(0):.1f} {y(0):.1f}L{x(1):.1f} {y(1):.1f}",
        stroke="currentColor",
        stroke_width=1.6,
        stroke_dasharray="6 4",
        pointer_events="none",
    )
    yield tag("text", f"- - {labels.perfect}", x=x(0.03), y=y(0.93))
