"""What a network predicts when a part of its input is covered: occlusion sensitivity.

Zeiler & Fergus 2014, "Visualizing and understanding convolutional networks".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.sampling import BATCH
from mlpcore.inference import Network
from mlpcore.inference.activations import Array

FILLS: dict[str, float] = {"empty": 0.0, "grey": 0.5}
"""What a patch may be filled with: no ink, or ink of half strength."""

_MAX_WORK = 3e9  # multiplications for one figure at most: about a tenth of a second


@dataclass(frozen=True, eq=False)
class Occlusion:
    """The predictions for one image with a patch of `size` x `size` pixels, filled with `fill`, at many positions.

    `probabilities` (rows, columns, classes) belong to patches whose middles lie `step` pixels apart, the first
    `first` pixels from the top and from the left; `uncovered` (classes,) is the prediction without a patch.
    """

    probabilities: Array
    uncovered: Array
    size: int
    fill: float
    step: int
    first: int

    def drops(self, label: int) -> Array:
        """How far the probability of a class falls at each position, (rows, columns): below 0 where it rises."""
        return np.asarray(self.uncovered[label] - self.probabilities[..., label])

    def middle(self, row: int, column: int) -> tuple[int, int]:
        """The pixel in the middle of the patch at a position."""
        return self.first + self.step * row, self.first + self.step * column

    def largest_drop(self, label: int) -> tuple[int, int]:
        """The position, as (row, column) of `drops`, at which the probability falls most."""
        row, column = np.unravel_index(int(self.drops(label).argmax()), self.probabilities.shape[:2])
        return int(row), int(column)


def slide(network: Network, image: NDArray[Any], size: int, fill: float) -> Occlusion:
    """Slide a patch over what the network receives: `image` (height, width), already prepared; `size` is odd.

    A patch may overhang the edges, so every pixel is its middle once; for large networks only every `step`-th.
    """
    height, width = image.shape
    step = _step(network, height * width)
    first = (step - 1) // 2
    rows, columns = (range(first, length, step) for length in (height, width))
    patched = np.stack([covered(image, row, column, size, fill) for row in rows for column in columns])
    probabilities = _predict(network, np.asarray(image, np.float32).ravel(), patched.reshape(len(patched), -1))
    positions = probabilities[1:].reshape(len(rows), len(columns), -1)
    return Occlusion(positions, probabilities[0], size, fill, step, first)


def covered(image: NDArray[Any], row: int, column: int, size: int, fill: float) -> Array:
    """The image (height, width) with a patch whose middle is this pixel."""
    result = np.array(image, np.float32)
    half = size // 2
    result[max(0, row - half) : row + half + 1, max(0, column - half) : column + half + 1] = fill
    return result


def predict_received(network: Network, image: NDArray[Any]) -> Array:
    """The probabilities (classes,) for one image as the network receives it, already prepared."""
    nothing_changed = np.empty((0, image.size), np.float32)
    return np.asarray(_predict(network, np.asarray(image, np.float32).ravel(), nothing_changed)[0])


def without_each(network: Network, values: NDArray[Any]) -> Array:
    """The predictions with each input in turn replaced by 0, its mean in the training set: (inputs, classes).

    `values` (inputs,) are standardised.
    """
    rows = np.repeat(np.asarray(values, np.float32)[None], len(values), axis=0)
    np.fill_diagonal(rows, 0)
    return _predict(network, np.asarray(values, np.float32), rows)[1:]


def _predict(network: Network, original: Array, changed: Array) -> Array:
    """The predictions for an input, (inputs,), and for changed ones, (n, inputs): (1 + n, classes).

    Inputs equal to the original are not computed again.
    """
    unprepared = replace(network, prepare="none", input_shape=(len(original),))
    different = np.flatnonzero((changed != original).any(axis=1))
    first = unprepared.probabilities(original[None])
    probabilities = np.repeat(first, 1 + len(changed), axis=0)
    for start in range(0, len(different), BATCH):
        batch = different[start : start + BATCH]
        probabilities[1 + batch] = unprepared.probabilities(changed[batch])
    return probabilities


def _step(network: Network, positions: int) -> int:
    """How many pixels apart the positions lie so that predicting at all of them does not take too long."""
    weights = sum(layer.kernel.size for layer in network.layers)
    return max(1, int(np.ceil(np.sqrt(positions * weights / _MAX_WORK))))
