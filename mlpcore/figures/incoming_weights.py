"""What a neuron receives, as HTML: its weights as pictures of the input's shape, or as a list of products with bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mlpcore import formatting
from mlpcore.figures import palette
from mlpcore.figures.feature_bars import signed_bar
from mlpcore.figures.markup import tag

_EDGE = palette.text_shade(25)


@dataclass(frozen=True)
class WeightPicture:
    """A picture, as a data address, with its caption."""

    address: str
    caption: str


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


def weight_product(left: WeightPicture, right: WeightPicture, result: WeightPicture, description: str) -> Markup:
    """Three pictures: input times weights makes contributions."""
    times, equals = (tag("span", sign, style="font-size:20px;opacity:.7;padding-bottom:36px") for sign in "×=")
    return tag(
        "div",
        _figure(left),
        times,
        _figure(right),
        equals,
        _figure(result),
        role="img",
        aria_label=description,
        style="display:flex;align-items:center;gap:8px;max-width:470px",
    )


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


def _figure(picture: WeightPicture) -> Markup:
    frame = f"border:1px solid {_EDGE};border-radius:4px;box-sizing:border-box"
    return tag(
        "figure",
        tag(
            "img",
            src=picture.address,
            alt="",
            style=f"display:block;width:100%;aspect-ratio:1;image-rendering:pixelated;{frame}",
        ),
        tag(
            "figcaption",
            picture.caption,
            style="font-size:12px;line-height:1.3;min-height:2.6em;margin-top:4px;opacity:.85",
        ),
        style="margin:0;flex:1 1 0;min-width:0;max-width:140px",
    )


def _name(row: IncomingWeight) -> Markup | str:
    if not row.pick:
        return row.name
    style = "text-decoration:underline dotted"
    return tag("span", row.name, data_pick=row.pick, aria_label=row.hint, style=style)


def _number(value: float, sign: str = "") -> Markup:
    return tag("span", f"{sign}{formatting.number(value)}", style="text-align:right")
