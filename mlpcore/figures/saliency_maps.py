"""What each pixel of a picture does for an answer, as colours over a shadow of the picture's ink: SVG and HTML.

Blue speaks for the class, amber against it. Colours are middle tones on a clear ground, so that one picture serves the
light and the dark theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from numpy.typing import NDArray

from mlpcore.figures import pixels

_UNIT = 10  # of the drawing, for each pixel of the picture
_FRAME = "color-mix(in srgb,currentColor 25%,transparent)"
_AMBER, _BLUE = (f"rgb{color}" for color in (pixels.NEGATIVE, pixels.POSITIVE))


@dataclass(frozen=True)
class TitledPicture:
    """A picture with its title above it and, below, a note or a scale."""

    title: str
    picture: str
    below: str = ""


def titled_pictures(shown: Sequence[TitledPicture], width: int = 250) -> str:
    """Pictures beside each other, on a phone two, each so many pixels of the screen wide where there is room."""
    parts = "".join(
        f'<figure style="margin:0;flex:none;width:calc(50% - 12px);max-width:{width}px">'
        f'<figcaption style="font-size:14px;font-weight:600;line-height:1.3;margin-bottom:6px">{escape(one.title)}'
        f"</figcaption>{one.picture}"
        f'<div style="font-size:13px;line-height:1.4;margin-top:4px">{one.below}</div></figure>'
        for one in shown
    )
    return f'<div style="display:flex;flex-wrap:wrap;gap:16px 24px;align-items:flex-start">{parts}</div>'


def ink_picture(image: NDArray[Any], description: str, marks: str = "") -> str:
    """The picture (height, width) as it is, bright ink on black; `marks` is SVG that lies over it."""
    return _svg(image.shape, f"{_image(image.shape, pixels.grey(image))}{marks}", description)


def heat_map(
    image: NDArray[Any], values: NDArray[Any], description: str, largest: float | None = None, marks: str = ""
) -> str:
    """Numbers of both signs over the shadow of the picture (height, width).

    `values` may be coarser than the picture: each then colours the square of pixels that belong to it. `largest` is
    the magnitude of the full colour, the largest one unless given.
    """
    shadow = _image(image.shape, pixels.shadow(image))
    colours = _image(image.shape, pixels.signed(values, largest))
    return _svg(image.shape, f"{shadow}{colours}{marks}", description)


def square_mark(row: float, column: float, size: float, attributes: str) -> str:
    """A square of `size` pixels whose upper left corner is at this pixel."""
    return (
        f'<rect x="{_UNIT * column:g}" y="{_UNIT * row:g}" width="{_UNIT * size:g}" height="{_UNIT * size:g}" '
        f"{attributes}/>"
    )


def color_scale(largest: str, against: str, speaks_for: str) -> str:
    """The colours' meaning: a bar from amber to blue, the magnitude at its ends as text, and a word for each."""
    bar = (
        f'<div style="height:8px;border-radius:4px;background:linear-gradient(90deg,{_AMBER},transparent,{_BLUE})">'
        "</div>"
    )
    ends = "".join(
        f'<span style="text-align:{side}">{escape(number)}<br><span style="opacity:.75">{escape(word)}</span></span>'
        for side, number, word in (("left", f"−{largest}", against), ("right", f"+{largest}", speaks_for))
    )
    return f'{bar}<div style="display:flex;justify-content:space-between;gap:8px">{ends}</div>'


def all_zero(text: str) -> str:
    """What stands in the place of a scale where all numbers are 0."""
    return f'<span style="opacity:.75">{escape(text)} </span>'


def _image(shape: Sequence[int], address: str) -> str:
    return (
        f'<image href="{address}" width="{_UNIT * shape[1]}" height="{_UNIT * shape[0]}" preserveAspectRatio="none" '
        'style="image-rendering:pixelated"/>'
    )


def _svg(shape: Sequence[int], content: str, description: str) -> str:
    return (
        f'<svg viewBox="0 0 {_UNIT * shape[1]} {_UNIT * shape[0]}" role="img" aria-label="{escape(description)}" '
        f'style="display:block;width:100%;height:auto;box-shadow:0 0 0 1px {_FRAME}">{content}</svg>'
    )
