"""One or more files in a folder that together hold the arrays of a dataset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from mlpcore.datasets.arrays import ArraySpec, BadFileError
from mlpcore.datasets.idx import idx_looks_right, read_idx
from mlpcore.datasets.npz import npz_looks_right, read_npz

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class FileSet:
    """Files in `folder`: each name with the array in that gzipped IDX file, or None for an `.npz` of all."""

    folder: Path
    files: Mapping[str, str | None]

    def exists(self) -> bool:
        """Whether every file is there, good or bad."""
        return all(_is_file(self.folder / name) for name in self.files)

    def looks_right(self, specs: Iterable[ArraySpec]) -> bool:
        """Whether every file is there and has the right sizes; reads only the files' ends."""
        return self.exists() and all(
            npz_looks_right(path, wanted) if array is None else idx_looks_right(path, wanted[0])
            for path, array, wanted in self._parts(specs)
        )

    def read(self, specs: Iterable[ArraySpec]) -> Arrays:
        """The arrays by name, each checked; raises BadFileError with the first bad file."""
        arrays: Arrays = {}
        for path, array, wanted in self._parts(specs):
            try:
                arrays |= read_npz(path, wanted) if array is None else {array: read_idx(path, wanted[0])}
            except BadFileError as error:
                error.file = path
                raise
        return arrays

    def _parts(self, specs: Iterable[ArraySpec]) -> list[tuple[Path, str | None, list[ArraySpec]]]:
        """The files that hold any of these arrays, and which."""
        specs = list(specs)
        parts = [
            (self.folder / name, array, [spec for spec in specs if array in (None, spec.name)])
            for name, array in self.files.items()
        ]
        return [part for part in parts if part[2]]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder that may not be entered
        return False
