"""The description of a dataset, and its arrays once they are loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, Literal

from numpy.typing import NDArray

Progress = Callable[[int, int], None]
"""A function that a download calls with the bytes that have arrived and the total number of bytes."""


@dataclass(frozen=True)
class DatasetInfo:
    """The description of a dataset without its data: for the form and for checking a spec.

    `label`, `description`, `class_names` and `feature_names` are English texts, marked for translation.
    A network's input is `float32(inputs) / scale`. `draws_digits` says that a network trained on it can classify drawn
    digits; `download_bytes` is None for what needs no download. `loader` is the function of Keras or scikit-learn that
    loads the same data in exported code.
    """

    name: str
    label: str
    kind: Literal["image", "tabular"]
    description: str
    input_shape: tuple[int, ...]
    class_names: tuple[str, ...]
    train_count: int
    test_count: int
    scale: int
    source: str
    licence: str
    loader: str
    feature_names: tuple[str, ...] | None = None
    draws_digits: bool = False
    download_bytes: int | None = None

    @property
    def classes(self) -> int:
        """The number of classes, which is the number of the network's outputs."""
        return len(self.class_names)

    @cached_property
    def inputs(self) -> int:
        """The number of values in one example, which is the number of the network's inputs."""
        return prod(self.input_shape)


@dataclass(frozen=True, eq=False)
class TestSet:
    """The test part of a dataset; shapes and types as in `Dataset`."""

    __test__ = False  # not a test class of pytest

    info: DatasetInfo
    inputs: NDArray[Any]
    labels: NDArray[Any]


@dataclass(frozen=True, eq=False)
class Dataset:
    """A loaded dataset; no array may be written to, so threads can share it.

    Inputs are (n, *input_shape): images uint8, unscaled; tabular data float32, standardised with the mean and
    the standard deviation of the training part. Labels are uint8 (n,), counted from 0. For tabular data
    `feature_means` and `feature_deviations`, float64 (features,), lead back to the original units:
    `inputs * feature_deviations + feature_means`.
    """

    info: DatasetInfo
    train_inputs: NDArray[Any]
    train_labels: NDArray[Any]
    test_inputs: NDArray[Any]
    test_labels: NDArray[Any]
    feature_means: NDArray[Any] | None = None
    feature_deviations: NDArray[Any] | None = None
