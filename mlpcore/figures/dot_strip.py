"""Strips as SVG: accuracies of networks as dots on one axis, and the neurons of a layer as cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from mlpcore.figures import palette
from mlpcore.figures.axes import PHONE, TEXT, Scale, bottom_axis
from mlpcore.figures.markup import Attribute, svg, tag

_WIDE, _ROW, _TOP, _AXIS, _MARGIN = 820.0, 62.0, 6.0, 26.0, 22.0
_TICK = 70.0  # the room for the number of a tick
_MIN_SPAN = 0.01  # of accuracy: smaller differences are not drawn as if they were large
_CELLS_WIDE, _PITCH, _SIDE = 1040, 22, 19


@dataclass(frozen=True)
class Dot:
    """One network's accuracy from 0 to 1, with the text that is shown at the pointer; one may be `marked`."""

    value: float
    title: str
    marked: bool = False


@dataclass(frozen=True)
class DotStrip:
    """A row of dots over their mean and standard deviation: `label` is above it, `summary` at its end."""

    label: str
    summary: str
    dots: tuple[Dot, ...]
    mean: float
    deviation: float


@dataclass(frozen=True)
class UnitCell:
    """A neuron: how much its activation varies, in 0..1, and its state; `pick` is what choosing it sends."""

    variation: float
    state: Literal["", "dead", "saturated"]
    pick: str
    hint: str


def dot_strips_svg(strips: Sequence[DotStrip], description: str, narrow: bool = False) -> Markup:
    """Strips on one axis in percent; `narrow` is for a phone. There must be a dot in each."""
    width = PHONE if narrow else _WIDE
    values = [dot.value for strip in strips for dot in strip.dots]
    middle, span = (min(values) + max(values)) / 2, max(_MIN_SPAN, 1.16 * (max(values) - min(values)))
    scale = Scale(middle - span / 2, middle + span / 2, _MARGIN, width - _MARGIN)
    ticks = [tick for tick in scale.ticks(width / _TICK) if -1e-9 <= tick <= 1 + 1e-9]
    bottom = _TOP + _ROW * len(strips)
    return svg(
        width,
        bottom + _AXIS,
        description,
        *bottom_axis(scale, ticks, _TOP, bottom, percent=True, size=TEXT),
        *(part for row, strip in enumerate(strips) for part in _strip(strip, _TOP + _ROW * row, scale, width)),
        font_size=TEXT,
    )


def unit_strip_svg(cells: Sequence[UnitCell], description: str, narrow: bool = False) -> Markup:
    """Rows of cells, as many in a row as there is room for."""
    columns = (int(PHONE) if narrow else _CELLS_WIDE) // _PITCH
    width, height = columns * _PITCH, -(-len(cells) // columns) * _PITCH
    drawn = (
        _cell(cell, index % columns * _PITCH + 1, index // columns * _PITCH + 1) for index, cell in enumerate(cells)
    )
    return svg(width, height, description, *drawn, role="group", fill=None)


def _strip(strip: DotStrip, top: float, scale: Scale, width: float) -> Iterator[Markup]:
    yield tag("text", strip.label, x=0, y=top + 14, font_weight=600)
    yield tag("text", strip.summary, x=width, y=top + 14, text_anchor="end")
    y, color = top + 39, palette.VALUE
    left, right = scale(strip.mean - strip.deviation), scale(strip.mean + strip.deviation)
    yield tag("rect", x=left, y=y - 15, width=right - left, height=30, rx=3, fill=color, fill_opacity=0.16)
    yield tag("path", d=f"M{scale(strip.mean):.1f} {y - 15:g}v30", stroke=color, stroke_width=2)
    for dot in sorted(strip.dots, key=lambda dot: dot.marked):
        color, opacity = (palette.MARKED, 1.0) if dot.marked else (palette.VALUE, 0.45)
        yield tag(
            "circle",
            tag("title", dot.title),
            cx=scale(dot.value),
            cy=y,
            r=6,
            fill=color,
            fill_opacity=opacity,
            stroke=color,
        )


def _cell(cell: UnitCell, x: int, y: int) -> Markup:
    box: dict[str, Attribute] = {"x": x, "y": y, "width": _SIDE, "height": _SIDE, "rx": 3}
    if cell.state == "dead":
        near, far, color = 5, _SIDE - 10, palette.DEAD
        cross = f"M{x + near} {y + near}l{far} {far}m0 -{far}l-{far} {far}"
        drawn = _faint(color, box) + tag("path", d=cross, stroke=color, stroke_width=2)
    elif cell.state == "saturated":
        color, across = palette.SATURATED, _SIDE - 8
        bars = f"M{x + 4} {y + 5}h{across}m0 {_SIDE - 10}h-{across}"
        drawn = _faint(color, box) + tag("path", d=bars, stroke=color, stroke_width=2.5)
    else:
        drawn = tag("rect", **box, fill=palette.VALUE, fill_opacity=0.08 + 0.92 * cell.variation)
    return tag("g", tag("title", cell.hint), drawn, data_pick=cell.pick)


def _faint(color: str, box: dict[str, Attribute]) -> Markup:
    return tag("rect", **box, fill=color, fill_opacity=0.2, stroke=color)
