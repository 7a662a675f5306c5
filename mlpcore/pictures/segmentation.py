"""Separate a handwritten digit from its background: paper, shadows, grid lines and specks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mlpcore.errors import PictureError
from mlpcore.i18n.messages import N_
from mlpcore.pictures.decode import ColorImage, decode
from mlpcore.pictures.morphology import connected_components, dilated, maximum_filter
from mlpcore.pictures.strokes import GrayImage

PAPER_SIDE = 192  # pixels of the longer side of the reduced picture in which the paper's brightness is estimated
LINE_WIDTHS = (0.06, 0.12, 0.2, 0.3, 0.4)  # largest widths of lines, as fractions of the longer side
MIN_CONTRAST = 0.06  # of the paper's brightness
MIN_EDGE = 0.03  # of full brightness, within three pixels of the reduced picture: less is no edge
MAX_NOISE = 0.17  # of the pen's contrast: the median difference between neighbours
MIN_COMPONENT = 0.03  # of the largest component's ink: less is a speck
MIN_DIGIT = 0.3  # of all ink: where the digit has less, the picture shows noise or a page of writing
MAX_INK = 0.6  # of the picture
MIN_SIDE = 8  # pixels


def read_picture(data: bytes) -> GrayImage:
    """The digit in a picture file, (height, width) in 0..1; raises PictureError where none is found."""
    return segment_digit(decode(data))


def segment_digit(picture: ColorImage) -> GrayImage:
    """The digit in a picture, (height, width), whether it is dark on a light background or light on a dark one.

    Raises PictureError where no digit is found.
    """
    if min(picture.shape[:2]) < MIN_SIDE:
        raise PictureError(N_("This picture is too small or too narrow for a digit: choose a larger one."))
    small = _resized(picture, PAPER_SIDE)
    inverted, window = _polarity_and_window(small)
    if inverted:
        picture, small = 1 - picture, 1 - small
    paper = _resized_to(_closed(small, window), picture.shape[:2])
    contrast = np.asarray(1 - picture / np.maximum(paper, 0.05), np.float32)
    return _largest_connected_components(_above_clutter(_along_pen_colour(contrast)))


def _resized(picture: ColorImage, side: int) -> ColorImage:
    scale = min(1.0, side / max(picture.shape[:2]))
    height, width = (max(1, round(n * scale)) for n in picture.shape[:2])
    return _resized_to(picture, (height, width), Image.Resampling.BOX)


def _resized_to(
    picture: ColorImage, shape: tuple[int, int], resampling: Image.Resampling = Image.Resampling.BILINEAR
) -> ColorImage:
    """Each colour resized to `shape`, (height, width)."""
    channels = [Image.fromarray(np.ascontiguousarray(c)) for c in np.moveaxis(picture, 2, 0)]
    return np.stack([np.asarray(c.resize(shape[::-1], resampling)) for c in channels], axis=2)


def _closed(small: NDArray[np.float32], window: int) -> NDArray[np.float32]:
    """The picture with dark lines narrower than `window` filled from their surroundings: the paper alone.

    Beyond its borders the picture is extended by its outermost pixels.
    """
    wider = np.pad(small, [(window, window)] * 2 + [(0, 0)] * (small.ndim - 2), mode="edge")
    return -maximum_filter(-maximum_filter(wider, window), window)[window:-window, window:-window]


def _polarity_and_window(small: ColorImage) -> tuple[bool, int]:
    """Whether the lines are lighter than the paper, and a window wider than they are.

    Lines have sharp edges on both sides, shadows and folds do not, and the paper touches more of the border than the
    lines do. A wider window has to find more lines, as it also takes more shadows for lines.
    """
    grey = np.asarray(small.mean(axis=2))
    best, result = 0.0, (False, 3)
    for width in LINE_WIDTHS:
        window = 2 * round(width * max(small.shape[:2]) / 2) + 1
        for inverted in (False, True):
            score = _line_likeness(1 - grey if inverted else grey, window)
            if score > 1.02 * best:
                best, result = score, (inverted, window)
    if best == 0:
        raise no_digit_error()
    return result


def _line_likeness(grey: GrayImage, window: int) -> float:
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
    if not sides.any() or border.mean() > 0.5 or mask.mean() > MAX_INK:
        return 0.0
    # The window produces square edges that the picture does not have; pixels beside a line have no edges of their own.
    steepness = np.minimum(_range(grey), _range(darkness)) ** 2
    sharp = np.percentile(steepness[sides > 0], 90)
    if sharp < MIN_EDGE**2:
        return 0.0
    return float((sides * (steepness - sharp / 4)).sum() - sharp * border.sum())


def _range(grey: GrayImage) -> GrayImage:
    """For each pixel the difference between the lightest and the darkest around it."""
    return maximum_filter(grey, 3) + maximum_filter(-grey, 3)


def _along_pen_colour(contrast: ColorImage) -> GrayImage:
    """The amount of the pen's colour in each pixel: 0 for paper, about 1 in the middle of a line.

    The pen's colour is the mean of where the contrast is strongest; lines of another colour get weaker.
    """
    contrast = np.maximum(contrast, 0)
    strength = np.linalg.norm(contrast, axis=2)
    strongest = np.partition(strength, -1 - strength.size // 5000, axis=None)[-1 - strength.size // 5000]
    if strongest < MIN_CONTRAST:
        raise no_digit_error()
    pen = contrast[strength >= 0.7 * strongest].mean(axis=0)
    return np.asarray(contrast @ (pen / (pen @ pen)))


def no_digit_error() -> PictureError:
    """The error for a picture without a digit."""
    return PictureError(
        N_("No digit can be recognized in this picture: write a single one with a dark pen on light paper.")
    )


def _above_clutter(contrast: GrayImage) -> GrayImage:
    """The contrast above that of the background's clutter (noise, grid, folds), in 0..1."""
    if np.median(np.abs(np.diff(contrast, axis=1))) > MAX_NOISE:
        raise no_digit_error()
    away = contrast[~dilated(contrast > 0.65, max(3, max(contrast.shape) // 50))]
    clutter = float(np.percentile(away, 99)) if away.size else 0.0
    clutter = min(clutter, 0.75)
    return np.asarray(np.clip((contrast - clutter) / (1 - clutter), 0, 1))


def _largest_connected_components(ink: GrayImage) -> GrayImage:
    """The ink of the largest connected component, and of those near it that are too large for specks.

    Components that touch the border are the edge of the paper rather than a digit, unless they have by far the most
    ink.
    """
    labels = connected_components(ink > 0.3)
    if labels.max() == 0 or ink.mean() > MAX_INK:
        raise no_digit_error()
    mass = np.bincount(labels.ravel(), ink.ravel())
    mass[0], everything = 0, mass[1:].sum()
    outer = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    mass[outer] /= 4
    main = labels == mass.argmax()
    near = dilated(main, round(0.3 * max(np.ptp(np.flatnonzero(main.any(axis=i))) + 1 for i in (0, 1))))
    kept = np.union1d(np.unique(labels[near]), mass.argmax())
    kept = kept[mass[kept] >= MIN_COMPONENT * mass.max()]
    digit = np.asarray(ink * dilated(np.isin(labels, kept), 2))
    if digit.sum() < MIN_DIGIT * everything:
        raise no_digit_error()
    return digit
