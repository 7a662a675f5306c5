"""The size, the position and the line width of a digit in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mlpcore.pictures.morphology import stroke_width

_MIN_INK = 0.3  # less ink than this is the soft edge of a line
_ENLARGED = 4  # lines are measured in a picture that is larger by this factor


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
