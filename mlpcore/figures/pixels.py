"""Grids of numbers as small pictures that fit into SVG and HTML: PNG in a data address, one pixel a number."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

POSITIVE, NEGATIVE = (61, 142, 208), (208, 144, 47)
"""Blue and amber, the middle tones that serve the light and the dark theme."""

_SHADE = 110  # of 255: how opaque the shadow of full ink is


def grey(values: NDArray[Any]) -> str:
    """Ink as MNIST shows it: (height, width) in 0..1, 0 black and 1 white."""
    levels = np.round(255 * np.clip(values, 0, 1)).astype(np.uint8)
    return _address(Image.fromarray(levels))


def grey_image(values: NDArray[Any]) -> str:
    """The same as an HTML image as wide as its place; its meaning stands in words beside it."""
    return (
        f'<img src="{grey(values)}" alt="" '
        'style="display:block;width:100%;aspect-ratio:1;image-rendering:pixelated;border-radius:4px">'
    )


def shadow(values: NDArray[Any]) -> str:
    """Ink as a middle grey on a clear ground, for colours to lie on: (height, width) in 0..1."""
    pixels = np.full((*values.shape, 4), 128, np.uint8)
    pixels[..., 3] = np.round(_SHADE * np.clip(values, 0, 1))
    return _address(Image.fromarray(pixels))


def signed(values: NDArray[Any], largest: float | None = None) -> str:
    """Numbers of both signs, (height, width): blue above 0, amber below, the more opaque the larger.

    0 is transparent, `largest` (their largest magnitude unless given) is opaque.
    """
    top = float(np.abs(values).max()) if largest is None else largest
    pixels = np.zeros((*values.shape, 4), np.uint8)
    pixels[..., :3] = np.where(values[..., None] >= 0, POSITIVE, NEGATIVE)
    if top > 0:
        pixels[..., 3] = np.round(255 * np.clip(np.abs(values) / top, 0, 1))
    return _address(Image.fromarray(pixels))


def _address(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
