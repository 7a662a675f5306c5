"""The width of the pen that drew some ink, and drawing it again with another width."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlpcore.pictures.morphology import distances
from mlpcore.pictures.strokes import Ink


def pen_width(ink: Ink) -> float:
    """The mean width of the lines, in pixels.

    Along a line of width w the distances to its edges are spread evenly over 0..w/2, so their mean is w/4.
    """
    mask = ink > 0.5
    if not mask.any():
        return 0.0
    return float(4 * (distances(~mask)[mask] - 0.5).mean())


def redrawn(ink: Ink, change: float) -> Ink:
    """The ink with `change` pixels added to each edge of its lines, or taken away where it is negative.

    What is added needs an empty margin to grow into; what is taken away stops before the thinnest lines
    break.
    """
    mask = ink > 0.5
    inside = distances(~mask)
    if change < 0:
        change = max(change, min(0.0, 1 - _thinnest(inside)))
    edge = np.where(mask, 0.5 - inside, distances(mask) - 0.5)
    return np.clip(0.5 + change - edge, 0, 1).astype(np.float32)


def _thinnest(inside: NDArray[np.float32]) -> float:
    """Half the width of the thinner lines: of the distances along the lines' middle, the 10th percentile."""
    around = np.pad(inside, 1)
    height, width = inside.shape
    neighbours = [around[y : y + height, x : x + width] for y in range(3) for x in range(3)]
    middle = (inside > 0) & (inside >= np.max(neighbours, axis=0))
    return float(np.percentile(inside[middle], 10)) if middle.any() else 0.0
