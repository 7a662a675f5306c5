"""Named numbers of both signs as HTML: bars to the right of a middle line for positive ones, to the left for others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from mlpcore.figures.pixels import NEGATIVE, POSITIVE

_LINE = "color-mix(in srgb,currentColor 45%,transparent)"
_FAINT = "color-mix(in srgb,currentColor 7%,transparent)"


@dataclass(frozen=True)
class Bar:
    """A name, its number, and the number as text."""

    name: str
    value: float
    text: str


def signed_bars(bars: Sequence[Bar]) -> str:
    """A row for each bar; the largest magnitude fills its half."""
    largest = max((abs(one.value) for one in bars), default=0.0)
    rows = "".join(
        f"<span>{escape(one.name)}</span>{bar(one.value / largest if largest else 0.0)}"
        f'<span style="text-align:right">{escape(one.text)}</span>'
        for one in bars
    )
    return (
        '<div style="display:grid;grid-template-columns:minmax(0,max-content) minmax(60px,1fr) max-content;'
        "gap:2px 10px;align-items:center;font-size:13px;line-height:1.35;font-variant-numeric:tabular-nums;"
        f'max-width:620px">{rows}</div>'
    )


def bar(share: float, height: int = 13, title: str = "") -> str:
    """A bar from -1 to 1 times half of the room it has; `title` stands beside the pointer."""
    color, side = (POSITIVE, "left") if share >= 0 else (NEGATIVE, "right")
    return (
        f'<span title="{escape(title)}" style="position:relative;height:{height}px;'
        f'background:linear-gradient({_LINE},{_LINE}) center/1px 100% no-repeat {_FAINT}">'
        f'<i style="position:absolute;top:1px;bottom:1px;{side}:50%;width:{50 * abs(share):.1f}%;'
        f'background:rgb{color}"></i></span>'
    )
