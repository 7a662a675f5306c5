"""What is shown to the networks: a drawing, a picture or an example, made into the input that each of them expects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.datasets import DatasetInfo
from mlpcore.pictures import GrayImage, Strokes, naive, prepare
from mlpcore.pictures.clothing import read_clothing

InputFor = Callable[[DatasetInfo], NDArray[np.float32]]
"""Makes one input of a dataset's input_shape, already divided by its scale. PictureError where there is none."""


@dataclass(frozen=True)
class ModelInput:
    """One thing as input for networks of any dataset, and its true class (`label`) if that is known.

    `naive` makes the input as simple demos do, where that can be compared.
    """

    prepared: InputFor
    label: int | None = None
    naive: InputFor | None = None

    def variants(self, compare: bool) -> list[InputFor]:
        """The prepared input; before it, where it is to be compared and there is one, the naive input."""
        return [self.naive, self.prepared] if compare and self.naive else [self.prepared]


def from_digit(digit: Strokes | GrayImage, pen: float = 0.065) -> ModelInput:
    """A digit as strokes, drawn with a pen of this width in units of the canvas, or as the ink of a picture.

    It is made into an input of a shape once, however many networks receive it.
    """
    prepared = cache(lambda shape: prepare(digit, shape).inputs)
    only_scaled = cache(lambda shape: naive(digit, shape, pen).inputs)
    return ModelInput(lambda info: prepared(info.input_shape), naive=lambda info: only_scaled(info.input_shape))


def from_clothing(picture: bytes) -> ModelInput:
    """A picture file of a piece of clothing."""
    fitted = cache(lambda shape: read_clothing(picture, shape).inputs)
    return ModelInput(lambda info: fitted(info.input_shape))


def from_example(info: DatasetInfo, inputs: NDArray[Any], label: int) -> ModelInput:
    """An example of a dataset, divided by its scale; networks for digits of another size get its picture prepared."""

    def fitted(other: DatasetInfo) -> NDArray[np.float32]:
        if other.input_shape == info.input_shape:
            return inputs
        return prepare(inputs, other.input_shape).inputs

    return ModelInput(fitted, label)
