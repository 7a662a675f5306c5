"""Numbers of both signs as HTML bars, and with them the features of an example that is no picture.

Bars to the right of a middle line are positive, to the left negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from mlpcore import formatting
from mlpcore.figures.pixels import NEGATIVE, POSITIVE

_LINE = "color-mix(in srgb,currentColor 45%,transparent)"
_FAINT = "color-mix(in srgb,currentColor 7%,transparent)"


@dataclass(frozen=True)
class SignedBar:
    """A name, its number, and the number as text."""

    name: str
    value: float
    text: str


def signed_bars(bars: Sequence[SignedBar]) -> str:
    """A row for each bar; the largest magnitude fills its half."""
    largest = max((abs(one.value) for one in bars), default=0.0)
    rows = "".join(
        f"<span>{escape(one.name)}</span>{signed_bar(one.value / largest if largest else 0.0)}"
        f'<span style="text-align:right">{escape(one.text)}</span>'
        for one in bars
    )
    return (
        '<div style="display:grid;grid-template-columns:minmax(0,max-content) minmax(60px,1fr) max-content;'
        "gap:2px 10px;align-items:center;font-size:13px;line-height:1.35;font-variant-numeric:tabular-nums;"
        f'max-width:620px">{rows}</div>'
    )


def signed_bar(share: float, height: int = 13, title: str = "") -> str:
    """A bar from -1 to 1 times half of the room it has; `title` stands beside the pointer."""
    color, side = (POSITIVE, "left") if share >= 0 else (NEGATIVE, "right")
    return (
        f'<span title="{escape(title)}" style="position:relative;height:{height}px;'
        f'background:linear-gradient({_LINE},{_LINE}) center/1px 100% no-repeat {_FAINT}">'
        f'<i style="position:absolute;top:1px;bottom:1px;{side}:50%;width:{50 * abs(share):.1f}%;'
        f'background:rgb{color}"></i></span>'
    )


MOST_ROWS = 13
"""Up to so many features have a small row each with its name; more of them become upright bars."""

_FULL = 3.0  # standard deviations that fill a bar; what lies beyond is cut off


@dataclass(frozen=True)
class Feature:
    """A feature's name, its value in standard deviations from the mean, and both as one reads them."""

    name: str
    standardised: float
    own: str
    title: str


def small_features(features: Sequence[Feature]) -> str:
    """The figure of an example among many; whoever points at a bar reads its title."""
    if len(features) > MOST_ROWS:
        return _upright(features)
    rows = "".join(
        f'<span title="{escape(one.title)}" style="overflow:hidden;text-overflow:ellipsis;white-space:nowrap;'
        f'opacity:.85">{escape(one.name)}</span>{signed_bar(_share(one), 9, one.title)}'
        for one in features
    )
    return (
        '<div style="display:grid;grid-template-columns:minmax(0,1.2fr) minmax(40px,1fr);gap:1px 6px;'
        f'align-items:center;font-size:11px;line-height:14px">{rows}</div>'
    )


def large_features(features: Sequence[Feature]) -> str:
    """The figure of one example: each feature with its value in its own units and standardised."""
    rows = "".join(
        f'<span>{escape(one.name)}</span><span style="text-align:right;font-weight:600">{escape(one.own)}</span>'
        f'{signed_bar(_share(one), 12, one.title)}<span style="text-align:right;opacity:.8">'
        f"{formatting.signed(one.standardised, 2)}</span>"
        for one in features
    )
    return (
        '<div style="display:grid;grid-template-columns:minmax(0,max-content) max-content minmax(50px,1fr) max-content;'
        'gap:2px 10px;align-items:center;font-size:13px;line-height:1.35;font-variant-numeric:tabular-nums">'
        f"{rows}</div>"
    )


def _upright(features: Sequence[Feature]) -> str:
    bars = "".join(
        f'<rect x="{4 * place}" y="{32 - max(0.0, height):.1f}" width="3" height="{max(0.5, abs(height)):.1f}" '
        f'fill="rgb{POSITIVE if height >= 0 else NEGATIVE}"><title>{escape(one.title)}</title></rect>'
        for place, one in enumerate(features)
        for height in [32 * _share(one)]
    )
    width = 4 * len(features)
    return (
        f'<svg viewBox="0 0 {width} 64" preserveAspectRatio="none" style="display:block;width:100%;height:72px">'
        f'<path d="M0 32H{width}" stroke="currentColor" stroke-opacity="0.45" vector-effect="non-scaling-stroke"/>'
        f"{bars}</svg>"
    )


def _share(feature: Feature) -> float:
    return max(-1.0, min(1.0, feature.standardised / _FULL))
