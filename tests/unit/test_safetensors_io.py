from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from mlpcore.safetensors_io import save_tensors

WEIGHTS = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "scalar": np.asarray(7, np.int64)}


def test_what_was_saved_is_read_back_scalars_included(tmp_path: Path):
    save_tensors(tmp_path / "file", WEIGHTS, {"epoch": "3"})
    found = load_file(tmp_path / "file")

    assert {name: (array.shape, array.tolist()) for name, array in found.items()} == {
        name: (array.shape, array.tolist()) for name, array in WEIGHTS.items()
    }


def test_a_file_is_replaced_as_a_whole_and_nothing_else_is_left(tmp_path: Path):
    for value in (1.0, 2.0):
        save_tensors(tmp_path / "file", {"a": np.full(3, value)}, {})

    assert load_file(tmp_path / "file")["a"].tolist() == [2.0, 2.0, 2.0]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path):
    with pytest.raises(OSError, match="missing"):
        save_tensors(tmp_path / "missing" / "file", WEIGHTS, {})
