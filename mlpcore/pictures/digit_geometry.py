"""The size, the position and the line width of a digit in a picture, and straightening of slanted digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mlpcore.pictures.morphology import stroke_width

_MIN_INK = 0.3  # less ink than this is the soft edge of a line
_ENLARGED = 4  # lines are measured in a picture that is larger by this factor
_BLOCK = 2048  # images at a time, so that a whole dataset needs little memory
_MAX_SLANT = 1.5  # columns per row: handwriting slants less


@dataclass(frozen=True)
class DigitGeometry:
    """A digit in a picture, in its pixels.

    `size` is the longer side of its bounding box, 0 where there is no digit; `offset` the distance of its centre of
    mass from the picture's middle; `line_width` the mean width of its lines.
    """

    size: int
    offset: float
    line_width: float


def digit_geometry(picture: NDArray[Any]) -> DigitGeometry:
    """Measure the digit in a picture, (height, width), 0 where there is no ink and 1 where it is full."""
    ink = np.asarray(picture, np.float32)
    rows, columns = (np.flatnonzero((ink > _MIN_INK).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return DigitGeometry(0, 0.0, 0.0)
    size = int(max(np.ptp(rows), np.ptp(columns))) + 1
    down, right = (
        float(ink.sum(axis=1 - axis) @ (np.arange(ink.shape[axis]) + 0.5) / ink.sum()) - ink.shape[axis] / 2
        for axis in (0, 1)
    )
    height, width = ink.shape
    large = Image.fromarray(ink / ink.max()).resize((width * _ENLARGED, height * _ENLARGED), Image.Resampling.BILINEAR)
    return DigitGeometry(size, float(np.hypot(down, right)), stroke_width(np.asarray(large)) / _ENLARGED)


def deskewed(images: NDArray[Any]) -> NDArray[np.float32]:
    """Each image sheared until its ink no longer leans: (n, height, width) of any type -> float32, same scale.

    The slant is the covariance of the ink's columns and rows divided by the variance of its rows; every row is moved
    by the slant times its distance from the centre of mass, with linear interpolation and 0 beyond the edges. An empty
    image stays as it is.
    """
    result = np.empty(images.shape, np.float32)
    for start in range(0, len(images), _BLOCK):
        block = np.asarray(images[start : start + _BLOCK], np.float32)
        result[start : start + _BLOCK] = _sheared(block, *_slants(block))
    return result


def _slants(images: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For each image its slant, in columns per row, and the row of its centre of mass."""
    rows, columns = (np.arange(n, dtype=np.float32) for n in images.shape[1:])
    mass = np.maximum(images.sum(axis=(1, 2)), np.float32(1e-6))
    by_row, by_column = images.sum(axis=2), images.sum(axis=1)
    middle_row, middle_column = by_row @ rows / mass, by_column @ columns / mass
    from_middle = rows - middle_row[:, None]
    covariance = ((images @ columns - middle_column[:, None] * by_row) * from_middle).sum(axis=1)
    variance = (by_row * from_middle**2).sum(axis=1)
    slants = np.divide(covariance, variance, out=np.zeros_like(covariance), where=variance > 1e-6 * mass)
    return slants.clip(-_MAX_SLANT, _MAX_SLANT), middle_row


def _sheared(
    images: NDArray[np.float32], slants: NDArray[np.float32], middles: NDArray[np.float32]
) -> NDArray[np.float32]:
    _count, height, width = images.shape
    rows, columns = np.arange(height, dtype=np.float32), np.arange(width, dtype=np.float32)
    positions = columns + (slants[:, None] * (rows - middles[:, None]))[..., None]
    positions = positions.clip(-1, width)
    left = np.floor(positions).astype(np.intp)
    share = positions - left
    framed = np.pad(images, ((0, 0), (0, 0), (1, 2)))
    near, far = (np.take_along_axis(framed, left + step, axis=2) for step in (1, 2))
    return np.asarray(near * (1 - share) + far * share, np.float32)
