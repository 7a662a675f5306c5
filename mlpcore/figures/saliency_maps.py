"""How each pixel of a picture affects a prediction, as colours over a shadow of the picture's ink: SVG and HTML.

Blue is evidence for the class, amber against it. Both are middle tones on a clear background, so that one picture
serves the light and the dark theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from numpy.typing import NDArray

from mlpcore.figures import palette, pixels
from mlpcore.figures.markup import Attribute, tag

_UNIT = 10  # of the drawing, for each pixel of the picture
_FRAME = palette.text_shade(25)
_NOTHING = Markup("")


@dataclass(frozen=True)
class TitledPicture:
    """A picture with its title above it and, below, a note or a scale."""

    title: str
    picture: Markup
    below: str = ""


def titled_pictures(pictures: Sequence[TitledPicture], width: int = 250) -> Markup:
    """Pictures beside each other, two on a phone, each `width` pixels of the screen wide where there is room."""
    figures = [
        tag(
            "figure",
            tag("figcaption", item.title, style="font-size:14px;font-weight:600;line-height:1.3;margin-bottom:6px"),
            item.picture,
            tag("div", item.below, style="font-size:13px;line-height:1.4;margin-top:4px"),
            style=f"margin:0;flex:none;width:calc(50% - 12px);max-width:{width}px",
        )
        for item in pictures
    ]
    return tag("div", *figures, style="display:flex;flex-wrap:wrap;gap:16px 24px;align-items:flex-start")


def ink_picture(image: NDArray[Any], description: str, marks: Markup = _NOTHING) -> Markup:
    """The picture (height, width) as it is, bright ink on black; `marks` lie over it."""
    return _picture(image.shape, description, _image(image.shape, pixels.grey(image)), marks)


def heat_map(
    image: NDArray[Any], values: NDArray[Any], description: str, largest: float | None = None, marks: Markup = _NOTHING
) -> Markup:
    """Numbers of both signs over the shadow of the picture (height, width).

    `values` may be coarser than the picture: each then colours the square of pixels that belong to it. `largest` is
    the magnitude of the full colour, the largest one unless given.
    """
    shadow = _image(image.shape, pixels.shadow(image))
    colours = _image(image.shape, pixels.signed(values, largest))
    return _picture(image.shape, description, shadow, colours, marks)


def square_mark(row: float, column: float, size: float, **attributes: Attribute) -> Markup:
    """A square of `size` pixels whose upper left corner is at this pixel."""
    side = _UNIT * size
    return tag("rect", x=_UNIT * column, y=_UNIT * row, width=side, height=side, **attributes)


def color_scale(largest: str, against: str, evidence_for: str) -> Markup:
    """The colours' meaning: a bar from amber to blue, the magnitude at its ends as text, and a word for each."""
    gradient = f"linear-gradient(90deg,{palette.NEGATIVE},transparent,{palette.POSITIVE})"
    ends = [
        tag(
            "span",
            number,
            tag("br"),
            tag("span", word, style="opacity:.75"),
            style=f"text-align:{side}",
        )
        for side, number, word in (("left", f"−{largest}", against), ("right", f"+{largest}", evidence_for))
    ]
    bar = tag("div", style=f"height:8px;border-radius:4px;background:{gradient}")
    return bar + tag("div", *ends, style="display:flex;justify-content:space-between;gap:8px")


def all_zero(text: str) -> Markup:
    """The text in place of a scale where all numbers are 0."""
    return tag("span", f"{text} ", style="opacity:.75")


def _image(shape: Sequence[int], address: str) -> Markup:
    return tag(
        "image",
        href=address,
        width=_UNIT * shape[1],
        height=_UNIT * shape[0],
        preserveAspectRatio="none",
        style="image-rendering:pixelated",
    )


def _picture(shape: Sequence[int], description: str, *content: Markup) -> Markup:
    width, height = _UNIT * shape[1], _UNIT * shape[0]
    style = f"display:block;width:100%;height:auto;box-shadow:0 0 0 1px {_FRAME}"
    return tag("svg", *content, viewBox=f"0 0 {width} {height}", role="img", aria_label=description, style=style)
