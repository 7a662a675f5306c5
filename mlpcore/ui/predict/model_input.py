"""What networks receive of a drawing, a picture or an example, and the pictures that show it as they receive it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.datasets import DatasetInfo
from mlpcore.pictures import GrayImage, Strokes, naive, prepare
from mlpcore.pictures.clothing import read_clothing
from mlpcore.serving.ensembles import Comparison
from mlpcore.ui.shell.language import _

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


def empty_picture(info: DatasetInfo) -> dict[str, Any]:
    """The picture while nothing is shown: black, as an empty input is."""
    return {**_picture_data(np.zeros((0, 0)), info.input_shape), "caption": _size_caption(info.input_shape)}


def received_pictures(comparison: Comparison, received: Mapping[int, NDArray[np.float32]]) -> list[dict[str, Any]]:
    """What the runs receive, by their indices in the comparison: (height, width) each; equal pictures appear once.

    Each has width, height, levels (one byte per pixel, 0 black to 255 white, row by row, as base64) and a caption.
    Measurements have none.
    """
    if comparison.info.kind != "image":
        return []
    receivers: dict[tuple[Sequence[int], bytes], list[int]] = {}
    for index, picture in received.items():
        receivers.setdefault((picture.shape, _levels(picture)), []).append(index)
    drawn = []
    for indices in receivers.values():
        picture = received[indices[0]]
        caption = _size_caption(picture.shape)
        if len(receivers) > 1:
            numbers = _(", ").join(f"#{comparison.ensembles[index].run.id}" for index in indices)
            caption = _("{runs}: {size} pixels, white on black").format(runs=numbers, size=_size(picture.shape))
        drawn.append({**_picture_data(picture, picture.shape), "caption": caption})
    return drawn


def _picture_data(picture: NDArray[Any], shape: Sequence[int]) -> dict[str, Any]:
    height, width = shape
    return {"width": width, "height": height, "levels": base64.b64encode(_levels(picture)).decode()}


def _levels(picture: NDArray[Any]) -> bytes:
    return bytes(np.round(255 * picture).clip(0, 255).astype(np.uint8).tobytes())


def _size_caption(shape: Sequence[int]) -> str:
    return _("The network receives {size} pixels, white on black").format(size=_size(shape))


def _size(shape: Sequence[int]) -> str:
    return "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}".join(map(str, reversed(shape)))
