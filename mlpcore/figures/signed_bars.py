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
            tag("span", bar.text, class_="fig-number"),
        )
    ]
    return tag("div", *cells, class_="fig-signed")


def signed_bar(share: float, height: int = 13, title: str = "") -> Markup:
    """A bar from -1 to 1 times half of the room it has; `title` is shown at the pointer."""
    color, side = (palette.POSITIVE, "left") if share >= 0 else (palette.NEGATIVE, "right")
    bar = tag("i", style=f"{side}:50%;width:{50 * abs(share):.1f}%;background:{color}")
    return tag("span", bar, title=title, class_="fig-signed-bar", style=f"height:{height}px")


def small_features(features: Sequence[Feature]) -> Markup:
    """The features of an example among many; the pointer over a bar shows its title."""
    if len(features) > MAX_ROWS:
        return _upright(features)
    cells = [
        cell
        for feature in features
        for cell in (
            tag("span", feature.name, title=feature.title, class_="fig-dim"),
            signed_bar(_share(feature), 9, feature.title),
        )
    ]
    return tag("div", *cells, class_="fig-features")


def large_features(features: Sequence[Feature]) -> Markup:
    """The features of one example: each with its value in its own unit and standardised."""
    cells = [
        cell
        for feature in features
        for cell in (
            tag("span", feature.name),
            tag("span", feature.text, class_="fig-number fig-strong"),
            signed_bar(_share(feature), 12, feature.title),
            tag("span", formatting.signed(feature.standardised, 2), class_="fig-number fig-dim"),
        )
    ]
    return tag("div", *cells, class_="fig-features-large")


def incoming_weights_list(
    rows: Sequence[IncomingWeight], heads: tuple[str, str, str, str], bias: tuple[str, float]
) -> Markup:
    """One row per connection: name, activation × weight = contribution, and a bar; the bias is last.

    `heads` are the words above the four columns, `bias` is its name and value.
    """
    cells = [tag("span", head, class_="fig-dim" + " fig-number" * (index > 0)) for index, head in enumerate(heads)]
    cells.append(tag("span"))
    for row in rows:
        cells += [
            _name(row),
            _number(row.activation),
            _number(row.weight, "× "),
            _number(row.activation * row.weight, "= "),
            signed_bar(row.length, 11),
        ]
    cells += [tag("span", bias[0], class_="fig-incoming-bias"), _number(bias[1]), tag("span")]
    return tag("div", *cells, class_="fig-incoming")


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
    return tag("svg", line, *bars, viewBox=f"0 0 {width} 64", preserveAspectRatio="none", class_="fig-upright")


def _share(feature: Feature) -> float:
    return max(-1.0, min(1.0, feature.standardised / _FULL))


def _name(row: IncomingWeight) -> Markup:
    if not row.pick:
        return tag("span", row.name, class_="fig-incoming-name")
    link = tag("span", row.name, data_pick=row.pick, aria_label=row.hint, class_="fig-link")
    return tag("span", link, class_="fig-incoming-name")


def _number(value: float, sign: str = "") -> Markup:
    return tag("span", f"{sign}{formatting.number(value)}", class_="fig-number")
