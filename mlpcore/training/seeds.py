"""All randomness of a run, each stream from the run's seed and its place: nothing depends on what came before.

So an epoch that is trained again after a crash sees the same batches and the same dropout masks.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Stream(IntEnum):
    """What a stream of random numbers is for."""

    SPLIT = 0
    WEIGHTS = 1
    ORDER = 2
    DROPOUT = 3
    AUGMENT = 4


def _sequence(seed: int, stream: Stream, *place: int) -> np.random.SeedSequence:
    return np.random.SeedSequence([seed, stream, *place])


def split(seed: int, available: int, examples: int, validation: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Indices of the training and of the validation set, int32 (examples - validation,) and (validation,).

    `examples` of the `available` images are drawn; the same seed draws the first ones of the same order.
    """
    order = np.random.Generator(np.random.PCG64(_sequence(seed, Stream.SPLIT))).permutation(available)
    drawn = order[:examples].astype(np.int32)
    return drawn[validation:], drawn[:validation]


def weights(seed: int, layer: int) -> int:
    """The seed of a layer's initial kernel."""
    return int(_sequence(seed, Stream.WEIGHTS, layer).generate_state(1)[0] >> 1)


def order(seed: int, epoch: int, count: int) -> NDArray[Any]:
    """The order in which an epoch sees the training set, int32 (count,)."""
    generator = np.random.Generator(np.random.PCG64(_sequence(seed, Stream.ORDER, epoch)))
    return generator.permutation(count).astype(np.int32)


def keys(seed: int, epoch: int, layers: int) -> NDArray[Any]:
    """The keys of an epoch's random numbers, uint32 (layers + 1, 2): augmentation's, then each layer's dropout's."""
    streams = [_sequence(seed, Stream.AUGMENT, epoch)]
    streams += [_sequence(seed, Stream.DROPOUT, epoch, layer) for layer in range(layers)]
    return np.stack([stream.generate_state(2) for stream in streams])
