"""Strokes from a drawing canvas: checked, then drawn with any pen at any size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from mlpcore.errors import PictureError
from mlpcore.i18n.messages import N_

GrayImage = NDArray[np.float32]
"""A grey-scale image: (height, width) in 0..1, 0 for the background and 1 for a line in full strength (ink)."""

MAX_STROKES = 200
MAX_POINTS = 10_000


@dataclass(frozen=True)
class Strokes:
    """The lines of a drawing, each from pen down to pen up: (points, 2) as x to the right and y down, in 0..1."""

    lines: tuple[NDArray[np.float64], ...]

    def box(self) -> NDArray[np.float64]:
        """The rectangle around all points: ((left, top), (right, bottom))."""
        points = np.concatenate(self.lines)
        return np.stack([points.min(axis=0), points.max(axis=0)])

    def moved(self, scale: float, offset: NDArray[np.float64]) -> Strokes:
        """The strokes with every point multiplied by `scale`, then shifted by `offset` (x, y)."""
        return Strokes(tuple(line * scale + offset for line in self.lines))


def parse_strokes(payload: Any) -> Strokes:
    """The strokes in what a canvas sent: a list of lists of [x, y], in units of the canvas.

    Points outside the canvas are moved to its edge. Raises PictureError for an empty canvas, for more points than a
    hand draws, and for anything that is not a list of strokes.
    """
    if not isinstance(payload, list) or not all(isinstance(line, list) for line in payload):
        raise _malformed()
    lines = [line for line in payload if line]
    if not lines:
        raise PictureError(N_("The canvas is empty: draw a digit on it first."))
    if len(lines) > MAX_STROKES or sum(map(len, lines)) > MAX_POINTS:
        raise PictureError(N_("This drawing has too many strokes: clear the canvas and draw one digit."))
    return Strokes(tuple(np.clip([_point(point) for point in line], 0.0, 1.0) for line in lines))


def _point(point: Any) -> tuple[float, float]:
    if not isinstance(point, list) or len(point) != 2:
        raise _malformed()
    x, y = (_number(value) for value in point)
    return x, y


def _number(value: Any) -> float:
    if type(value) is int:
        return float(max(-1, min(value, 2)))  # a huge int cannot be converted to float
    if type(value) is not float or not math.isfinite(value):
        raise _malformed()
    return value


def _malformed() -> PictureError:
    return PictureError(N_("The drawing could not be read: clear the canvas and draw again."))


def draw(strokes: Strokes, size: int, pen: float, detail: int = 8) -> GrayImage:
    """The strokes, their points given in pixels of a picture of `size` x `size`, drawn with a round pen.

    `pen` is its width in the same pixels. The result is (size * detail, size * detail): average blocks of
    `detail` for an antialiased picture. A stroke of one point becomes a dot.
    """
    picture = Image.new("L", (size * detail, size * detail))
    canvas = ImageDraw.Draw(picture)
    width = max(1, round(pen * detail))
    for line in strokes.lines:
        points = [(float(x), float(y)) for x, y in _thinned(line, pen / 8) * detail]
        if len(points) > 1:
            canvas.line(points, fill=255, width=width, joint="curve")
        for end in (points[0], points[-1]):
            canvas.circle(end, width / 2, fill=255)
    return np.asarray(picture, np.float32) / np.float32(255)


def _thinned(line: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    """The line without points that lie less than `step` after the previous one; both ends stay."""
    travelled = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    kept = np.diff(np.floor(travelled / step), prepend=-1) > 0
    kept[-1] = True
    return line[kept]


def block_means(ink: GrayImage, blocks: int) -> GrayImage:
    """Means over square blocks of `blocks` pixels: (h * blocks, w * blocks) -> (h, w)."""
    h, w = ink.shape[0] // blocks, ink.shape[1] // blocks
    return np.asarray(ink.reshape(h, blocks, w, blocks).mean(axis=(1, 3)))
