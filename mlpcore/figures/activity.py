"""The activity of a network for one example as SVG: the brighter a neuron, the more active; lines are its connections.

Neurons are discs that are dark in both themes, so that brightness means the same; lines are blue and amber.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mlpcore.figures import palette
from mlpcore.figures.activity_layout import MIN_PITCH, RADIUS, Layout
from mlpcore.figures.axes import SMALL, TEXT
from mlpcore.figures.markup import svg, tag

_REACH = 2.4 * RADIUS  # how far to the left and right of a neuron a click counts as one on it
_NAME = 12.5  # the size of names beside neurons
_WIDTHS = 6  # of lines
_MIN_SCALE = 0.62  # of its full size: where the page is narrower still, the picture scrolls


@dataclass(frozen=True)
class Neuron:
    """A neuron as it is drawn; texts are in the user's language.

    `level` in -1..1 is how active it is, `label` is the text in it, `name` and `value` are beside it. `pick` is
    what choosing it sends. It may be `marked` (on a strongest path) or `chosen`; `tone` colours its name.
    """

    label: str
    level: float
    pick: str = ""
    hint: str = ""
    name: str = ""
    value: str = ""
    marked: bool = False
    chosen: bool = False
    tone: str = ""


@dataclass(frozen=True)
class Column:
    """A layer: the title and a note above it, its drawn neurons, and below them how many are not drawn."""

    title: str
    note: str
    neurons: tuple[Neuron, ...]
    rest: str = ""


@dataclass(frozen=True)
class Line:
    """A connection from neuron `source` of a column (or from this pixel of the picture) to `target` of the next.

    `strength` in -1..1 gives its colour and its width; `marked` ones lie on a strongest path.
    """

    source: int
    target: int
    strength: float
    marked: bool = False


@dataclass(frozen=True)
class Picture:
    """What the network receives as an image: its data URL, and its height and width in pixels."""

    url: str
    height: int
    width: int


def activity_svg(
    columns: Sequence[Column],
    gaps: Sequence[Sequence[Line]],
    description: str,
    picture: Picture | None = None,
    narrow: bool = False,
) -> Markup:
    """The SVG: columns from the input to the output, `gaps[i]` the lines between columns i and i + 1.

    With a `picture` the first column has no neurons. `description` is what a screen reader says; `narrow` is for a
    phone.
    """
    layout = Layout(
        [len(column.neurons) for column in columns],
        (picture.height, picture.width) if picture else None,
        [f"{neuron.name} {neuron.value}" for neuron in columns[0].neurons],
        [f"{neuron.name} {neuron.value}" for neuron in columns[-1].neurons],
        narrow,
    )
    parts = [*(_picture(picture, layout) if picture else ())]
    for index, lines in enumerate(gaps):
        parts += _lines(index, lines, layout, thin=index == 0 and picture is not None)
    for index, column in enumerate(columns):
        parts += _heading(index, column, layout)
        last = index == len(columns) - 1
        parts += (_neuron(index, row, neuron, layout, last) for row, neuron in enumerate(column.neurons))
    if picture:
        parts += _starts(gaps[0], layout)
    width, height = round(layout.width), round(layout.height)
    smallest = round(_MIN_SCALE * width)
    return svg(
        width, height, description, *parts, role="group", smallest=smallest, text_anchor="middle", font_size=TEXT
    )


def shade(level: float) -> tuple[str, str]:
    """The colour of a neuron that is this active, -1..1, and one in which to write on it."""
    share = min(1.0, abs(level))
    brightest = palette.NEURON_NEGATIVE if level < 0 else palette.NEURON_POSITIVE
    ends = zip(palette.channels(palette.NEURON), palette.channels(brightest), strict=True)
    red, green, blue = (round(dark + share * (bright - dark)) for dark, bright in ends)
    return f"#{red:02x}{green:02x}{blue:02x}", palette.ON_BRIGHT if share > 0.55 else palette.ON_DARK


def _picture(picture: Picture, layout: Layout) -> Iterator[Markup]:
    left, top, width, height = layout.picture
    yield tag(
        "image",
        href=picture.url,
        x=left,
        y=top,
        width=width,
        height=height,
        preserveAspectRatio="none",
        class_="fig-pixels",
    )
    frame = {"stroke": "currentColor", "stroke_opacity": "0.35"}
    yield tag("rect", x=left, y=top, width=width, height=height, fill="none", **frame)


def _starts(lines: Iterable[Line], layout: Layout) -> Iterator[Markup]:
    """Frames around the pixels from which the strongest paths start."""
    side = layout.pixel
    for pixel in sorted({line.source for line in lines if line.marked}):
        x, y = layout.pixel_at(pixel)
        yield tag(
            "rect",
            x=x - side / 2,
            y=y - side / 2,
            width=side,
            height=side,
            fill="none",
            stroke=palette.POSITIVE,
            stroke_width=1.4,
        )


def _lines(gap: int, lines: Iterable[Line], layout: Layout, thin: bool) -> Iterator[Markup]:
    """One path for all lines of a colour and a width, faint ones below strong ones, the marked ones on top.

    Those from a picture are `thin`, so that it can still be seen.
    """
    paths: dict[tuple[bool, int, bool], list[str]] = {}
    for line in lines:
        step = min(_WIDTHS - 1, int(abs(line.strength) * _WIDTHS))
        x1, y1 = layout.start(gap, line.source)
        x2, y2 = layout.end(gap + 1, line.target)
        paths.setdefault((line.marked, step, line.strength < 0), []).append(f"M{x1:.4g} {y1:.4g}L{x2:.4g} {y2:.4g}")
    for (marked, step, negative), drawn in sorted(paths.items()):
        share = (step + 0.5) / _WIDTHS
        color, d = palette.NEGATIVE if negative else palette.POSITIVE, "".join(drawn)
        if marked and thin:
            yield tag("path", d=d, stroke=color, stroke_width=1.1)
        elif marked:
            yield tag("path", d=d, stroke="currentColor", stroke_width=4 + 2.5 * share, stroke_opacity=0.22)
            yield tag("path", d=d, stroke=color, stroke_width=1.5 + 2.5 * share)
        else:
            width, opacity = 0.4 + (0.9 if thin else 2.5) * share, (0.12 if thin else 0.1) + 0.5 * share
            yield tag("path", d=d, stroke=color, stroke_width=width, stroke_opacity=opacity)


def _heading(index: int, column: Column, layout: Layout) -> Iterator[Markup]:
    x = layout.x(index)
    yield tag("text", column.title, x=x, y=16, font_weight=600)
    yield tag("text", column.note, x=x, y=33, font_size=SMALL, fill_opacity=0.75)
    if column.rest:
        yield tag("text", column.rest, x=x, y=layout.below(index), font_size=11.5, fill_opacity=0.75)


def _neuron(index: int, row: int, neuron: Neuron, layout: Layout, last: bool) -> Markup:
    x, y = layout.x(index), layout.y(index, row)
    fill, ink = shade(neuron.level)
    parts = [tag("title", neuron.hint)]
    if neuron.pick:
        # A click or tap beside the circle counts, too; rows are at least as far from each other.
        area = {"width": 2 * _REACH, "height": MIN_PITCH, "x": x - _REACH, "y": y - MIN_PITCH / 2}
        parts.append(tag("rect", **area, fill="transparent"))
    if neuron.chosen:
        parts.append(tag("circle", cx=x, cy=y, r=RADIUS + 4, fill="none", stroke=palette.POSITIVE, stroke_width=2.5))
    ring, opacity = (2.2, None) if neuron.marked else (0.8, 0.5)
    parts.append(
        tag(
            "circle",
            cx=x,
            cy=y,
            r=RADIUS,
            fill=fill,
            stroke="currentColor",
            stroke_width=ring,
            stroke_opacity=opacity,
        )
    )
    if neuron.label:
        parts.append(tag("text", neuron.label, x=x, y=y + 3, font_size=9, font_weight=600, fill=ink))
    if neuron.name:
        side, anchor = (RADIUS + 8, "start") if last else (-RADIUS - 8, "end")
        parts.append(
            tag(
                "text",
                f"{neuron.name} ",
                tag("tspan", neuron.value, fill_opacity=0.8),
                x=x + side,
                y=y + 4,
                text_anchor=anchor,
                font_size=_NAME,
                font_weight=700 if neuron.tone else None,
                fill=neuron.tone or None,
            )
        )
    pick, hint = (neuron.pick, neuron.hint) if neuron.pick else (None, None)
    return tag("g", *parts, data_pick=pick, aria_label=hint)
