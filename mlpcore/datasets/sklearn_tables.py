"""Datasets whose tables are part of the installed scikit-learn, split and standardised alike on every machine.

The tables are read without importing scikit-learn: the import takes two seconds and 75 MB in every web process.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.datasets.info import Dataset, DatasetInfo, TestSet
from mlpcore.errors import DatasetError
from mlpcore.i18n.messages import N_, Message

_TEST_EVERY = 5  # one of five examples of each class goes to the test set
_SEED = 0


@dataclass(frozen=True)
class SklearnTable:
    """A table of scikit-learn: one row per example, its label last; `sha256` is that of its float64 values."""

    info: DatasetInfo
    file: str
    sha256: str
    header_rows: int = 1

    def is_available(self) -> bool:
        """Whether scikit-learn and its table are installed."""
        return self._path().is_file()

    def load(self) -> Dataset:
        """The dataset, the same to the bit on every machine; raises DatasetError."""
        table = self._table()
        inputs, labels = table[:, :-1], table[:, -1].astype(np.uint8)
        train, test = split(labels)
        if self.info.kind == "image":
            images = inputs.astype(np.uint8).reshape(-1, *self.info.input_shape)
            return _dataset(self.info, images[train], labels[train], images[test], labels[test])
        means, deviations = moments(inputs[train])
        inputs = ((inputs - means) / deviations).astype(np.float32)
        return _dataset(self.info, inputs[train], labels[train], inputs[test], labels[test], means, deviations)

    def load_test(self) -> TestSet:
        """The test part alone."""
        dataset = self.load()
        return TestSet(self.info, dataset.test_inputs, dataset.test_labels)

    def _path(self) -> Path:
        package = find_spec("sklearn")
        folders = package.submodule_search_locations if package else None
        return Path(folders[0] if folders else "sklearn") / "datasets" / "data" / self.file

    def _table(self) -> NDArray[np.float64]:
        path = self._path()
        try:
            table = np.loadtxt(path, delimiter=",", skiprows=self.header_rows)
            if hashlib.sha256(table.data).hexdigest() != self.sha256:
                raise ValueError("other values")
        except (OSError, EOFError, ValueError) as error:
            raise DatasetError(
                N_(
                    "{label} is part of scikit-learn, but its file {file} is missing or has changed: "
                    "install the packages in requirements.txt again."
                ),
                label=Message(self.info.label),
                file=str(path),
            ) from error
        return table


def split(labels: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Indices of the training and the test part, both shuffled, each with the same share of every class.

    Every fifth example of a shuffled list that is sorted by class is taken for the test set. `RandomState` is
    NumPy's frozen generator: its numbers are the same in every version (NEP 19).
    """
    order = np.random.RandomState(_SEED).permutation(len(labels))
    by_class = order[np.argsort(labels[order], kind="stable")]
    in_test = np.zeros(len(labels), bool)
    in_test[by_class[::_TEST_EVERY]] = True
    return order[~in_test[order]], order[in_test[order]]


def moments(inputs: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The mean and the (population) standard deviation of each column of `inputs` (n, features).

    `math.fsum` rounds once, so that no processor's way of summing changes the last digit.
    """
    count = len(inputs)
    means = np.array([math.fsum(column) / count for column in inputs.T])
    squares = (inputs - means) ** 2
    return means, np.sqrt([math.fsum(column) / count for column in squares.T])


def _dataset(info: DatasetInfo, *arrays: NDArray[Any]) -> Dataset:
    for array in arrays:
        array.flags.writeable = False
    return Dataset(info, *arrays)
