"""A confusion matrix as SVG: true classes in rows, answers in columns, every cell to be chosen.

The diagonal, where both agree, is blue with a border; what lies off it is red. The stronger the colour, the more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from mlpcore.figures.axes import text_width
from mlpcore.figures.probability_bars import RIGHT, WRONG

_WIDE, _NARROW = 600.0, 350.0
_LARGEST = 76.0
_TITLE = 20.0  # room for the name of an axis
_GAP = 6.0
_STRONGEST = 0.6  # text stays readable on it in both themes


@dataclass(frozen=True)
class ConfusionCell:
    """What stands in a cell, how much of its row that is (0..1), and what a screen reader says."""

    text: str
    share: float
    description: str


def confusion_matrix_svg(
    cells: Sequence[Sequence[ConfusionCell]],
    names: Sequence[str],
    titles: tuple[str, str],
    description: str,
    narrow: bool = False,
    marked: tuple[int, int] | None = None,
) -> str:
    """The SVG of a matrix; choosing a cell sends "ROW-COLUMN". `titles` name what rows and columns are."""
    layout = _Layout(names, narrow)
    worst = max((cell.share for i, row in enumerate(cells) for j, cell in enumerate(row) if i != j), default=0.0)
    parts = [*_titles(titles, layout), *_names(names, layout)]
    for i, row in enumerate(cells):
        for j, cell in enumerate(row):
            parts += _cell(i, j, cell, worst, layout)
    if marked is not None:
        x, y, side = layout.x(marked[1]), layout.y(marked[0]), layout.side
        parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{side:.1f}" height="{side:.1f}" rx="3" fill="none" '
            'stroke="currentColor" stroke-width="3" pointer-events="none"/>'
        )
    width, height = round(layout.width), round(layout.height)
    return (
        f'<svg viewBox="0 0 {width} {height}" role="group" aria-label="{escape(description)}" fill="currentColor" '
        f'font-size="{layout.size:g}" style="display:block;width:100%;height:auto;max-width:{1.25 * width:g}px">'
        f"{''.join(parts)}</svg>"
    )


class _Layout:
    """Where things lie. Names of columns lie flat, slanted or upright, as there is room."""

    def __init__(self, names: Sequence[str], narrow: bool) -> None:
        self.size = 10.0 if narrow else 13.0
        name = text_width(names, self.size)
        self.left = _TITLE + name + _GAP
        room = (_NARROW if narrow else _WIDE) - self.left
        self.side = min(_LARGEST, room / len(names))
        if name <= self.side - 2:
            self.angle = 0.0
        else:
            self.angle = 90.0 if narrow else 40.0
        turned = math.radians(self.angle)
        head = name * math.sin(turned) + self.size
        beyond = max(0.0, name * math.cos(turned) - self.side / 2) if 0 < self.angle < 90 else 0.0
        self.top = _TITLE + head + _GAP
        self.right = self.left + self.side * len(names)
        self.width = self.right + beyond + 2
        self.height = self.top + self.side * len(names) + 2
        self.figures = min(15.0, max(9.0, 0.38 * self.side))

    def x(self, column: int) -> float:
        return self.left + self.side * column

    def y(self, row: int) -> float:
        return self.top + self.side * row


def _titles(titles: tuple[str, str], layout: _Layout) -> Iterator[str]:
    rows, columns = titles
    x, y = (layout.left + layout.right) / 2, (layout.top + layout.height) / 2
    style = 'text-anchor="middle" font-weight="600"'
    yield f'<text x="{x:.1f}" y="{layout.size:g}" {style}>{escape(columns)}</text>'
    yield f'<text transform="translate({layout.size:g} {y:.1f}) rotate(-90)" {style}>{escape(rows)}</text>'


def _names(names: Sequence[str], layout: _Layout) -> Iterator[str]:
    middle = layout.side / 2
    for place, name in enumerate(names):
        y = layout.y(place) + middle + layout.size * 0.35
        yield f'<text x="{layout.left - _GAP:.1f}" y="{y:.1f}" text-anchor="end">{escape(name)}</text>'
        x, y = layout.x(place) + middle, layout.top - _GAP
        if not layout.angle:
            yield f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{escape(name)}</text>'
        else:
            shift = layout.size * 0.35 if layout.angle == 90 else 0
            turn = f"translate({x + shift:.1f} {y:.1f}) rotate({-layout.angle:g})"
            yield f'<text transform="{turn}">{escape(name)}</text>'


def _cell(row: int, column: int, cell: ConfusionCell, worst: float, layout: _Layout) -> Iterator[str]:
    x, y, side = layout.x(column), layout.y(row), layout.side
    if row == column:
        color, strength, edge = RIGHT, 0.08 + (_STRONGEST - 0.08) * cell.share, f'stroke="{RIGHT}" stroke-width="1.5"'
    else:
        strength = 0.08 + (_STRONGEST - 0.08) * math.sqrt(cell.share / worst) if cell.share else 0.0
        color, edge = WRONG, 'stroke="currentColor" stroke-opacity="0.15"'
    weight = ' font-weight="700"' if row == column else ""
    yield (
        f'<g data-pick="{row}-{column}" aria-label="{escape(cell.description)}">'
        f"<title>{escape(cell.description)}</title>"
        f'<rect x="{x + 1:.1f}" y="{y + 1:.1f}" width="{side - 2:.1f}" height="{side - 2:.1f}" rx="3" '
        f'fill="{color}" fill-opacity="{strength:.3f}" {edge}/>'
        f'<text x="{x + side / 2:.1f}" y="{y + side / 2 + 0.35 * layout.figures:.1f}" text-anchor="middle" '
        f'font-size="{layout.figures:.1f}"{weight}{"" if cell.share else _FAINT}>{escape(cell.text)}</text></g>'
    )


_FAINT = ' fill-opacity="0.45"'
