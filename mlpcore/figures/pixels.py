"""Grids of numbers as small pictures that fit into SVG and HTML: PNG in a data address, one pixel for each number."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray
from PIL import Image

from mlpcore.figures import palette
from mlpcore.figures.markup import tag

_SHADE = 110  # of 255: how opaque the shadow of full ink is


def grey(values: NDArray[Any]) -> str:
    """Ink as MNIST shows it: (height, width) in 0..1, 0 black and 1 white."""
    levels = np.round(255 * np.clip(values, 0, 1)).astype(np.uint8)
    return _address(Image.fromarray(levels))


def grey_image(values: NDArray[Any]) -> Markup:
    """The same as an HTML image that fills the width of its container; text beside it says what it shows."""
    style = "display:block;width:100%;aspect-ratio:1;image-rendering:pixelated;border-radius:4px"
    return tag("img", src=grey(values), alt="", style=style)


def shadow(values: NDArray[Any]) -> str:
    """Ink as a middle grey on a clear background, for colours to lie on: (height, width) in 0..1."""
    pixels = np.full((*values.shape, 4), 128, np.uint8)
    pixels[..., 3] = np.round(_SHADE * np.clip(values, 0, 1))
    return _address(Image.fromarray(pixels))


def signed(values: NDArray[Any], largest: float | None = None) -> str:
    """Numbers of both signs, (height, width): blue above 0, amber below, the more opaque the larger.

    0 is transparent, `largest` (their largest magnitude unless given) is opaque.
    """
    top = float(np.abs(values).max()) if largest is None else largest
    pixels = np.zeros((*values.shape, 4), np.uint8)
    positive, negative = palette.channels(palette.POSITIVE), palette.channels(palette.NEGATIVE)
    pixels[..., :3] = np.where(values[..., None] >= 0, positive, negative)
    if top > 0:
        pixels[..., 3] = np.round(255 * np.clip(np.abs(values) / top, 0, 1))
    return _address(Image.fromarray(pixels))


def _address(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
