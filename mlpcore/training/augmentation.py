"""Random shifts, rotations, shears and zooms of the training images, computed while training, on every engine."""

from __future__ import annotations

import math
from typing import Any

from mlpcore.spec import Augment
from mlpcore.training import chance
from mlpcore.training.backend import gather, keras

ops = keras.ops
NUMBERS = 8
"""Random numbers set aside for each image; five are used."""


def augmented(images: Any, strengths: Augment, keys: Any, first: Any) -> Any:
    """Change each image in a way of its own.

    Images are uint8 (members, batch, height, width), the result is float32 of the same shape and scale; keys are
    uint32 (members, 2), `first` is the place in the epoch of each member's first image, uint32.
    """
    members, batch, height, width = images.shape
    places = ops.cast(ops.reshape(ops.arange(batch * NUMBERS, dtype="int32"), (1, batch, NUMBERS)), "uint32")
    counters = first * ops.convert_to_tensor(NUMBERS, "uint32") + places
    drawn = 2.0 * chance.uniform(keys[:, None, None, :], counters) - 1.0
    flat = ops.reshape(images, (members * batch, height, width))
    changed = warped(flat, *_inverse(ops.reshape(drawn, (members * batch, NUMBERS)), strengths, height, width))
    return ops.reshape(changed, (members, batch, height, width))


def _inverse(drawn: Any, strengths: Augment, height: int, width: int) -> tuple[Any, Any]:
    """From a place in the new image to the one in the old: matrices (n, 2, 2) over (x, y), and shifts (n, 2)."""
    angle = drawn[:, 0] * math.radians(strengths.rotation)
    shear = drawn[:, 1] * strengths.shear
    size = 1.0 + drawn[:, 2] * strengths.zoom
    cos, sin = ops.cos(angle) / size, ops.sin(angle) / size
    matrix = ops.stack([cos, cos * shear - sin, sin, sin * shear + cos], axis=1)
    shift = ops.stack([drawn[:, 3] * strengths.shift * width, drawn[:, 4] * strengths.shift * height], axis=1)
    return ops.reshape(matrix, (-1, 2, 2)), shift


def warped(images: Any, matrices: Any, shifts: Any) -> Any:
    """Each image seen through an affine map about its centre, with bilinear interpolation and 0 beyond its edges.

    Images uint8 (n, height, width), matrices (n, 2, 2) and shifts (n, 2) over (x, y) lead from a new pixel to the old
    place; the result is float32 (n, height, width).
    """
    count, height, width = images.shape
    column = ops.reshape(ops.arange(width, dtype="float32"), (1, 1, width)) - (width - 1) / 2
    row = ops.reshape(ops.arange(height, dtype="float32"), (1, height, 1)) - (height - 1) / 2
    m, t = matrices[:, :, :, None, None], shifts[:, :, None, None]
    x = ops.clip(m[:, 0, 0] * column + m[:, 0, 1] * row + t[:, 0] + (width - 1) / 2, -1.0, float(width))
    y = ops.clip(m[:, 1, 0] * column + m[:, 1, 1] * row + t[:, 1] + (height - 1) / 2, -1.0, float(height))
    left, top = ops.floor(x), ops.floor(y)
    right_share, low_share = x - left, y - top
    corner = ops.cast(top, "int32") + 1, ops.cast(left, "int32") + 1
    start = ops.reshape(ops.arange(count, dtype="int32") * (height + 2) * (width + 2), (count, 1, 1))
    found = gather(ops.reshape(_neighbourhoods(images), (-1,)), start + corner[0] * (width + 2) + corner[1])
    above = _pixel(found, 0) * (1.0 - right_share) + _pixel(found, 8) * right_share
    below = _pixel(found, 16) * (1.0 - right_share) + _pixel(found, 24) * right_share
    return above * (1.0 - low_share) + below * low_share


def _neighbourhoods(images: Any) -> Any:
    """A pixel with its right, lower and lower right neighbours as one uint32, so that one look-up finds all four.

    (n, height, width) -> (n, height + 2, width + 2): places from -1 to the height and width.
    """
    wide = ops.cast(ops.pad(images, ((0, 0), (1, 2), (1, 2))), "uint32")
    here, right = wide[:, :-1, :-1], wide[:, :-1, 1:]
    below, across = wide[:, 1:, :-1], wide[:, 1:, 1:]
    return ops.bitwise_or(
        ops.bitwise_or(here, ops.left_shift(right, _word(8))),
        ops.bitwise_or(ops.left_shift(below, _word(16)), ops.left_shift(across, _word(24))),
    )


def _pixel(packed: Any, shift: int) -> Any:
    return ops.cast(ops.bitwise_and(ops.right_shift(packed, _word(shift)), _word(255)), "float32")


def _word(number: int) -> Any:
    return ops.convert_to_tensor(number, "uint32")
