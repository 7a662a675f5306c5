"""A dataset on the device where the networks train."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlpcore import datasets
from mlpcore.pictures.digit_geometry import deskewed
from mlpcore.training import backend

_BLOCK = 2048  # images straightened at a time: a whole dataset in full precision would take four times its memory


class DeviceData(NamedTuple):
    """A dataset for training: inputs and labels on the device, training and test part."""

    train: tuple[Any, Any]
    test: tuple[Any, Any]
    train_labels: NDArray[Any]
    test_count: int


@lru_cache(maxsize=1)
def on_device(name: str, prepare: str = "none") -> DeviceData:
    """A dataset on the device, its images prepared by a key of `choices.PREPARE`; the last one used stays there."""
    data = datasets.load(name)
    parts = ((data.train_inputs, data.train_labels), (data.test_inputs, data.test_labels))
    train, test = (
        (
            backend.on_device(_prepared(inputs, prepare).reshape(len(inputs), -1)),
            backend.on_device(labels.astype(np.int32)),
        )
        for inputs, labels in parts
    )
    return DeviceData(train, test, np.array(data.train_labels), len(data.test_labels))


def _prepared(inputs: NDArray[Any], prepare: str) -> NDArray[Any]:
    """The inputs with this preparation, in the same grey levels and type."""
    if prepare == "none":
        return inputs
    straight = np.empty_like(inputs)
    for start in range(0, len(inputs), _BLOCK):
        straight[start : start + _BLOCK] = np.round(deskewed(inputs[start : start + _BLOCK]))
    return straight
