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
"""Random numbers reserved for each image; six are used."""
POINTS = 7
"""Control points of the elastic field in each direction: two are beyond the image's edges, the others a quarter of the
image apart."""
FIELD_START = 2**31
"""The first counter of the elastic field's random numbers."""


def augmented(images: Any, strengths: Augment, keys: Any, first: Any) -> Any:
    """Change each image at random, independently of the others.

    Images are uint8 (members, batch, height, width), the result is float32 of the same shape and scale; keys are
    uint32 (members, 2), `first` is the position in the epoch of each member's first image, uint32.
    """
    members, batch, height, width = images.shape
    count = members * batch
    numbers = ops.reshape(_uniform(keys, first, batch, NUMBERS), (count, NUMBERS))
    field = None
    if strengths.elastic:
        at_points = _uniform(keys, first, batch, 2 * POINTS * POINTS, FIELD_START)
        field = _elastic_field(ops.reshape(at_points, (count, 2, POINTS * POINTS)), strengths.elastic, height, width)
    flat = ops.reshape(images, (count, height, width))
    changed = warped(flat, *_inverse_map(numbers, strengths, height, width), field)
    if strengths.pen:
        changed = with_line_width(changed, strengths.pen * numbers[:, 5])
    return ops.reshape(changed, (members, batch, height, width))


def _uniform(keys: Any, first: Any, batch: int, numbers: int, start: int = 0) -> Any:
    """`numbers` random numbers from -1 to 1 for each image: (members, batch x numbers)."""
    offsets = ops.cast(ops.reshape(ops.arange(batch * numbers, dtype="int32"), (1, batch * numbers)), "uint32")
    counters = first * _uint32(numbers) + offsets + _uint32(start)
    return 2.0 * counter_rng.uniform(keys[:, None, :], counters) - 1.0


def _elastic_field(at_points: Any, strength: float, height: int, width: int) -> Any:
    """Smooth displacements (x, y) in pixels, (n, 2, height, width), from numbers (n, 2, POINTS²) at the control points.

    Cubic B-splines interpolate between the points; their weights add up to 1, so no pixel moves farther than the
    fraction `strength` of the side. After the elastic deformations of Simard et al. 2003 (Best practices for
    convolutional neural networks), which smooth a field with one random displacement per pixel.
    """
    weights = np.einsum("yi,xj->ijyx", _splines(height), _splines(width)).reshape(POINTS * POINTS, height * width)
    sides = strength * np.array([[width], [height]], np.float32)
    return ops.reshape(ops.matmul(at_points, weights) * sides, (-1, 2, height, width))


def _splines(pixels: int) -> NDArray[np.float32]:
    """The weight of each of POINTS control points in a row at each pixel: (pixels, POINTS)."""
    positions = (POINTS - 3) * (np.arange(pixels) + 0.5) / pixels
    distances = np.abs(positions[:, None] - np.arange(-1, POINTS - 1))
    return np.asarray((np.maximum(2 - distances, 0) ** 3 - 4 * np.maximum(1 - distances, 0) ** 3) / 6, np.float32)


def with_line_width(images: Any, widths: Any) -> Any:
    """Images (n, height, width) whose lines are wider by `widths` (n,) pixels at each edge, from -1 to 1.

    A pixel takes on that fraction of the difference to its lightest neighbour out of four, or to its darkest one.
    """
    padded = ops.pad(images, ((0, 0), (1, 1), (1, 1)))
    lightest = darkest = images
    for neighbour in (padded[:, :-2, 1:-1], padded[:, 2:, 1:-1], padded[:, 1:-1, :-2], padded[:, 1:-1, 2:]):
        lightest, darkest = ops.maximum(lightest, neighbour), ops.minimum(darkest, neighbour)
    fraction = widths[:, None, None]
    return images + fraction * ops.where(fraction > 0.0, lightest - images, images - darkest)


def _inverse_map(numbers: Any, strengths: Augment, height: int, width: int) -> tuple[Any, Any]:
    """From a position in the new image to the one in the old: matrices (n, 2, 2) over (x, y), and shifts (n, 2)."""
    angle = numbers[:, 0] * math.radians(strengths.rotation)
    shear = numbers[:, 1] * strengths.shear
    size = 1.0 + numbers[:, 2] * strengths.zoom
    cos, sin = ops.cos(angle) / size, ops.sin(angle) / size
    matrix = ops.stack([cos, cos * shear - sin, sin, sin * shear + cos], axis=1)
    shift = ops.stack([numbers[:, 3] * strengths.shift * width, numbers[:, 4] * strengths.shift * height], axis=1)
    return ops.reshape(matrix, (-1, 2, 2)), shift


def warped(images: Any, matrices: Any, shifts: Any, field: Any = None) -> Any:
    """Each image under an affine map about its centre, with bilinear interpolation and 0 beyond its edges.

    Images are uint8 (n, height, width). Matrices (n, 2, 2) and shifts (n, 2) over (x, y) lead from a new pixel to its
    position in the old image; `field` (n, 2, height, width) displaces that position. The result is float32.
    """
    count, height, width = images.shape
    column = ops.reshape(ops.arange(width, dtype="float32"), (1, 1, width)) - (width - 1) / 2
    row = ops.reshape(ops.arange(height, dtype="float32"), (1, height, 1)) - (height - 1) / 2
    m, t = matrices[:, :, :, None, None], shifts[:, :, None, None]
    x = m[:, 0, 0] * column + m[:, 0, 1] * row + t[:, 0] + (width - 1) / 2
    y = m[:, 1, 0] * column + m[:, 1, 1] * row + t[:, 1] + (height - 1) / 2
    if field is not None:
        x, y = x + field[:, 0], y + field[:, 1]
    x, y = ops.clip(x, -1.0, float(width)), ops.clip(y, -1.0, float(height))
    left, top = ops.floor(x), ops.floor(y)
    to_right, to_bottom = x - left, y - top
    corner = ops.cast(top, "int32") + 1, ops.cast(left, "int32") + 1
    start = ops.reshape(ops.arange(count, dtype="int32") * (height + 2) * (width + 2), (count, 1, 1))
    packed = gather(ops.reshape(_neighbourhoods(images), (-1,)), start + corner[0] * (width + 2) + corner[1])
    above = _pixel(packed, 0) * (1.0 - to_right) + _pixel(packed, 8) * to_right
    below = _pixel(packed, 16) * (1.0 - to_right) + _pixel(packed, 24) * to_right
    return above * (1.0 - to_bottom) + below * to_bottom


def _neighbourhoods(images: Any) -> Any:
    """A pixel with its right, lower and lower right neighbours as one uint32, so that one look-up reads all four.

    (n, height, width) -> (n, height + 2, width + 2): positions from -1 to the height and width.
    """
    padded = ops.cast(ops.pad(images, ((0, 0), (1, 2), (1, 2))), "uint32")
    pixel, right = padded[:, :-1, :-1], padded[:, :-1, 1:]
    below, diagonal = padded[:, 1:, :-1], padded[:, 1:, 1:]
    return ops.bitwise_or(
        ops.bitwise_or(pixel, ops.left_shift(right, _uint32(8))),
        ops.bitwise_or(ops.left_shift(below, _uint32(16)), ops.left_shift(diagonal, _uint32(24))),
    )


def _pixel(packed: Any, shift: int) -> Any:
    return ops.cast(ops.bitwise_and(ops.right_shift(packed, _uint32(shift)), _uint32(255)), "float32")


def _uint32(number: int) -> Any:
    return ops.convert_to_tensor(number, "uint32")
