"""Turn a drawn or photographed digit into an input like those that a network was trained on."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mlpcore.errors import PictureError
from mlpcore.i18n.messages import N_
from mlpcore.pictures.morphology import maximum_filter, stroke_width, with_edges_moved
from mlpcore.pictures.segmentation import no_digit_error
from mlpcore.pictures.strokes import GrayImage, Strokes, block_means, draw

SIDE, BOX = 28, 20  # MNIST: digits fitted into 20 x 20 in images of 28 x 28
PEN = 2.4  # the median width of MNIST's lines, in its pixels
PENS = (1.5, 5.2)  # the thinnest and widest lines in MNIST, without the outermost 2 percent each
MIN_EXTENT = 0.02  # of the canvas: smaller drawings are a dot
MIN_INK = 0.1  # less ink than this is the soft edge of a line


@dataclass(frozen=True)
class Prepared:
    """A network's input, `inputs` of the dataset's input_shape in 0..1, float32."""

    inputs: NDArray[np.float32]

    @property
    def picture(self) -> NDArray[np.uint8]:
        """The same as an image for display: 0 (background) to 255."""
        return np.round(self.inputs * 255).astype(np.uint8)


def prepare(drawn: Strokes | GrayImage, input_shape: tuple[int, ...]) -> Prepared:
    """Strokes, or the digit of a picture, as the input of a network for `input_shape`.

    Raises PictureError where the shape is not one of PREPARATIONS, or where there is no digit.
    """
    if input_shape not in PREPARATIONS:
        raise PictureError(N_("This run was not trained on images of digits: choose one that was."))
    large = _from_strokes(drawn) if isinstance(drawn, Strokes) else _from_ink(drawn)
    return Prepared(PREPARATIONS[input_shape](large))


def _from_strokes(strokes: Strokes) -> GrayImage:
    """The strokes fitted into MNIST's box and drawn with its pen, 8 times as large as in MNIST."""
    box = strokes.box()
    extent = float(np.ptp(box, axis=0).max())
    scale = (BOX - PEN) / extent if extent >= MIN_EXTENT else 0.0
    return _centred(draw(strokes.moved(scale, SIDE / 2 - box.mean(axis=0) * scale), SIDE, PEN), 1)


def _from_ink(ink: GrayImage, detail: int = 4) -> GrayImage:
    """The ink fitted into MNIST's box, its lines brought to MNIST's widths, `detail` times as large."""
    cropped = _cropped(ink)
    width = _width_in_box(cropped, detail)
    shrinking = max(cropped.shape) / (BOX * detail)
    if width < PENS[0] and shrinking > 1:
        # Lines that get thinner than a pixel would break: widen them before the picture is reduced.
        by = math.ceil(shrinking / 2)
        cropped = maximum_filter(np.pad(cropped, by), 2 * by + 1)
        width = _width_in_box(cropped, detail)
    if PENS[0] <= width <= PENS[1]:
        return _centred(_placed(_resized(cropped, BOX * detail), detail), detail)
    # Lines of `width` in a box of `box` get PEN wide, and the box BOX large, when every edge moves by `move`.
    box = BOX * (BOX - PEN) / (BOX - min(width, BOX / 2))
    move = (BOX - box) / 2 * detail
    resized = np.pad(_resized(cropped, box * detail), 2 + max(0, round(move)))
    return _centred(_placed(_cropped(with_edges_moved(resized, move)), detail), detail)


def _width_in_box(ink: GrayImage, detail: int) -> float:
    """The width of the lines once the ink is fitted into MNIST's box, in MNIST's pixels."""
    return stroke_width(np.pad(_resized(ink, BOX * detail), 1)) / detail


def _cropped(ink: GrayImage) -> GrayImage:
    rows, columns = (np.flatnonzero((ink > MIN_INK).any(axis=axis)) for axis in (1, 0))
    if len(rows) == 0:
        raise no_digit_error()
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _resized(ink: GrayImage, longer: float) -> GrayImage:
    """The ink with its longer side made `longer` pixels, by area: whole multiples change nothing."""
    height, width = (max(1, round(n * longer / max(ink.shape))) for n in ink.shape)
    picture = Image.fromarray(np.ascontiguousarray(ink))
    return np.asarray(picture.resize((width, height), Image.Resampling.BOX))


def _placed(ink: GrayImage, detail: int) -> GrayImage:
    """The ink in the middle of an empty picture of SIDE * detail pixels, at a whole pixel of MNIST's."""
    large = np.zeros((SIDE * detail, SIDE * detail), np.float32)
    top, left = (max(0, round((SIDE * detail - n) / 2 / detail)) * detail for n in ink.shape)
    part = ink[: SIDE * detail - top, : SIDE * detail - left]
    large[top : top + part.shape[0], left : left + part.shape[1]] = part
    return large


def _centred(large: GrayImage, step: int) -> GrayImage:
    """The picture moved, in steps of `step` pixels, until its centre of mass is in the middle.

    In MNIST's files that is the middle of pixel (14, 14), half a pixel below and right of the true middle.
    """
    positions = np.arange(len(large)) + 0.5
    middle = (SIDE / 2 + 0.5) * len(large) / SIDE
    down, right = (round((middle - float(large.sum(axis=i) @ positions / large.sum())) / step) * step for i in (1, 0))
    return _shifted(large, down, right)


def _shifted(ink: GrayImage, down: int, right: int) -> GrayImage:
    """The picture moved; pixels that leave it are lost, those that enter are 0."""
    moved = np.zeros_like(ink)
    height, width = ink.shape
    moved[max(0, down) : height + down, max(0, right) : width + right] = ink[
        max(0, -down) : height - down, max(0, -right) : width - right
    ]
    return moved


def as_mnist(large: GrayImage) -> GrayImage:
    """28 x 28, antialiased as MNIST is (LeCun et al. 1998, section III.A)."""
    return block_means(large, len(large) // SIDE)


def as_digits(large: GrayImage) -> GrayImage:
    """8 x 8 as UCI's optical digits were made, with the preprocessing of NIST's handprint recogniser.

    The digit's box is stretched to 20 x 32 in a bitmap of 32 x 32, its lines are thinned or thickened until a
    usual number of pixels is on, it is sheared until its left edge is upright, and the on pixels of each 4 x 4
    block are counted (Garris et al., NISTIR 5469, 1994; Alpaydin & Kaynak 1998).
    """
    box = Image.fromarray(np.ascontiguousarray(_cropped(large)))
    stretched = np.asarray(box.resize((20, 32), Image.Resampling.BOX))
    bitmap = np.pad(stretched > stretched.max() / 2, ((0, 0), (6, 6)))
    on = np.count_nonzero(bitmap)
    for min_pixels in (256, 108):
        bitmap = _thickened(bitmap) if on < min_pixels else bitmap
    for max_pixels in (412, 560):
        bitmap = ~_thickened(~bitmap, outside=True) if on > max_pixels else bitmap
    return block_means(_straightened(bitmap).astype(np.float32), 4)


def _thickened(bitmap: NDArray[np.bool_], outside: bool = False) -> NDArray[np.bool_]:
    """The bitmap with the four neighbours of every pixel that is on, and of an edge that is on `outside`."""
    p = np.pad(bitmap, 1, constant_values=outside)
    return bitmap | p[:-2, 1:-1] | p[2:, 1:-1] | p[1:-1, :-2] | p[1:-1, 2:]


def _straightened(bitmap: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The bitmap sheared so that its left edge is vertical between the top and the bottom."""
    rows = np.flatnonzero(bitmap.any(axis=1))
    top, bottom = rows[0] + 2, rows[-1] - 2  # the outermost rows are ragged
    if bottom <= top or not (bitmap[top].any() and bitmap[bottom].any()):
        return bitmap
    slope = (float(bitmap[top].argmax()) - float(bitmap[bottom].argmax())) / (bottom - top)
    rights = np.round((np.arange(len(bitmap)) - len(bitmap) // 2) * slope).astype(int)
    return np.concatenate([_shifted(row[None], 0, right) for row, right in zip(bitmap, rights, strict=True)])


PREPARATIONS: dict[tuple[int, ...], Callable[[GrayImage], GrayImage]] = {(28, 28): as_mnist, (8, 8): as_digits}


def naive(drawn: Strokes | GrayImage, input_shape: tuple[int, ...], pen: float = 0.065) -> Prepared:
    """The whole canvas or picture only resized, as many demos do; pages compare `prepare` with it.

    `pen` is the width of the canvas's pen as a part of its side.
    """
    if isinstance(drawn, Strokes):
        drawn = draw(drawn.moved(SIDE, np.zeros(2)), SIDE, pen * SIDE)
    height, width = input_shape
    picture = Image.fromarray(np.ascontiguousarray(drawn)).resize((width, height), Image.Resampling.BOX)
    return Prepared(np.asarray(picture))
