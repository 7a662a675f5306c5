"""Datasets that lie on this machine as an archive of arrays, under one of several roofs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mlpcore import paths
from mlpcore.datasets.arrays import ArraySpec, BadFileError
from mlpcore.datasets.filesets import Arrays, FileSet
from mlpcore.datasets.info import Dataset, DatasetInfo, TestSet
from mlpcore.errors import DatasetError
from mlpcore.i18n.messages import N_, Message

CHECKSUMS_FILE = "checksums.json"
"""Beside the files in the user's folder it may say what they hold where that is not what was published:
`{"mnist": {"x_train": SHA-256, ...}}`. The tests' samples use it."""

KERAS_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


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

    def is_here(self) -> bool:
        """Whether files with the right sizes lie in one of the places; reads only their ends."""
        specs = self.arrays.values()
        return any(place.looks_right(specs) for place in self.places())

    def load(self) -> Dataset:
        """All arrays, each checked, from the first place where they are good; raises DatasetError."""
        arrays = self._read(("x_train", "y_train", "x_test", "y_test"))
        return Dataset(self.info, arrays["x_train"], arrays["y_train"], arrays["x_test"], arrays["y_test"])

    def load_test(self) -> TestSet:
        """The test part alone; the training images are not even decompressed."""
        arrays = self._read(("x_test", "y_test"))
        return TestSet(self.info, arrays["x_test"], arrays["y_test"])

    def places(self) -> list[FileSet]:
        """Where this dataset may lie, in the order of the search."""
        packed = {self.file_name: None}
        given = paths.datasets_folder()
        return [
            *([FileSet(given, packed)] if given else []),
            FileSet(paths.dataset_cache(), packed),
            FileSet(_keras_cache() / self.published.keras_folder, self.published.files),
        ]

    def _read(self, names: Iterable[str]) -> Arrays:
        names = tuple(names)
        label = Message(self.info.label)
        first_bad: DatasetError | None = None
        for place in self.places():
            try:
                if place.exists():
                    expected = self._arrays(self._checksums_in(place.folder))
                    return place.read([expected[name] for name in names])
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
