"""A picture's colours -> its ink: what somebody wrote, without paper, shadows, grid lines and specks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mlpcore.errors import PictureError
from mlpcore.i18n.messages import N_
from mlpcore.pictures.decode import Colours, decode
from mlpcore.pictures.morphology import components, highest, widened
from mlpcore.pictures.strokes import Ink

SMALL = 192  # pixels a side, where the paper's brightness is estimated
LINES = (0.06, 0.12, 0.2, 0.3, 0.4)  # how wide lines may be, in parts of the longer side
FAINTEST = 0.06  # of the paper's brightness
SOFTEST = 0.03  # of full brightness, within three of the small pixels: what changes less has no edge
MOST_NOISE = 0.17  # of the pen's contrast: the median difference between neighbours
LEAST_PIECE = 0.03  # of the largest piece's ink: less is a speck
LEAST_SHARE = 0.3  # of all ink: where the digit has less, there is no digit but noise or a page of writing
MOST_INK = 0.6  # of the picture
SMALLEST = 8  # pixels a side


def read_picture(data: bytes) -> Ink:
    """The ink in a picture file, (height, width) in 0..1; PictureError where there is none to be read."""
    return separate(decode(data))


def separate(picture: Colours) -> Ink:
    """The ink in a picture, (height, width), whether it is dark on a light ground or light on a dark one.

    PictureError where nothing stands out.
    """
    if min(picture.shape[:2]) < SMALLEST:
        raise PictureError(N_("This picture is too small or too narrow for a digit: choose a larger one."))
    small = _resized(picture, SMALL)
    inverted, window = _reading(small)
    if inverted:
        picture, small = 1 - picture, 1 - small
    paper = _resized_to(_closed(small, window), picture.shape[:2])
    contrast = np.asarray(1 - picture / np.maximum(paper, 0.05), np.float32)
    return _largest_pieces(_above_clutter(_along_pen_colour(contrast)))


def _resized(picture: Colours, side: int) -> Colours:
    scale = min(1.0, side / max(picture.shape[:2]))
    height, width = (max(1, round(n * scale)) for n in picture.shape[:2])
    return _resized_to(picture, (height, width), Image.Resampling.BOX)


def _resized_to(picture: Colours, shape: tuple[int, int], how: Image.Resampling = Image.Resampling.BILINEAR) -> Colours:
    """Each colour resized to `shape`, (height, width)."""
    channels = [Image.fromarray(np.ascontiguousarray(c)) for c in np.moveaxis(picture, 2, 0)]
    return np.stack([np.asarray(c.resize(shape[::-1], how)) for c in channels], axis=2)


def _closed(small: NDArray[np.float32], window: int) -> NDArray[np.float32]:
    """The picture with dark lines narrower than `window` filled from their surroundings: the paper alone.

    Beyond its edges the picture is taken to go on as it ends.
    """
    wider = np.pad(small, [(window, window)] * 2 + [(0, 0)] * (small.ndim - 2), mode="edge")
    return -highest(-highest(wider, window), window)[window:-window, window:-window]


def _reading(small: Colours) -> tuple[bool, int]:
    """How to read the picture: whether its lines are lighter than the paper, and a window wider than they are.

    Lines have sharp edges on both sides, shadows and folds have not, and the paper reaches the border more
    than the lines do. A wider window has to find more lines, as it also takes more shadows for lines.
    """
    grey = np.asarray(small.mean(axis=2))
    best, reading = 0.0, (False, 3)
    for share in LINES:
        window = 2 * round(share * max(small.shape[:2]) / 2) + 1
        for inverted in (False, True):
            score = _line_likeness(1 - grey if inverted else grey, window)
            if score > 1.02 * best:
                best, reading = score, (inverted, window)
    if best == 0:
        raise nothing_there()
    return reading


def _line_likeness(grey: Ink, window: int) -> float:
    """How long and how sharp the outline of what is darker than its surroundings is.

    The outline's pixels count with the square of their slopes, less what a quarter of the sharpest have: the
    outlines of shadows count against it, and so does what runs out of the picture.
    """
    darkness = _closed(grey, window) - grey
    mask = darkness > np.partition(darkness, -5, axis=None)[-5] / 2
    padded = np.pad(mask, 1, mode="edge").astype(np.int8)
    inner = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    sides = np.where(mask, 4 - inner, 0)
    border = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    if not sides.any() or border.mean() > 0.5 or mask.mean() > MOST_INK:
        return 0.0
    # The window leaves square edges that the picture has not; what lies beside a line has none of its own.
    steepness = np.minimum(_range(grey), _range(darkness)) ** 2
    sharp = np.percentile(steepness[sides > 0], 90)
    if sharp < SOFTEST**2:
        return 0.0
    return float((sides * (steepness - sharp / 4)).sum() - sharp * border.sum())


def _range(grey: Ink) -> Ink:
    """For each pixel the difference between the lightest and the darkest around it."""
    return highest(grey, 3) + highest(-grey, 3)


def _along_pen_colour(contrast: Colours) -> Ink:
    """How much of the pen's colour there is in each pixel: 0 for paper, about 1 in the middle of a line.

    The pen's colour is the mean of where the contrast is strongest; lines of another colour get weaker.
    """
    contrast = np.maximum(contrast, 0)
    strength = np.linalg.norm(contrast, axis=2)
    strongest = np.partition(strength, -1 - strength.size // 5000, axis=None)[-1 - strength.size // 5000]
    if strongest < FAINTEST:
        raise nothing_there()
    pen = contrast[strength >= 0.7 * strongest].mean(axis=0)
    return np.asarray(contrast @ (pen / (pen @ pen)))


def nothing_there() -> PictureError:
    """The error for a picture without ink."""
    return PictureError(
        N_("There is no digit to see in this picture: write a single one with a dark pen on light paper.")
    )


def _above_clutter(contrast: Ink) -> Ink:
    """The contrast less what is also found away from the lines (noise, grid, folds), in 0..1."""
    if np.median(np.abs(np.diff(contrast, axis=1))) > MOST_NOISE:
        raise nothing_there()
    away = contrast[~widened(contrast > 0.65, max(3, max(contrast.shape) // 50))]
    clutter = float(np.percentile(away, 99)) if away.size else 0.0
    clutter = min(clutter, 0.75)
    return np.asarray(np.clip((contrast - clutter) / (1 - clutter), 0, 1))


def _largest_pieces(ink: Ink) -> Ink:
    """The ink of the largest connected piece, and of those near it that are too large for specks.

    Pieces that run out of the picture are the edge of the paper rather than a digit, unless they have by far
    the most ink.
    """
    labels = components(ink > 0.3)
    if labels.max() == 0 or ink.mean() > MOST_INK:
        raise nothing_there()
    mass = np.bincount(labels.ravel(), ink.ravel())
    mass[0], everything = 0, mass[1:].sum()
    outer = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    mass[outer] /= 4
    main = labels == mass.argmax()
    near = widened(main, round(0.3 * max(np.ptp(np.flatnonzero(main.any(axis=i))) + 1 for i in (0, 1))))
    kept = np.union1d(np.unique(labels[near]), mass.argmax())
    kept = kept[mass[kept] >= LEAST_PIECE * mass.max()]
    digit = np.asarray(ink * widened(np.isin(labels, kept), 2))
    if digit.sum() < LEAST_SHARE * everything:
        raise nothing_there()
    return digit
