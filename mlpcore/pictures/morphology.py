"""Morphology of pictures in NumPy: dilation, distances, connected components, and the width of lines.

SciPy has the first three, but would cost the web process 40 MB more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlpcore.pictures.strokes import GrayImage

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


def maximum_filter(picture: Floats, window: int) -> Floats:
    """The maximum over a square of `window` pixels (odd), at the edges over the part of it that is inside.

    `picture` is (height, width) or (height, width, channels). The window grows by doubling.
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


def dilated(mask: Mask, by: int) -> Mask:
    """The mask with all pixels that are at most `by` rows and `by` columns away from it."""
    return np.asarray(maximum_filter(mask.astype(np.float32), 2 * by + 1) > 0)


def distances_to(mask: Mask) -> NDArray[np.float32]:
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


def connected_components(mask: Mask) -> NDArray[np.intp]:
    """A number from 1 up for each region of `mask`, 0 elsewhere; pixels touch at edges and corners.

    Works on runs, the stretches of set pixels in each row: runs of neighbouring rows that touch get the smaller of
    their numbers, until nothing changes.
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


def stroke_width(ink: GrayImage) -> float:
    """The mean width of the lines, in pixels.

    Along a line of width w the distances to its edges are spread evenly over 0..w/2, so their mean is w/4.
    """
    mask = ink > 0.5
    if not mask.any():
        return 0.0
    return float(4 * (distances_to(~mask)[mask] - 0.5).mean())


def with_edges_moved(ink: GrayImage, change: float) -> GrayImage:
    """The picture with its lines made `change` pixels wider at each edge, or thinner where `change` is negative.

    Lines need an empty margin to grow into; thinning stops before the thinnest lines break.
    """
    mask = ink > 0.5
    inside = distances_to(~mask)
    if change < 0:
        change = max(change, min(0.0, 1 - _thinnest(inside)))
    edge = np.where(mask, 0.5 - inside, distances_to(mask) - 0.5)
    return np.clip(0.5 + change - edge, 0, 1).astype(np.float32)


def _thinnest(inside: NDArray[np.float32]) -> float:
    """Half the width of the thinner lines: of the distances along the lines' middle, the 10th percentile."""
    around = np.pad(inside, 1)
    height, width = inside.shape
    neighbours = [around[y : y + height, x : x + width] for y in range(3) for x in range(3)]
    middle = (inside > 0) & (inside >= np.max(neighbours, axis=0))
    return float(np.percentile(inside[middle], 10)) if middle.any() else 0.0
