"""Straightening slanted digits by the second moments of their ink."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK = 2048  # images at a time, so that a whole dataset needs little memory
_MAX_SLANT = 1.5  # columns per row: handwriting slants less


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
