"""What a neuron receives, as HTML: its weights as pictures of the input's shape, or as a list of products with bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from mlpcore import formatting
from mlpcore.figures.feature_bars import signed_bar

_EDGE = "color-mix(in srgb,currentColor 25%,transparent)"


@dataclass(frozen=True)
class WeightPicture:
    """A picture, as a data address, with what stands below it."""

    address: str
    caption: str


@dataclass(frozen=True)
class IncomingWeight:
    """A connection into the neuron: where from, what comes, its weight; `length` in -1..1 is that of its bar.

    `pick` is what is told when it is chosen.
    """

    name: str
    activation: float
    weight: float
    length: float
    pick: str = ""
    hint: str = ""


def weight_product(left: WeightPicture, right: WeightPicture, result: WeightPicture, description: str) -> str:
    """Three pictures: input times weights makes contributions."""
    signs = [f'<span style="font-size:20px;opacity:.7;padding-bottom:36px">{sign}</span>' for sign in "×="]
    figures = [_figure(factor) for factor in (left, right, result)]
    return (
        f'<div role="img" aria-label="{escape(description)}" style="display:flex;align-items:center;gap:8px;'
        f'max-width:470px">{figures[0]}{signs[0]}{figures[1]}{signs[1]}{figures[2]}</div>'
    )


def incoming_weights_list(
    rows: Sequence[IncomingWeight], heads: tuple[str, str, str, str], bias: tuple[str, float]
) -> str:
    """A row for each connection: name, activation × weight = contribution, and a bar; the bias stands last.

    `heads` are the words above the four columns, `bias` is its name and value.
    """
    cells = [f'<span style="opacity:.7;text-align:{side}">{escape(head)}</span>' for head, side in _sides(heads)]
    cells.append("<span></span>")
    cells += [_row(row) for row in rows]
    cells.append(f'<span style="grid-column:1/4">{escape(bias[0])}</span>{_number(bias[1])}<span></span>')
    return (
        '<div style="display:grid;grid-template-columns:minmax(0,max-content) max-content max-content max-content'
        " minmax(40px,1fr);gap:3px 12px;align-items:center;font-size:13px;line-height:1.35;"
        f'font-variant-numeric:tabular-nums;max-width:560px">{"".join(cells)}</div>'
    )


def _sides(heads: tuple[str, str, str, str]) -> list[tuple[str, str]]:
    return list(zip(heads, ("left", "right", "right", "right"), strict=True))


def _figure(factor: WeightPicture) -> str:
    return (
        '<figure style="margin:0;flex:1 1 0;min-width:0;max-width:140px">'
        f'<img src="{factor.address}" alt="" style="display:block;width:100%;aspect-ratio:1;'
        f'image-rendering:pixelated;border:1px solid {_EDGE};border-radius:4px;box-sizing:border-box">'
        '<figcaption style="font-size:12px;line-height:1.3;min-height:2.6em;margin-top:4px;opacity:.85">'
        f"{escape(factor.caption)}</figcaption></figure>"
    )


def _row(row: IncomingWeight) -> str:
    name = escape(row.name)
    if row.pick:
        name = (
            f'<span data-pick="{escape(row.pick)}" aria-label="{escape(row.hint)}" '
            f'style="text-decoration:underline dotted">{name}</span>'
        )
    numbers = _number(row.activation) + _number(row.weight, "× ") + _number(row.activation * row.weight, "= ")
    return f'<span style="overflow:hidden;text-overflow:ellipsis">{name}</span>{numbers}{signed_bar(row.length, 11)}'


def _number(value: float, before: str = "") -> str:
    return f'<span style="text-align:right">{before}{formatting.number(value)}</span>'
