"""Random changes of the training images, computed while training, on every engine."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.spec import Augment
from mlpcore.training import counter_rng
from mlpcore.training.backend import gather, keras

ops = keras.ops
NUMBERS = 8
"""Random numbers set aside for each image; six are used."""
POINTS = 7
"""The bending field's points in each direction: two are beyond the image's edges, the others a quarter of it apart."""
FIELD = 2**31
"""Where the counters of the field's numbers start."""


def augmented(images: Any, strengths: Augment, keys: Any, first: Any) -> Any:
    """Change each image in a way of its own.

    Images are uint8 (members, batch, height, width), the result is float32 of the same shape and scale; keys are
    uint32 (members, 2), `first` is the place in the epoch of each member's first image, uint32.
    """
    members, batch, height, width = images.shape
    count = members * batch
    drawn = ops.reshape(_drawn(keys, first, batch, NUMBERS), (count, NUMBERS))
    bend = None
    if strengths.elastic:
        at_points = _drawn(keys, first, batch, 2 * POINTS * POINTS, FIELD)
        bend = _bend(ops.reshape(at_points, (count, 2, POINTS * POINTS)), strengths.elastic, height, width)
    flat = ops.reshape(images, (count, height, width))
    changed = warped(flat, *_inverse(drawn, strengths, height, width), bend)
    if strengths.pen:
        changed = redrawn(changed, strengths.pen * drawn[:, 5])
    return ops.reshape(changed, (members, batch, height, width))


def _drawn(keys: Any, first: Any, batch: int, numbers: int, start: int = 0) -> Any:
    """So many random numbers from -1 to 1 for each image: (members, batch x numbers)."""
    places = ops.cast(ops.reshape(ops.arange(batch * numbers, dtype="int32"), (1, batch * numbers)), "uint32")
    counters = first * _word(numbers) + places + _word(start)
    return 2.0 * counter_rng.uniform(keys[:, None, :], counters) - 1.0


def _bend(at_points: Any, strength: float, height: int, width: int) -> Any:
    """Smooth fields in pixels over (x, y), (n, 2, height, width), from numbers (n, 2, POINTS²) at a few points.

    Between the points lie cubic B-splines, whose weights add up to 1: no place moves farther than `strength` of the
    side. After the elastic deformations of Simard et al. 2003, which blur a field of random numbers, one a pixel.
    """
    weights = np.einsum("yi,xj->ijyx", _splines(height), _splines(width)).reshape(POINTS * POINTS, height * width)
    sides = strength * np.array([[width], [height]], np.float32)
    return ops.reshape(ops.matmul(at_points, weights) * sides, (-1, 2, height, width))


def _splines(pixels: int) -> NDArray[np.float32]:
    """How much each point in a row of POINTS counts at each pixel: (pixels, POINTS)."""
    places = (POINTS - 3) * (np.arange(pixels) + 0.5) / pixels
    away = np.abs(places[:, None] - np.arange(-1, POINTS - 1))
    return np.asarray((np.maximum(2 - away, 0) ** 3 - 4 * np.maximum(1 - away, 0) ** 3) / 6, np.float32)


def redrawn(images: Any, widths: Any) -> Any:
    """Each image with its lines so many pixels, from -1 to 1, wider at each edge: (n, height, width), (n,).

    A pixel goes that part of the way to the lightest of its four neighbours, or to the darkest.
    """
    framed = ops.pad(images, ((0, 0), (1, 1), (1, 1)))
    lightest = darkest = images
    for neighbour in (framed[:, :-2, 1:-1], framed[:, 2:, 1:-1], framed[:, 1:-1, :-2], framed[:, 1:-1, 2:]):
        lightest, darkest = ops.maximum(lightest, neighbour), ops.minimum(darkest, neighbour)
    by = widths[:, None, None]
    return images + by * ops.where(by > 0.0, lightest - images, images - darkest)


def _inverse(drawn: Any, strengths: Augment, height: int, width: int) -> tuple[Any, Any]:
    """From a place in the new image to the one in the old: matrices (n, 2, 2) over (x, y), and shifts (n, 2)."""
    angle = drawn[:, 0] * math.radians(strengths.rotation)
    shear = drawn[:, 1] * strengths.shear
    size = 1.0 + drawn[:, 2] * strengths.zoom
    cos, sin = ops.cos(angle) / size, ops.sin(angle) / size
    matrix = ops.stack([cos, cos * shear - sin, sin, sin * shear + cos], axis=1)
    shift = ops.stack([drawn[:, 3] * strengths.shift * width, drawn[:, 4] * strengths.shift * height], axis=1)
    return ops.reshape(matrix, (-1, 2, 2)), shift


def warped(images: Any, matrices: Any, shifts: Any, bend: Any = None) -> Any:
    """Each image seen through an affine map about its centre, with bilinear interpolation and 0 beyond its edges.

    Images uint8 (n, height, width), matrices (n, 2, 2) and shifts (n, 2) over (x, y) lead from a new pixel to the old
    place; `bend` (n, 2, height, width) moves that place further. The result is float32 (n, height, width).
    """
    count, height, width = images.shape
    column = ops.reshape(ops.arange(width, dtype="float32"), (1, 1, width)) - (width - 1) / 2
    row = ops.reshape(ops.arange(height, dtype="float32"), (1, height, 1)) - (height - 1) / 2
    m, t = matrices[:, :, :, None, None], shifts[:, :, None, None]
    x = m[:, 0, 0] * column + m[:, 0, 1] * row + t[:, 0] + (width - 1) / 2
    y = m[:, 1, 0] * column + m[:, 1, 1] * row + t[:, 1] + (height - 1) / 2
    if bend is not None:
        x, y = x + bend[:, 0], y + bend[:, 1]
    x, y = ops.clip(x, -1.0, float(width)), ops.clip(y, -1.0, float(height))
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
