"""The samples in `tests/data`: MNIST and Fashion-MNIST in their full size, made by repetition, and real pen strokes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mlpcore.datasets import REGISTRY
from mlpcore.datasets.archives import CHECKSUMS_FILE

SAMPLES = Path(__file__).parent / "data"
NAMES = ("mnist", "fashion_mnist")

Stroke = list[list[float]]


def write_datasets(folder: Path) -> None:
    """Write archives of full size, which repeat the samples, and their checksums into `folder`."""
    checksums = {}
    for name in NAMES:
        arrays = full_size(name)
        np.savez(folder / f"{name}.npz", **arrays)
        checksums[name] = {key: hashlib.sha256(array.tobytes()).hexdigest() for key, array in arrays.items()}
    (folder / CHECKSUMS_FILE).write_text(json.dumps(checksums), encoding="utf-8")


def full_size(name: str) -> Mapping[str, np.ndarray]:
    """The arrays x_train, y_train, x_test and y_test of a sample, repeated up to the size of the dataset."""
    info = REGISTRY[name]
    counts = {"train": info.train_count, "test": info.test_count}
    with np.load(SAMPLES / f"{name}_sample.npz") as sample:
        return {key: np.resize(sample[key], (counts[key[2:]], *sample[key].shape[1:])) for key in sample.files}


def real_digits() -> list[dict[str, Any]]:
    """Digits that people wrote on a tablet, ten of each class: `label` and `strokes`, sorted by class."""
    digits: list[dict[str, Any]] = json.loads((SAMPLES / "strokes_sample.json").read_text())["digits"]
    return digits
