"""Shapes in pictures: widening, distances and connected pieces, in NumPy alone.

SciPy has all three, but the web process would carry 40 MB more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


def highest(picture: Floats, window: int) -> Floats:
    """The maximum over a square of `window` pixels (odd), at the edges over the part of it that is inside.

    `picture` is (height, width) or (height, width, channels). The square is grown by doubling.
    """
    for axis in (0, 1):
        lines = np.moveaxis(picture, axis, 0)
        edge = np.full((window // 2, *lines.shape[1:]), -np.inf, np.float32)
        lines, reach = np.concatenate([edge, lines, edge]), 1
        while reach < window:
            step = min(reach, window - reach)
            lines, reach = np.maximum(lines[:-step], lines[step:]), reach + step
        picture = np.moveaxis(lines, 0, axis)
    return picture


def widened(mask: Mask, by: int) -> Mask:
    """The mask with all pixels that are at most `by` rows and `by` columns away from it."""
    return np.asarray(highest(mask.astype(np.float32), 2 * by + 1) > 0)


def distances(mask: Mask) -> NDArray[np.float32]:
    """For each pixel the Euclidean distance to the nearest pixel of `mask`, between centres.

    Exact, in two passes (Saito & Toriwaki 1994): down the columns, then across every row; for n x n pixels
    the second takes n^3 operations, so keep the picture small.
    """
    height, width = mask.shape
    far = np.float32(height + width)
    down = np.where(mask, np.float32(0), far)
    for row in range(1, height):
        np.minimum(down[row], down[row - 1] + 1, out=down[row])
    for row in range(height - 2, -1, -1):
        np.minimum(down[row], down[row + 1] + 1, out=down[row])
    columns = np.arange(width, dtype=np.float32)
    across = (columns[:, None] - columns) ** 2
    return np.asarray(np.sqrt((down[:, None, :] ** 2 + across).min(axis=2)))


def components(mask: Mask) -> NDArray[np.intp]:
    """A number from 1 up for each region of `mask`, 0 elsewhere; pixels touch at edges and corners.

    Works on the runs of each row: runs of neighbouring rows that touch get the smaller of their numbers,
    until nothing changes.
    """
    height, width = mask.shape
    padded = np.zeros((height, width + 2), np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded.ravel())
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)  # in rows of width + 2
    # A run touches those of the next row whose end is not before its start, nor start after its end.
    first = np.searchsorted(ends, starts + width + 2)
    last = np.searchsorted(starts, ends + width + 2, side="right")
    upper = np.repeat(np.arange(len(starts)), np.maximum(last - first, 0))
    offsets = np.arange(len(upper)) - np.searchsorted(upper, upper)
    lower = first[upper] + offsets
    number = _merged(len(starts), upper, lower)
    labels = np.zeros(padded.size + 1, np.intp)
    labels[starts + 1] = number
    labels[ends + 1] -= number
    return labels[:-1].cumsum().reshape(padded.shape)[:, 1:-1]


def _merged(count: int, upper: NDArray[np.intp], lower: NDArray[np.intp]) -> NDArray[np.intp]:
    """For each of `count` runs the number, from 1 up, of the group that the pairs (upper, lower) join it to."""
    root = np.arange(count)
    while True:
        least = np.minimum(root[upper], root[lower])
        merged = root.copy()
        np.minimum.at(merged, root[upper], least)
        np.minimum.at(merged, root[lower], least)
        merged = merged[merged]
        if (merged == root).all():
            return np.unique(root, return_inverse=True)[1] + 1
        root = merged
