"""What a network answers when a part of its input is hidden from it: where it looks, by experiment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.answers import BLOCK
from mlpcore.inference import Network
from mlpcore.inference.activations import Array

FILLS: dict[str, float] = {"empty": 0.0, "grey": 0.5}
"""What a patch may be filled with: no ink, or ink of half strength."""

_WORK = 3e9
"""So many multiplications are worth one picture: about a tenth of a second."""


@dataclass(frozen=True, eq=False)
class Occlusion:
    """The answers to one image with a patch of `size` x `size` pixels, filled with `fill`, at many places.

    `probabilities` (rows, columns, classes) belong to patches whose middles lie `step` pixels apart, the first
    `first` pixels from the top and from the left; `whole` (classes,) is the answer to the image without a patch.
    """

    probabilities: Array
    whole: Array
    size: int
    fill: float
    step: int
    first: int

    def drops(self, label: int) -> Array:
        """How far the probability of a class falls at each place, (rows, columns): below 0 where it rises."""
        return np.asarray(self.whole[label] - self.probabilities[..., label])

    def place(self, row: int, column: int) -> tuple[int, int]:
        """The pixel in the middle of the patch at a place."""
        return self.first + self.step * row, self.first + self.step * column

    def strongest(self, label: int) -> tuple[int, int]:
        """The place, as (row, column) of `drops`, at which the probability falls most."""
        row, column = np.unravel_index(int(self.drops(label).argmax()), self.probabilities.shape[:2])
        return int(row), int(column)


def slide(network: Network, image: NDArray[Any], size: int, fill: float) -> Occlusion:
    """Slide a patch over what the network receives: `image` (height, width), already prepared; `size` is odd.

    A patch may overhang the edges, so every pixel is once its middle. Large networks are asked less often.
    """
    height, width = image.shape
    step = _step(network, height * width)
    first = (step - 1) // 2
    rows, columns = (range(first, length, step) for length in (height, width))
    patched = np.stack([covered(image, row, column, size, fill) for row in rows for column in columns])
    probabilities = _answers(network, np.asarray(image, np.float32).ravel(), patched.reshape(len(patched), -1))
    whole = probabilities[0]
    places = probabilities[1:].reshape(len(rows), len(columns), -1)
    return Occlusion(places, whole, size, fill, step, first)


def covered(image: NDArray[Any], row: int, column: int, size: int, fill: float) -> Array:
    """The image (height, width) with a patch whose middle is this pixel."""
    hidden = np.array(image, np.float32)
    half = size // 2
    hidden[max(0, row - half) : row + half + 1, max(0, column - half) : column + half + 1] = fill
    return hidden


def answer(network: Network, image: NDArray[Any]) -> Array:
    """The answer (classes,) to one image as the network receives it, already prepared."""
    found = _answers(network, np.asarray(image, np.float32).ravel(), np.empty((0, image.size), np.float32))
    return np.asarray(found[0])


def without_each(network: Network, values: NDArray[Any]) -> Array:
    """The answers with one input after the other replaced by 0, its mean in the training set: (inputs, classes).

    `values` (inputs,) are standardised.
    """
    rows = np.repeat(np.asarray(values, np.float32)[None], len(values), axis=0)
    np.fill_diagonal(rows, 0)
    return _answers(network, np.asarray(values, np.float32), rows)[1:]


def _answers(network: Network, whole: Array, changed: Array) -> Array:
    """The answers to the whole input, (inputs,), and to changed ones, (n, inputs): (1 + n, classes).

    What is not changed is not computed again.
    """
    unprepared = replace(network, prepare="none", input_shape=(len(whole),))
    different = np.flatnonzero((changed != whole).any(axis=1))
    first = unprepared.probabilities(whole[None])
    found = np.repeat(first, 1 + len(changed), axis=0)
    for start in range(0, len(different), BLOCK):
        chosen = different[start : start + BLOCK]
        found[1 + chosen] = unprepared.probabilities(changed[chosen])
    return found


def _step(network: Network, places: int) -> int:
    """How far apart the places lie so that asking at all of them does not take too long."""
    weights = sum(layer.kernel.size for layer in network.layers)
    return max(1, int(np.ceil(np.sqrt(places * weights / _WORK))))
