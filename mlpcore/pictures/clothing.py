"""A photograph of a piece of clothing as the input of a network that was trained on Fashion-MNIST.

The steps are those by which that dataset was made (Xiao, Rasul & Vollgraf 2017, section 2): the background is trimmed,
the longer side becomes 28 pixels, the shorter one is padded, and a light background becomes 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mlpcore.errors import PictureError
from mlpcore.i18n.messages import N_
from mlpcore.pictures.decode import ColorImage, decode
from mlpcore.pictures.prepare import Prepared
from mlpcore.pictures.strokes import GrayImage

BACKGROUND_TOLERANCE = 0.05  # of full intensity: pixels that differ less from the background belong to it
MIN_FRACTION = 0.01  # of a row or column: rows where fewer pixels differ hold only specks


def read_clothing(data: bytes, input_shape: tuple[int, ...]) -> Prepared:
    """A picture file as the input of a network for `input_shape` (height, width).

    Raises PictureError where the file is no picture, or where nothing differs from its background.
    """
    image = decode(data)
    background = _background(image)
    differs = np.abs(image - background).max(axis=2) > BACKGROUND_TOLERANCE
    grey = image.mean(axis=2)
    bright = 1 - grey if background.mean() > 0.5 else grey
    return Prepared(_fitted(np.where(differs, bright, 0)[_foreground(differs)], input_shape))


def _background(image: ColorImage) -> NDArray[np.float32]:
    """The colour that most of the picture's border has."""
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    return np.asarray(np.median(border, axis=0), np.float32)


def _foreground(differs: NDArray[np.bool_]) -> tuple[slice, slice]:
    """The rows and columns of the bounding box."""
    rows, columns = (np.flatnonzero(differs.mean(axis=axis) > MIN_FRACTION) for axis in (1, 0))
    if len(rows) == 0 or len(columns) == 0:
        raise PictureError(
            N_(
                "No piece of clothing can be recognized in this picture: photograph a single one on an empty, light"
                " background."
            )
        )
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _fitted(grey: GrayImage, shape: tuple[int, ...]) -> GrayImage:
    """The picture enlarged or reduced to fit in the middle of an empty one of `shape`."""
    scale = min(target / size for target, size in zip(shape, grey.shape, strict=True))
    height, width = (max(1, round(scale * size)) for size in grey.shape)
    picture = Image.fromarray(np.ascontiguousarray(grey, np.float32))
    fitted = np.zeros(shape, np.float32)
    # An odd row or column goes before it, as in the dataset.
    top, left = (shape[0] - height + 1) // 2, (shape[1] - width + 1) // 2
    small = np.asarray(picture.resize((width, height), Image.Resampling.BOX))
    fitted[top : top + height, left : left + width] = small.clip(0, 1)
    return fitted
