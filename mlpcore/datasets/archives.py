"""Datasets in files of arrays on this machine, in one of several folders."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from mlpcore import paths
from mlpcore.datasets.array_files import (
    ArraySpec,
    BadFileError,
    idx_sizes_fit,
    npz_sizes_fit,
    read_idx,
    read_npz,
)
from mlpcore.datasets.info import Dataset, DatasetInfo, TestSet
from mlpcore.errors import DatasetError
from mlpcore.i18n.messages import N_, Message

CHECKSUMS_FILE = "checksums.json"
"""A file in the user's folder with the checksums of arrays that differ from the published ones:
`{"mnist": {"x_train": SHA-256, ...}}`. The tests' samples use it."""

Arrays = dict[str, NDArray[Any]]

KERAS_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


@dataclass(frozen=True)
class FileSet:
    """Files in `folder`: each name with the array in that gzipped IDX file, or None for an `.npz` of all."""

    folder: Path
    files: Mapping[str, str | None]

    def exists(self) -> bool:
        """Whether every file is there, good or bad."""
        return all(_is_file(self.folder / name) for name in self.files)

    def sizes_fit(self, specs: Iterable[ArraySpec]) -> bool:
        """Whether every file is there and has the right sizes; reads only the files' ends."""
        return self.exists() and all(
            npz_sizes_fit(path, expected) if array is None else idx_sizes_fit(path, expected[0])
            for path, array, expected in self._parts(specs)
        )

    def read(self, specs: Iterable[ArraySpec]) -> Arrays:
        """The arrays by name, each checked; raises BadFileError with the first bad file."""
        arrays: Arrays = {}
        for path, array, expected in self._parts(specs):
            try:
                arrays |= read_npz(path, expected) if array is None else {array: read_idx(path, expected[0])}
            except BadFileError as error:
                error.file = path
                raise
        return arrays

    def _parts(self, specs: Iterable[ArraySpec]) -> list[tuple[Path, str | None, list[ArraySpec]]]:
        """The files that hold any of these arrays: path, name of the array in an IDX file, and the arrays in it."""
        specs = list(specs)
        parts = [
            (self.folder / name, array, [spec for spec in specs if array in (None, spec.name)])
            for name, array in self.files.items()
        ]
        return [part for part in parts if part[2]]


@dataclass(frozen=True)
class Published:
    """The files in which a dataset is published and in which Keras caches it.

    `files` gives for each gzipped IDX file the array in it, and None for an `.npz` file that holds them all.
    """

    files: Mapping[str, str | None]
    keras_folder: str = ""
    url: str = KERAS_URL


@dataclass(frozen=True)
class Archive:
    """A dataset of the uint8 arrays x_train, y_train, x_test and y_test with the SHA-256 of each."""

    info: DatasetInfo
    checksums: Mapping[str, str]
    published: Published

    @property
    def file_name(self) -> str:
        """The name of the file in the user's folder and in the project's cache."""
        return f"{self.info.name}.npz"

    @property
    def arrays(self) -> dict[str, ArraySpec]:
        """The arrays as they were published."""
        return self._arrays(self.checksums)

    def _arrays(self, checksums: Mapping[str, str]) -> dict[str, ArraySpec]:
        """The arrays as they must be where they have these checksums."""
        shapes = {
            "x_train": (self.info.train_count, *self.info.input_shape),
            "y_train": (self.info.train_count,),
            "x_test": (self.info.test_count, *self.info.input_shape),
            "y_test": (self.info.test_count,),
        }
        return {name: ArraySpec(name, shape, "uint8", checksums[name]) for name, shape in shapes.items()}

    @property
    def nbytes(self) -> int:
        """The size of all arrays together, in bytes."""
        return sum(spec.nbytes for spec in self.arrays.values())

    def is_available(self) -> bool:
        """Whether one of the folders has files with the right sizes; reads only their ends."""
        specs = self.arrays.values()
        return any(location.sizes_fit(specs) for location in self.locations())

    def load(self) -> Dataset:
        """All arrays, each checked, from the first folder where they are good; raises DatasetError."""
        arrays = self._read(("x_train", "y_train", "x_test", "y_test"))
        return Dataset(self.info, arrays["x_train"], arrays["y_train"], arrays["x_test"], arrays["y_test"])

    def load_test(self) -> TestSet:
        """The test part alone; the training images are not even decompressed."""
        arrays = self._read(("x_test", "y_test"))
        return TestSet(self.info, arrays["x_test"], arrays["y_test"])

    def locations(self) -> list[FileSet]:
        """The files in which this dataset may be, in the order of the search."""
        packed = {self.file_name: None}
        user_folder = paths.datasets_folder()
        return [
            *([FileSet(user_folder, packed)] if user_folder else []),
            FileSet(paths.dataset_cache(), packed),
            FileSet(_keras_cache() / self.published.keras_folder, self.published.files),
        ]

    def _read(self, names: Iterable[str]) -> Arrays:
        names = tuple(names)
        label = Message(self.info.label)
        first_bad: DatasetError | None = None
        for location in self.locations():
            try:
                if location.exists():
                    expected = self._arrays(self._checksums_in(location.folder))
                    return location.read([expected[name] for name in names])
            except BadFileError as error:
                first_bad = first_bad or DatasetError(
                    N_("{label} cannot be read from {file}: {reason}. Replace this file or download the dataset."),
                    label=label,
                    file=str(error.file),
                    reason=error.reason,
                )
        raise first_bad or DatasetError(
            N_(
                "{label} is not on this machine: download it, or put {file} into the folder that "
                "MLPCORE_DATASETS names."
            ),
            label=label,
            file=self.file_name,
        )

    def _checksums_in(self, folder: Path) -> Mapping[str, str]:
        """The checksums of the arrays in a folder: the published ones unless it is the user's and names others."""
        if folder != paths.datasets_folder():
            return self.checksums
        try:
            named = json.loads((folder / CHECKSUMS_FILE).read_bytes())[self.info.name]
            return {name: str(named[name]) for name in self.checksums}
        except (OSError, ValueError, LookupError, TypeError):
            return self.checksums


def _keras_cache() -> Path:
    """The folder in which `keras.datasets` caches what it downloads; unlike Path.home, needs no home folder."""
    return Path(os.environ.get("KERAS_HOME") or os.path.expanduser("~/.keras")) / "datasets"  # noqa: PTH111


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder that may not be entered
        return False
