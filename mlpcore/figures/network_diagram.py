"""The picture of a network before it is trained: columns of neurons, weights as lines, as SVG.

Colours are the text's own and two middle tones, so that one picture serves the light and the dark theme.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from markupsafe import Markup

from mlpcore import formatting
from mlpcore.figures import palette
from mlpcore.figures.axes import SMALL, TEXT, text_width
from mlpcore.figures.markup import Attribute, svg, tag

ROWS = 10
"""At most this many neurons of a layer are drawn; in larger layers the first and the last, with dots between."""
_ENDS = 4  # drawn above and below the dots
_PITCH = 27.0  # between neurons of a column
_RADIUS = 8.5
_TOP = 42.0
_BOTTOM = 62.0
_MIN_SCALE = 0.6  # of its full size: where the page is narrower still, the picture scrolls
_STRENGTHS = (0.16, 0.34, 0.62)


@dataclass(frozen=True)
class Column:
    """A layer as it is drawn: `title` above it, `notes` below its number of units, `names` beside its neurons.

    `dropped` is the rate of neurons that are crossed out. Texts are in the user's language.
    """

    units: int
    title: str
    notes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    dropped: float = 0.0


def network_svg(
    columns: Sequence[Column], description: str, picture: Sequence[str] = (), narrow: bool = False
) -> Markup:
    """The SVG of a network: the first column is its input, the last its output.

    `picture` is drawn in front of the input: rows of digits, 0 (dark) to 9 (bright). `description` is what a
    screen reader says; `narrow` is for a phone.
    """
    layout = _Layout(columns, bool(picture), narrow)
    parts = [*_weights(columns, layout)]
    for index, column in enumerate(columns):
        parts += _neurons(index, column, layout)
        parts += _labels(index, column, layout)
    if picture:
        parts += _picture(picture, layout)
    width, height = round(layout.width), round(layout.height)
    return svg(
        width, height, description, *parts, smallest=round(_MIN_SCALE * width), text_anchor="middle", font_size=TEXT
    )


class _Layout:
    """Where things lie. x and y are the centres of neurons."""

    def __init__(self, columns: Sequence[Column], picture: bool, narrow: bool) -> None:
        pitch = 104.0 if narrow or len(columns) > 6 else 130.0 if len(columns) > 4 else 165.0
        self.picture = 60.0 if narrow else 92.0
        left = self.picture + (50 if narrow else 66) if picture else max(56.0, 24 + text_width(columns[0].names))
        self._xs = [left + pitch * index for index in range(len(columns))]
        self._rows = max(len(drawn_neurons(column.units)) for column in columns)
        self.width = self._xs[-1] + max(40.0, 24 + text_width(columns[-1].names))
        self.bottom = _TOP + self._rows * _PITCH
        self.height = self.bottom + _BOTTOM

    def x(self, column: int) -> float:
        return self._xs[column]

    def ys(self, units: int) -> list[tuple[int | None, float]]:
        """The drawn neurons of a layer with their y; None means the dots."""
        rows = drawn_neurons(units)
        top = _TOP + (self._rows - len(rows) + 1) * _PITCH / 2
        return [(neuron, top + _PITCH * row) for row, neuron in enumerate(rows)]


def drawn_neurons(units: int) -> list[int | None]:
    """The indices of a layer's neurons that are drawn; None means those between."""
    if units <= ROWS:
        return list(range(units))
    return [*range(_ENDS), None, *range(units - _ENDS, units)]


def dropped(column: Column, index: int) -> set[int]:
    """Which of the drawn neurons are crossed out: about as many as the dropout rate says, never all."""
    drawn = [neuron for neuron in drawn_neurons(column.units) if neuron is not None]
    if not column.dropped or len(drawn) < 2:
        return set()
    count = min(len(drawn) - 1, max(1, round(column.dropped * len(drawn))))
    return set(sorted(drawn, key=lambda neuron: _noise(index, neuron, 5))[:count])


def _noise(*numbers: int) -> float:
    """A number from 0 to 1 that looks random and stays the same."""
    mixed = 0
    for number in numbers:
        mixed = (mixed * 1_000_003 + number * 7919 + 12_345) & 0xFFFFFFFF
        mixed ^= mixed >> 13
    return (mixed * 2_654_435_761 & 0xFFFFFFFF) / 0xFFFFFFFF


def _weights(columns: Sequence[Column], layout: _Layout) -> Iterator[Markup]:
    """Lines in two colours and three strengths, one path for each, as weights are before training: random."""
    paths: dict[tuple[str, float], list[str]] = {}
    for index, (before, after) in enumerate(pairwise(columns)):
        crossed_out = dropped(before, index)
        x1, x2 = layout.x(index) + _RADIUS, layout.x(index + 1) - _RADIUS
        for (i, y1), (j, y2) in product(layout.ys(before.units), layout.ys(after.units)):
            if i is None or j is None or i in crossed_out or j in dropped(after, index + 1):
                continue
            color = palette.POSITIVE if _noise(index, i, j, 1) < 0.5 else palette.NEGATIVE
            strength = _STRENGTHS[int(2.99 * _noise(index, i, j, 2) ** 2)]
            paths.setdefault((color, strength), []).append(f"M{x1:g} {y1:g}L{x2:g} {y2:g}")
    for (color, strength), lines in sorted(paths.items()):
        yield tag("path", d="".join(lines), stroke=color, stroke_opacity=strength, stroke_width=1.1)


def _neurons(index: int, column: Column, layout: _Layout) -> Iterator[Markup]:
    x, crossed_out = layout.x(index), dropped(column, index)
    for neuron, y in layout.ys(column.units):
        if neuron is None:
            yield from (tag("circle", cx=x, cy=y + dy, r=1.8, fill_opacity=0.7) for dy in (-7, 0, 7))
        elif neuron in crossed_out:
            yield from _crossed_out(x, y)
        else:
            color = palette.MARKED if column.names and index else palette.VALUE
            yield tag("circle", cx=x, cy=y, r=_RADIUS, fill=color, fill_opacity=0.28, stroke=color, stroke_width=1.6)


def _crossed_out(x: float, y: float) -> Iterator[Markup]:
    pen: dict[str, Attribute] = {"stroke": "currentColor", "stroke_opacity": 0.45}
    yield tag("circle", cx=x, cy=y, r=_RADIUS, fill="none", stroke_dasharray="3 3", **pen)
    arm = _RADIUS * 0.55
    falling = f"M{x - arm:g} {y - arm:g}l{2 * arm:g} {2 * arm:g}"
    rising = f"M{x - arm:g} {y + arm:g}l{2 * arm:g} {-2 * arm:g}"
    yield tag("path", d=f"{falling}{rising}", stroke_width=1.4, **pen)


def _labels(index: int, column: Column, layout: _Layout) -> Iterator[Markup]:
    x, y = layout.x(index), layout.bottom + 18
    yield tag("text", column.title, x=x, y=20, font_weight=600)
    yield tag("text", formatting.count(column.units), x=x, y=y, font_size=15, font_weight=600)
    for line, note in enumerate(column.notes, 1):
        yield tag("text", note, x=x, y=y + 18 * line, fill_opacity=0.8)
    side, anchor = (-16, "end") if index == 0 else (16, "start")
    for neuron, row in layout.ys(column.units) if column.names else []:
        if neuron is not None:
            name = column.names[neuron]
            yield tag("text", name, x=x + side, y=row + 4, text_anchor=anchor, font_size=SMALL, fill_opacity=0.85)


def _picture(rows: Sequence[str], layout: _Layout) -> Iterator[Markup]:
    """The pixels, and an arrow into the input column."""
    side = layout.picture
    size = side / len(rows)
    middle = (_TOP + layout.bottom + _PITCH / 2) / 2
    top = middle - side / 2
    yield tag("rect", x=0, y=top - 4, width=side + 8, height=side + 8, rx=8, fill=palette.DIGIT_BACKGROUND)
    for y, row in enumerate(rows):
        for x, level in enumerate(row):
            if level != "0":
                yield tag(
                    "rect",
                    x=4.5 + x * size,
                    y=top + 0.5 + y * size,
                    width=size - 1,
                    height=size - 1,
                    rx=1.5,
                    fill=palette.DIGIT_INK,
                    fill_opacity=int(level) / 9,
                )
    start, end = side + 16, layout.x(0) - _RADIUS - 10
    arrow = f"M{start:g} {middle:g}H{end:g}m-7 -5l7 5l-7 5"
    yield tag("path", d=arrow, fill="none", stroke="currentColor", stroke_opacity=0.6, stroke_width=1.6)
