"""A dataset of forty little images for tests: an `Archive` value, its arrays, and its files on disk."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from mlpcore.datasets.archives import Archive, Published
from mlpcore.datasets.array_files import idx_header
from mlpcore.datasets.info import DatasetInfo


def sha256(array: np.ndarray) -> str:
    """The checksum that an archive gives for an array."""
    return hashlib.sha256(array.tobytes()).hexdigest()


_RANDOM = np.random.default_rng(7)
ARRAYS = {
    "x_train": _RANDOM.integers(0, 256, (30, 6, 6), np.uint8),
    "y_train": _RANDOM.integers(0, 3, 30, np.uint8),
    "x_test": _RANDOM.integers(0, 256, (10, 6, 6), np.uint8),
    "y_test": _RANDOM.integers(0, 3, 10, np.uint8),
}
INFO = DatasetInfo(
    name="small",
    label="Small images",
    kind="image",
    description="Noise.",
    input_shape=(6, 6),
    class_names=("a", "b", "c"),
    train_count=30,
    test_count=10,
    scale=255,
    source="None",
    licence="None",
    loader="keras.datasets.mnist.load_data",
)
CHECKSUMS = {name: sha256(array) for name, array in ARRAYS.items()}
IDX_FILES = {
    "train-images.gz": "x_train",
    "train-labels.gz": "y_train",
    "test-images.gz": "x_test",
    "test-labels.gz": "y_test",
}
AS_NPZ = Archive(INFO, CHECKSUMS, Published({"published.npz": None}))
AS_IDX = Archive(INFO, CHECKSUMS, Published(IDX_FILES, keras_folder="small-idx"))


def with_size(archive: Archive, folder: Path) -> Archive:
    """The archive with the published files' sizes in `folder` as its download size."""
    size = sum((folder / name).stat().st_size for name in archive.published.files)
    return replace(archive, info=replace(archive.info, download_bytes=size))


def write_npz(path: Path, **changed: np.ndarray) -> Path:
    """Write the arrays, some of them `changed`, as an `.npz` file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **(ARRAYS | changed))
    return path


def write_idx(folder: Path) -> Path:
    """Write the arrays as gzipped IDX files."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, name in IDX_FILES.items():
        content = idx_header(ARRAYS[name].shape) + ARRAYS[name].tobytes()
        (folder / file).write_bytes(gzip.compress(content))
    return folder


def truncate(path: Path, share: float = 0.5) -> bytes:
    """Cut the end of a file off and return what is left."""
    content = path.read_bytes()
    rest = content[: int(len(content) * share)]
    path.write_bytes(rest)
    return rest
