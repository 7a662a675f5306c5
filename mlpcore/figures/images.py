"""Grids of numbers as images in SVG and HTML: what a network receives, its weights, and maps over its input.

An image is a PNG in a data URL, one pixel for each number. All images are on black in both themes: inputs as MNIST is,
white on black; of numbers of both signs, blue is above 0 (evidence for a class), amber below (against it), black is 0.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray
from PIL import Image

from mlpcore.figures import palette
from mlpcore.figures.markup import Attribute, tag

_SHADOW = 0.35  # brightness of a white pixel below colours
_UNIT = 10  # of the drawing, for each pixel of the picture
_NO_MARKS = Markup("")


@dataclass(frozen=True)
class TitledPicture:
    """A picture with its title above it and, below, a note or a scale."""

    title: str
    picture: Markup
    below: str = ""


@dataclass(frozen=True)
class WeightPicture:
    """A picture, as a data URL, with its caption."""

    url: str
    caption: str


def grey_url(values: NDArray[Any]) -> str:
    """The data URL of an input as MNIST shows it: (height, width) in 0..1, 0 black and 1 white."""
    levels = np.round(255 * np.clip(values, 0, 1)).astype(np.uint8)
    return _data_url(Image.fromarray(levels))


def grey_image(values: NDArray[Any]) -> Markup:
    """The same as an HTML image that fills the width of its container; text beside it says what it shows."""
    return tag("img", src=grey_url(values), alt="", class_="fig-image")


def signed_url(values: NDArray[Any], largest: float | None = None) -> str:
    """The data URL of numbers of both signs, (height, width): blue above 0, amber below, the more opaque the larger.

    0 is transparent, `largest` (their largest magnitude unless given) is opaque.
    """
    top = float(np.abs(values).max()) if largest is None else largest
    shades = np.zeros((*values.shape, 4), np.uint8)
    positive, negative = palette.channels(palette.POSITIVE), palette.channels(palette.NEGATIVE)
    shades[..., :3] = np.where(values[..., None] >= 0, positive, negative)
    if top > 0:
        shades[..., 3] = np.round(255 * np.clip(np.abs(values) / top, 0, 1))
    return _data_url(Image.fromarray(shades))


def titled_pictures(pictures: Sequence[TitledPicture], width: int = 250) -> Markup:
    """Pictures beside each other, two on a phone, each `width` pixels of the screen wide where there is room."""
    figures = [
        tag(
            "figure",
            tag("figcaption", item.title),
            item.picture,
            tag("div", item.below),
            style=f"max-width:{width}px",
        )
        for item in pictures
    ]
    return tag("div", *figures, class_="fig-pictures")


def input_picture(image: NDArray[Any], description: str, marks: Markup = _NO_MARKS) -> Markup:
    """The input (height, width) as it is, white on black; `marks` lie over it."""
    return _picture(image.shape, description, _image(image.shape, grey_url(image)), marks)


def heat_map(
    image: NDArray[Any], values: NDArray[Any], description: str, largest: float | None = None, marks: Markup = _NO_MARKS
) -> Markup:
    """Numbers of both signs over the input (height, width), which is dark grey on black.

    `values` may be coarser than the input: each then colours the square of pixels that belong to it. `largest` is
    the magnitude of the full colour, the largest one unless given.
    """
    shadow = _image(image.shape, grey_url(_SHADOW * image))
    colours = _image(image.shape, signed_url(values, largest))
    return _picture(image.shape, description, shadow, colours, marks)


def square_mark(row: float, column: float, size: float, **attributes: Attribute) -> Markup:
    """A square of `size` pixels whose upper left corner is at this pixel."""
    side = _UNIT * size
    return tag("rect", x=_UNIT * column, y=_UNIT * row, width=side, height=side, **attributes)


def color_scale(largest: str, against: str, evidence_for: str) -> Markup:
    """The colours' meaning: a bar from amber to blue, the magnitude at its ends as text, and a word for each."""
    gradient = f"background:linear-gradient(90deg,{palette.NEGATIVE},black,{palette.POSITIVE})"
    ends = [
        tag("span", number, tag("br"), tag("span", word, class_="fig-dim"))
        for number, word in ((f"−{largest}", against), (f"+{largest}", evidence_for))
    ]
    return tag("div", class_="fig-scale", style=gradient) + tag("div", *ends, class_="fig-scale-ends")


def all_zero(text: str) -> Markup:
    """The text in place of a scale where all numbers are 0."""
    return tag("span", text, class_="fig-dim")


def weight_product(left: WeightPicture, right: WeightPicture, result: WeightPicture, description: str) -> Markup:
    """Three pictures: input times weights makes contributions."""
    times, equals = (tag("span", sign) for sign in "×=")
    return tag(
        "div",
        _framed(left),
        times,
        _framed(right),
        equals,
        _framed(result),
        role="img",
        aria_label=description,
        class_="fig-product",
    )


def _image(shape: Sequence[int], url: str) -> Markup:
    return tag(
        "image",
        href=url,
        width=_UNIT * shape[1],
        height=_UNIT * shape[0],
        preserveAspectRatio="none",
        class_="fig-pixels",
    )


def _picture(shape: Sequence[int], description: str, *content: Markup) -> Markup:
    width, height = _UNIT * shape[1], _UNIT * shape[0]
    box = f"0 0 {width} {height}"
    return tag("svg", *content, viewBox=box, role="img", aria_label=description, class_="fig-svg fig-map")


def _framed(picture: WeightPicture) -> Markup:
    return tag("figure", tag("img", src=picture.url, alt="", class_="fig-image"), tag("figcaption", picture.caption))


def _data_url(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
