"""Numbers of both signs as HTML bars: the features of an example that is no image, and what a neuron receives.

Bars to the right of a middle line are positive, to the left negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mlpcore import formatting
from mlpcore.figures import palette
from mlpcore.figures.markup import tag

MAX_ROWS = 13
"""With at most this many features each has a small row with its name; more of them become upright bars."""

_FULL = 3.0  # standard deviations that fill a bar; what lies beyond is cut off
_MIDDLE = palette.text_shade(45)
_ROW = "align-items:center;font-size:13px;line-height:1.35;font-variant-numeric:tabular-nums"


@dataclass(frozen=True)
class SignedBar:
    """A name, its number, and the number as text."""

    name: str
    value: float
    text: str


@dataclass(frozen=True)
class Feature:
    """A feature's name and its value in standard deviations from the mean.

    `text` is the value in its own unit, `title` what is shown at the pointer.
    """

    name: str
    standardised: float
    text: str
    title: str


@dataclass(frozen=True)
class IncomingWeight:
    """A connection into the neuron: from where, which activation, its weight; `length` in -1..1 is that of its bar.

    `pick` is what choosing it sends, `hint` what a screen reader says.
    """

    name: str
    activation: float
    weight: float
    length: float
    pick: str = ""
    hint: str = ""


def signed_bars(bars: Sequence[SignedBar]) -> Markup:
    """One row per bar; the largest magnitude fills its half."""
    largest = max((abs(bar.value) for bar in bars), default=0.0) or 1.0
    cells = [
        cell
        for bar in bars
        for cell in (
            tag("span", bar.name),
            signed_bar(bar.value / largest),
            tag("span", bar.text, style="text-align:right"),
        )
    ]
    columns = "grid-template-columns:minmax(0,max-content) minmax(60px,1fr) max-content"
    return tag("div", *cells, style=f"display:grid;{columns};gap:2px 10px;{_ROW};max-width:620px")


def signed_bar(share: float, height: int = 13, title: str = "") -> Markup:
    """A bar from -1 to 1 times half of the room it has; `title` is shown at the pointer."""
    color, side = (palette.POSITIVE, "left") if share >= 0 else (palette.NEGATIVE, "right")
    line = f"linear-gradient({_MIDDLE},{_MIDDLE}) center/1px 100% no-repeat {palette.text_shade(7)}"
    bar = f"position:absolute;top:1px;bottom:1px;{side}:50%;width:{50 * abs(share):.1f}%;background:{color}"
    return tag(
        "span",
        tag("i", style=bar),
        title=title,
        style=f"position:relative;height:{height}px;background:{line}",
    )


def small_features(features: Sequence[Feature]) -> Markup:
    """The features of an example among many; the pointer over a bar shows its title."""
    if len(features) > MAX_ROWS:
        return _upright(features)
    name = "overflow-wrap:anywhere;opacity:.85"
    cells = [
        cell
        for feature in features
        for cell in (
            tag("span", feature.name, title=feature.title, style=name),
            signed_bar(_share(feature), 9, feature.title),
        )
    ]
    columns = "grid-template-columns:minmax(0,max-content) minmax(40px,1fr)"
    return tag(
        "div", *cells, style=f"display:grid;{columns};gap:1px 6px;align-items:center;font-size:11px;line-height:14px"
    )


def large_features(features: Sequence[Feature]) -> Markup:
    """The features of one example: each with its value in its own unit and standardised."""
    cells = [
        cell
        for feature in features
        for cell in (
            tag("span", feature.name),
            tag("span", feature.text, style="text-align:right;font-weight:600"),
            signed_bar(_share(feature), 12, feature.title),
            tag("span", formatting.signed(feature.standardised, 2), style="text-align:right;opacity:.8"),
        )
    ]
    columns = "grid-template-columns:minmax(0,max-content) max-content minmax(50px,1fr) max-content"
    return tag("div", *cells, style=f"display:grid;{columns};gap:2px 10px;{_ROW}")


def incoming_weights_list(
    rows: Sequence[IncomingWeight], heads: tuple[str, str, str, str], bias: tuple[str, float]
) -> Markup:
    """One row per connection: name, activation × weight = contribution, and a bar; the bias is last.

    `heads` are the words above the four columns, `bias` is its name and value.
    """
    sides = ("left", "right", "right", "right")
    cells = [tag("span", head, style=f"opacity:.7;text-align:{side}") for head, side in zip(heads, sides, strict=True)]
    cells.append(tag("span"))
    for row in rows:
        cells += [
            tag("span", _name(row), style="overflow:hidden;text-overflow:ellipsis"),
            _number(row.activation),
            _number(row.weight, "× "),
            _number(row.activation * row.weight, "= "),
            signed_bar(row.length, 11),
        ]
    cells += [tag("span", bias[0], style="grid-column:1/4"), _number(bias[1]), tag("span")]
    columns = "minmax(0,max-content) max-content max-content max-content minmax(40px,1fr)"
    text = "align-items:center;font-size:13px;line-height:1.35;font-variant-numeric:tabular-nums;max-width:560px"
    return tag("div", *cells, style=f"display:grid;grid-template-columns:{columns};gap:3px 12px;{text}")


def _upright(features: Sequence[Feature]) -> Markup:
    bars = []
    for index, feature in enumerate(features):
        height = 32 * _share(feature)
        color = palette.POSITIVE if height >= 0 else palette.NEGATIVE
        size = {"x": 4 * index, "y": 32 - max(0.0, height), "width": 3, "height": max(0.5, abs(height))}
        bars.append(tag("rect", tag("title", feature.title), fill=color, **size))
    width = 4 * len(features)
    line = tag(
        "path", d=f"M0 32H{width}", stroke="currentColor", stroke_opacity=0.45, vector_effect="non-scaling-stroke"
    )
    style = "display:block;width:100%;height:72px"
    return tag("svg", line, *bars, viewBox=f"0 0 {width} 64", preserveAspectRatio="none", style=style)


def _share(feature: Feature) -> float:
    return max(-1.0, min(1.0, feature.standardised / _FULL))


def _name(row: IncomingWeight) -> Markup | str:
    if not row.pick:
        return row.name
    style = "text-decoration:underline dotted"
    return tag("span", row.name, data_pick=row.pick, aria_label=row.hint, style=style)


def _number(value: float, sign: str = "") -> Markup:
    return tag("span", f"{sign}{formatting.number(value)}", style="text-align:right")
