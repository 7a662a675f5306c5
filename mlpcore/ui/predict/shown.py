"""What the networks are shown: a drawing, a picture or an example, made into the input that each of them expects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.datasets import DatasetInfo
from mlpcore.pictures import Ink, Strokes, naive, prepare
from mlpcore.pictures.garments import read_garment

Inputs = Callable[[DatasetInfo], NDArray[np.float32]]
"""One input of a dataset's input_shape, already divided by its scale. PictureError where there is none."""


@dataclass(frozen=True)
class Shown:
    """One thing as input for networks of any dataset, and its true class if that is known.

    `naive` makes it into an input as simple demos do, where there is such a way.
    """

    inputs: Inputs
    truth: int | None = None
    naive: Inputs | None = None


def of_digit(drawn: Strokes | Ink, pen: float = 0.065, truth: int | None = None) -> Shown:
    """A digit as strokes, drawn with a pen of this width in units of the canvas, or as the ink of a picture.

    It is made into an input of a shape once, however many networks receive it.
    """
    prepared = cache(lambda shape: prepare(drawn, shape).inputs)
    made_small = cache(lambda shape: naive(drawn, shape, pen).inputs)
    return Shown(lambda info: prepared(info.input_shape), truth, lambda info: made_small(info.input_shape))


def of_garment(picture: bytes) -> Shown:
    """A picture file of a garment."""
    fitted = cache(lambda shape: read_garment(picture, shape).inputs)
    return Shown(lambda info: fitted(info.input_shape))


def of_example(info: DatasetInfo, inputs: NDArray[Any], truth: int) -> Shown:
    """An example of a dataset, divided by its scale; networks for digits of another size get its picture prepared."""

    def fitting(other: DatasetInfo) -> NDArray[np.float32]:
        if other.input_shape == info.input_shape:
            return inputs
        return prepare(inputs, other.input_shape).inputs

    return Shown(fitting, truth)
