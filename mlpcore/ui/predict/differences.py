"""How a digit lies in a picture, in numbers: how large, how far off the middle, with how wide lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mlpcore.pictures.morphology import stroke_width

_FAINT = 0.3  # less is the soft edge of a line
_DETAIL = 4  # lines are measured in a picture enlarged so many times


@dataclass(frozen=True)
class Lie:
    """A digit in a picture, in its pixels.

    `size` is the longer side of the rectangle around it, 0 where there is nothing; `off` how far its centre of mass is
    from the picture's middle; `line` the mean width of its lines.
    """

    size: int
    off: float
    line: float


def lie(picture: NDArray[Any]) -> Lie:
    """The digit in a picture, (height, width), 0 where there is no ink and 1 where it is full."""
    ink = np.asarray(picture, np.float32)
    rows, columns = (np.flatnonzero((ink > _FAINT).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return Lie(0, 0.0, 0.0)
    size = int(max(np.ptp(rows), np.ptp(columns))) + 1
    down, right = (
        float(ink.sum(axis=1 - axis) @ (np.arange(ink.shape[axis]) + 0.5) / ink.sum()) - ink.shape[axis] / 2
        for axis in (0, 1)
    )
    height, width = ink.shape
    large = Image.fromarray(ink / ink.max()).resize((width * _DETAIL, height * _DETAIL), Image.Resampling.BILINEAR)
    return Lie(size, float(np.hypot(down, right)), stroke_width(np.asarray(large)) / _DETAIL)
