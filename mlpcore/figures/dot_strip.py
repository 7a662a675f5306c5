"""Strips as SVG: accuracies of networks as dots on one axis, and the neurons of a layer as cells."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from mlpcore import formatting

_ROW = 62.0
_TOP = 6.0
_AXIS = 26.0
_RADIUS = 6.0
_WIDE, _NARROW = 820.0, 350.0
_MARGIN = 22.0
_LEAST_SPAN = 0.01
_BLUE, _AMBER = "#3d8ed0", "#d0902f"


@dataclass(frozen=True)
class Dot:
    """One network's accuracy from 0 to 1, with the text that stands beside the pointer; one may be `marked`."""

    value: float
    title: str
    marked: bool = False


@dataclass(frozen=True)
class DotStrip:
    """A row of dots: `label` above it, `summary` at its end, mean and deviation behind the dots."""

    label: str
    summary: str
    dots: tuple[Dot, ...]
    mean: float
    deviation: float


def dot_strips_svg(strips: Sequence[DotStrip], description: str, narrow: bool = False) -> str:
    """The SVG of some strips on one axis in percent; `narrow` is for a phone. There must be a dot in each."""
    scale = _Scale([dot.value for strip in strips for dot in strip.dots], _NARROW if narrow else _WIDE)
    bottom = _TOP + _ROW * len(strips)
    parts = [*_axis(scale, bottom)]
    for row, strip in enumerate(strips):
        parts += _strip(strip, _TOP + _ROW * row, scale)
    width, height = round(scale.width), round(bottom + _AXIS)
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(description)}" fill="currentColor" '
        f'font-size="13" style="display:block;width:100%;height:auto;max-width:{width}px">{"".join(parts)}</svg>'
    )


class _Scale:
    """From accuracies to pixels."""

    def __init__(self, values: Sequence[float], width: float) -> None:
        self.width = width
        middle, span = (min(values) + max(values)) / 2, max(_LEAST_SPAN, 1.16 * (max(values) - min(values)))
        self.low, self.high = middle - span / 2, middle + span / 2

    def x(self, value: float) -> float:
        within = min(self.high, max(self.low, value))
        return _MARGIN + (self.width - 2 * _MARGIN) * (within - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        """Round percentages, so many that their labels have room."""
        wanted = 100 * (self.high - self.low) / (self.width / 70)
        magnitude = 10.0 ** math.floor(math.log10(wanted))
        step = next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude >= wanted)
        first, last = math.ceil(100 * self.low / step), math.floor(min(100.0, 100 * self.high) / step)
        return [round(step * number, 6) / 100 for number in range(first, last + 1)]


def _axis(scale: _Scale, bottom: float) -> Iterator[str]:
    for tick in scale.ticks():
        x = scale.x(tick)
        yield f'<path d="M{x:.1f} {_TOP}V{bottom:g}" stroke="currentColor" stroke-opacity="0.12"/>'
        label = f"{formatting.tick(100 * tick)}\N{NO-BREAK SPACE}%"
        yield f'<text x="{x:.1f}" y="{bottom + 18:g}" text-anchor="middle" fill-opacity="0.7">{label}</text>'


def _strip(strip: DotStrip, top: float, scale: _Scale) -> Iterator[str]:
    yield f'<text x="0" y="{top + 14:g}" font-weight="600">{escape(strip.label)}</text>'
    yield f'<text x="{scale.width:g}" y="{top + 14:g}" text-anchor="end">{escape(strip.summary)}</text>'
    y = top + 39
    left, right = scale.x(strip.mean - strip.deviation), scale.x(strip.mean + strip.deviation)
    yield (
        f'<rect x="{left:.1f}" y="{y - 15:g}" width="{right - left:.1f}" height="30" rx="3" '
        f'fill="{_BLUE}" fill-opacity="0.16"/>'
    )
    middle = scale.x(strip.mean)
    yield f'<path d="M{middle:.1f} {y - 15:g}v30" stroke="{_BLUE}" stroke-width="2"/>'
    for dot in sorted(strip.dots, key=lambda dot: dot.marked):
        color, strength = (_AMBER, 1.0) if dot.marked else (_BLUE, 0.45)
        yield (
            f'<circle cx="{scale.x(dot.value):.1f}" cy="{y:g}" r="{_RADIUS}" fill="{color}" '
            f'fill-opacity="{strength:g}" stroke="{color}"><title>{escape(dot.title)}</title></circle>'
        )


_BLUE, _AMBER, _RED = "#3d8ed0", "#d0902f", "#d64545"
_CELLS_WIDE, _CELLS_NARROW = 1040, 350
_PITCH, _SIDE = 22, 19


@dataclass(frozen=True)
class UnitCell:
    """A neuron: how much it reacts, in 0..1, and its state; `pick` is what is told when it is chosen."""

    reacts: float
    state: Literal["", "dead", "saturated"]
    pick: str
    hint: str


def unit_strip_svg(cells: Sequence[UnitCell], description: str, narrow: bool = False) -> str:
    """The SVG: rows of cells, as many in a row as there is room for."""
    row = (_CELLS_NARROW if narrow else _CELLS_WIDE) // _PITCH
    width, height = row * _PITCH, -(-len(cells) // row) * _PITCH
    parts = [
        part
        for place, cell in enumerate(cells)
        for part in _cell(cell, place % row * _PITCH + 1, place // row * _PITCH + 1)
    ]
    return (
        f'<svg viewBox="0 0 {width} {height}" role="group" aria-label="{escape(description)}" '
        f'style="display:block;width:100%;height:auto;max-width:{width}px">{"".join(parts)}</svg>'
    )


def _cell(cell: UnitCell, x: int, y: int) -> Iterator[str]:
    yield f'<g data-pick="{escape(cell.pick)}"><title>{escape(cell.hint)}</title>'
    box = f'x="{x}" y="{y}" width="{_SIDE}" height="{_SIDE}" rx="3"'
    if cell.state == "dead":
        near, far = 5, _SIDE - 10
        yield (
            f'<rect {box} fill="{_RED}" fill-opacity=".2" stroke="{_RED}"/><path d="M{x + near} {y + near}l{far} {far}'
            f'm0 -{far}l-{far} {far}" stroke="{_RED}" stroke-width="2"/>'
        )
    elif cell.state == "saturated":
        yield (
            f'<rect {box} fill="{_AMBER}" fill-opacity=".2" stroke="{_AMBER}"/><path d="M{x + 4} {y + 5}h{_SIDE - 8}'
            f'm0 {_SIDE - 10}h-{_SIDE - 8}" stroke="{_AMBER}" stroke-width="2.5"/>'
        )
    else:
        yield f'<rect {box} fill="{_BLUE}" fill-opacity="{0.08 + 0.92 * cell.reacts:.2f}"/>'
    yield "</g>"
