"""A confusion matrix as SVG: true classes in rows, predicted classes in columns; every cell can be chosen.

The diagonal, where both agree, is blue with a border; what lies off it is red. The stronger the colour, the more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mlpcore.figures import palette
from mlpcore.figures.axes import PHONE, TEXT, axis_title, text_width, upright_title
from mlpcore.figures.markup import Attribute, svg, tag

_WIDE = 600.0
_LARGEST = 76.0
_TITLE = 20.0  # room for the name of an axis
_GAP = 6.0
_FAINTEST, _STRONGEST = 0.08, 0.6  # opacities; text stays readable on both in both themes


@dataclass(frozen=True)
class ConfusionCell:
    """The text of a cell, its share of the row (0..1), and what a screen reader says."""

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
) -> Markup:
    """The matrix; choosing a cell sends "ROW-COLUMN". `titles` name what rows and columns are."""
    layout = _Layout(names, narrow)
    worst = max((cell.share for i, row in enumerate(cells) for j, cell in enumerate(row) if i != j), default=0.0)
    drawn = [_cell(i, j, cell, worst, layout) for i, row in enumerate(cells) for j, cell in enumerate(row)]
    if marked is not None:
        row, column = marked
        drawn.append(
            tag(
                "rect",
                x=layout.x(column),
                y=layout.y(row),
                width=layout.side,
                height=layout.side,
                rx=3,
                fill="none",
                stroke="currentColor",
                stroke_width=3,
                pointer_events="none",
            )
        )
    return svg(
        round(layout.width),
        round(layout.height),
        description,
        axis_title(titles[1], (layout.left + layout.right) / 2, layout.size),
        upright_title(titles[0], layout.size, (layout.top + layout.height) / 2),
        *_names(names, layout),
        *drawn,
        role="group",
        largest=1.25 * round(layout.width),
        font_size=layout.size,
    )


class _Layout:
    """Where things lie. Names of columns lie flat, slanted or upright, as there is room."""

    def __init__(self, names: Sequence[str], narrow: bool) -> None:
        self.size = 10.0 if narrow else TEXT
        name = text_width(names, self.size)
        self.left = _TITLE + name + _GAP
        room = (PHONE if narrow else _WIDE) - self.left
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
        self.numbers = min(15.0, max(9.0, 0.38 * self.side))

    def x(self, column: int) -> float:
        return self.left + self.side * column

    def y(self, row: int) -> float:
        return self.top + self.side * row


def _names(names: Sequence[str], layout: _Layout) -> Iterator[Markup]:
    middle = layout.side / 2
    for index, name in enumerate(names):
        y = layout.y(index) + middle + layout.size * 0.35
        yield tag("text", name, x=layout.left - _GAP, y=y, text_anchor="end")
        x, y = layout.x(index) + middle, layout.top - _GAP
        if not layout.angle:
            yield tag("text", name, x=x, y=y, text_anchor="middle")
        else:
            shift = layout.size * 0.35 if layout.angle == 90 else 0
            yield tag("text", name, transform=f"translate({x + shift:.1f} {y:.1f}) rotate({-layout.angle:g})")


def _cell(row: int, column: int, cell: ConfusionCell, worst: float, layout: _Layout) -> Markup:
    x, y, side = layout.x(column), layout.y(row), layout.side
    right, range_ = row == column, _STRONGEST - _FAINTEST
    edge: dict[str, Attribute]
    if right:
        color, opacity = palette.CORRECT, _FAINTEST + range_ * cell.share
        edge = {"stroke": color, "stroke_width": 1.5}
    else:
        color = palette.WRONG
        opacity = _FAINTEST + range_ * math.sqrt(cell.share / worst) if cell.share else 0.0
        edge = {"stroke": "currentColor", "stroke_opacity": 0.15}
    return tag(
        "g",
        tag("title", cell.description),
        tag(
            "rect",
            x=x + 1,
            y=y + 1,
            width=side - 2,
            height=side - 2,
            rx=3,
            fill=color,
            fill_opacity=f"{opacity:.3f}",
            **edge,
        ),
        tag(
            "text",
            cell.text,
            x=x + side / 2,
            y=y + side / 2 + 0.35 * layout.numbers,
            text_anchor="middle",
            font_size=layout.numbers,
            font_weight=700 if right else None,
            fill_opacity=None if cell.share else 0.45,
        ),
        data_pick=f"{row}-{column}",
        aria_label=cell.description,
    )
