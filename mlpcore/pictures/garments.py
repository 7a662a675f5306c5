"""A photograph of a garment -> the input of a network that was trained on Fashion-MNIST.

The same steps as that dataset was made with (Xiao, Rasul & Vollgraf 2017, section 2): what has the background's
colour is trimmed, the longer side becomes 28 pixels, the shorter one is padded, and a light background becomes 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mlpcore.errors import PictureError
from mlpcore.i18n.messages import N_
from mlpcore.pictures.decode import Colours, decode
from mlpcore.pictures.prepare import Prepared

BACKGROUND = 0.05  # of full intensity: what differs less from the background's colour belongs to it
LEAST = 0.01  # of a row or column: where less of it differs, that is a speck

Grey = NDArray[np.float32]


def read_garment(data: bytes, input_shape: tuple[int, ...]) -> Prepared:
    """What a network for `input_shape` (height, width) receives of a picture file.

    PictureError where the file is no picture, or where nothing stands out from its background.
    """
    colours = decode(data)
    background = _background(colours)
    differs = np.abs(colours - background).max(axis=2) > BACKGROUND
    grey = colours.mean(axis=2)
    bright = 1 - grey if background.mean() > 0.5 else grey
    return Prepared(_fitted(np.where(differs, bright, 0)[_inside(differs)], input_shape))


def _background(colours: Colours) -> NDArray[np.float32]:
    """The colour that most of the picture's border has."""
    border = np.concatenate([colours[0], colours[-1], colours[:, 0], colours[:, -1]])
    return np.asarray(np.median(border, axis=0), np.float32)


def _inside(differs: NDArray[np.bool_]) -> tuple[slice, slice]:
    """The rows and the columns that something fills."""
    rows, columns = (np.flatnonzero(differs.mean(axis=axis) > LEAST) for axis in (1, 0))
    if len(rows) == 0 or len(columns) == 0:
        raise PictureError(
            N_("There is nothing to see in this picture: photograph one garment on an empty, light ground.")
        )
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _fitted(grey: Grey, shape: tuple[int, ...]) -> Grey:
    """The picture as large as it can be in the middle of an empty one of `shape`."""
    scale = min(wanted / given for wanted, given in zip(shape, grey.shape, strict=True))
    height, width = (max(1, round(scale * given)) for given in grey.shape)
    picture = Image.fromarray(np.ascontiguousarray(grey, np.float32))
    fitted = np.zeros(shape, np.float32)
    # An odd row or column more goes before it, as in the data set.
    top, left = (shape[0] - height + 1) // 2, (shape[1] - width + 1) // 2
    small = np.asarray(picture.resize((width, height), Image.Resampling.BOX))
    fitted[top : top + height, left : left + width] = small.clip(0, 1)
    return fitted
