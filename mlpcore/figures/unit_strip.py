"""A layer's neurons as cells: how much each reacts, and which are dead or saturated, as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

_BLUE, _AMBER, _RED = "#3d8ed0", "#d0902f", "#d64545"
_WIDE, _NARROW = 1040, 350
_PITCH, _SIDE = 22, 19


@dataclass(frozen=True)
class Cell:
    """A neuron: how much it reacts, in 0..1, and its state; `pick` is what is told when it is chosen."""

    reacts: float
    state: Literal["", "dead", "saturated"]
    pick: str
    hint: str


def unit_strip_svg(cells: Sequence[Cell], description: str, narrow: bool = False) -> str:
    """The SVG: rows of cells, as many in a row as there is room for."""
    row = (_NARROW if narrow else _WIDE) // _PITCH
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


def _cell(cell: Cell, x: int, y: int) -> Iterator[str]:
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
