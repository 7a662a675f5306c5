import json
import os
from pathlib import Path

import numpy as np
import pytest
from small_archive import ARRAYS, AS_IDX, AS_NPZ, sha256, truncate, write_idx, write_npz

from mlpcore.datasets.archives import CHECKSUMS_FILE
from mlpcore.errors import DatasetError


@pytest.fixture(autouse=True)
def roofs(tmp_path, monkeypatch) -> dict[str, Path]:
    """The four folders in which an archive may lie, all empty."""
    monkeypatch.setenv("MLPCORE_DATASETS", str(tmp_path / "given"))
    monkeypatch.setenv("MLPCORE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return {
        "given": tmp_path / "given" / "small.npz",
        "cache": tmp_path / "data" / "datasets" / "small.npz",
        "keras": tmp_path / "keras" / "datasets" / "published.npz",
    }


def test_an_archive_is_found_in_each_location(roofs):
    for path in roofs.values():
        assert not AS_NPZ.is_available()
        write_npz(path)
        assert AS_NPZ.is_available()
        dataset = AS_NPZ.load()
        assert np.array_equal(dataset.train_inputs, ARRAYS["x_train"])
        assert np.array_equal(dataset.train_labels, ARRAYS["y_train"])
        assert np.array_equal(dataset.test_inputs, ARRAYS["x_test"])
        assert np.array_equal(dataset.test_labels, ARRAYS["y_test"])
        path.unlink()


def test_the_folder_of_idx_files_that_keras_caches_is_found(tmp_path):
    write_idx(tmp_path / "keras" / "datasets" / "small-idx")
    assert AS_IDX.is_available()
    assert np.array_equal(AS_IDX.load().train_inputs, ARRAYS["x_train"])
    assert np.array_equal(AS_IDX.load_test().labels, ARRAYS["y_test"])


def test_an_incomplete_folder_of_idx_files_is_ignored(tmp_path):
    (write_idx(tmp_path / "keras" / "datasets" / "small-idx") / "test-labels.gz").unlink()
    assert not AS_IDX.is_available()
    with pytest.raises(DatasetError, match="not on this machine"):
        AS_IDX.load()


def test_a_damaged_idx_file_is_named(tmp_path):
    folder = write_idx(tmp_path / "keras" / "datasets" / "small-idx")
    truncate(folder / "test-images.gz")
    assert not AS_IDX.is_available()
    with pytest.raises(DatasetError, match=r"test-images\.gz"):
        AS_IDX.load()


def test_without_a_keras_home_its_cache_lies_in_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write_npz(tmp_path / ".keras" / "datasets" / "published.npz")
    assert AS_NPZ.is_available()


def test_the_folder_that_the_user_gives_comes_before_the_cache_and_that_before_keras(roofs):
    for path in roofs.values():
        write_npz(path, x_train=ARRAYS["x_train"] + 1)
    for path in roofs.values():
        with pytest.raises(DatasetError) as caught:
            AS_NPZ.load()
        assert str(path) in str(caught.value)
        path.unlink()


def test_after_a_bad_file_in_one_location_the_next_location_is_used(roofs):
    truncate(write_npz(roofs["given"]))
    write_npz(roofs["cache"], y_test=ARRAYS["y_test"][:5])
    write_npz(roofs["keras"])
    assert AS_NPZ.is_available()
    assert np.array_equal(AS_NPZ.load().train_inputs, ARRAYS["x_train"])


def test_a_bad_file_alone_is_named_with_what_is_wrong(roofs):
    write_npz(roofs["given"], x_train=ARRAYS["x_train"][:, :5])
    write_npz(roofs["cache"], x_train=ARRAYS["x_train"][:, :4])
    with pytest.raises(DatasetError) as caught:
        AS_NPZ.load()
    assert str(caught.value) == (
        f"Small images cannot be read from {roofs['given']}: the array x_train should be uint8 (30, 6, 6) but is "
        "uint8 (30, 5, 6). Replace this file or download the dataset."
    )


def test_where_there_is_none_the_sentence_says_what_to_do():
    with pytest.raises(DatasetError, match=r"not on this machine: download it, or put small\.npz into"):
        AS_NPZ.load()


def test_the_test_part_is_read_without_the_training_images(roofs):
    write_npz(roofs["cache"], x_train=np.zeros(3))
    test = AS_NPZ.load_test()
    assert np.array_equal(test.inputs, ARRAYS["x_test"])
    assert np.array_equal(test.labels, ARRAYS["y_test"])


def test_without_a_user_folder_no_dataset_is_found_in_one(roofs, monkeypatch):
    monkeypatch.delenv("MLPCORE_DATASETS")
    write_npz(roofs["given"])
    assert not AS_NPZ.is_available()


def test_a_pipe_or_a_folder_under_the_name_of_a_file_is_ignored(roofs):
    roofs["cache"].mkdir(parents=True)
    roofs["given"].parent.mkdir(parents=True)
    os.mkfifo(roofs["given"])
    assert not AS_NPZ.is_available()
    with pytest.raises(DatasetError, match="not on this machine"):
        AS_NPZ.load()


def test_a_location_that_is_not_a_folder_is_ignored(roofs, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MLPCORE_DATASETS", str(tmp_path / "file"))
    write_npz(roofs["cache"])
    assert AS_NPZ.is_available()
    assert AS_NPZ.load().info.name == "small"


def test_the_users_folder_may_say_that_it_holds_other_data_than_the_published(roofs):
    other = ARRAYS | {"x_train": ARRAYS["x_train"] + 1}
    for path in roofs.values():
        write_npz(path, **other)
    checksums = roofs["given"].parent / CHECKSUMS_FILE
    checksums.write_text(json.dumps({"small": {name: sha256(array) for name, array in other.items()}}))
    assert np.array_equal(AS_NPZ.load().train_inputs, other["x_train"])

    roofs["given"].unlink()
    (roofs["cache"].parent / CHECKSUMS_FILE).write_text(checksums.read_text())
    with pytest.raises(DatasetError, match="the checksum of the array x_train is wrong"):
        AS_NPZ.load()


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"other": {}}', '{"small": {"x_train": "00"}}', '{"small": 3}', "\0"]
)
def test_without_readable_checksums_the_published_ones_count(roofs, text):
    write_npz(roofs["given"], x_train=ARRAYS["x_train"] + 1)
    (roofs["given"].parent / CHECKSUMS_FILE).write_text(text)
    with pytest.raises(DatasetError, match="the checksum of the array x_train is wrong"):
        AS_NPZ.load()
