import gzip
from pathlib import Path

import numpy as np
import pytest
from small_archive import ARRAYS, AS_IDX, truncate, write_idx

from mlpcore.datasets.array_files import BadFileError, idx_header, idx_sizes_fit, read_idx

IMAGES = AS_IDX.arrays["x_train"]
LABELS = AS_IDX.arrays["y_train"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_idx(tmp_path) / "train-images.gz"


def reason(path: Path) -> str:
    with pytest.raises(BadFileError) as caught:
        read_idx(path, IMAGES)
    return str(caught.value.reason)


def test_the_header_is_the_one_of_the_published_format():
    assert idx_header((60000, 28, 28)).hex(" ", 4) == "00000803 0000ea60 0000001c 0000001c"
    assert idx_header((60000,)).hex(" ", 4) == "00000801 0000ea60"


def test_images_and_labels_are_read(path):
    assert np.array_equal(read_idx(path, IMAGES), ARRAYS["x_train"])
    assert np.array_equal(read_idx(path.with_name("train-labels.gz"), LABELS), ARRAYS["y_train"])
    assert idx_sizes_fit(path, IMAGES)


@pytest.mark.parametrize("share", [0.0, 0.005, 0.5, 0.99])
def test_a_truncated_file_is_refused_and_does_not_look_right(path, share):
    truncate(path, share)
    assert reason(path)
    assert not idx_sizes_fit(path, IMAGES)


def test_a_file_that_is_not_gzipped_is_refused(path):
    path.write_bytes(idx_header(IMAGES.shape) + ARRAYS["x_train"].tobytes())
    assert reason(path) == "it is not a complete gzip file"


def test_another_shape_is_refused_by_its_header(path):
    path.write_bytes(gzip.compress(idx_header((30, 6, 7)) + bytes(30 * 6 * 7)))
    assert reason(path) == (
        "the array x_train should be uint8 (30, 6, 6) but is IDX 00000803 0000001e 00000006 00000007"
    )
    assert not idx_sizes_fit(path, IMAGES)


@pytest.mark.parametrize(("extra", "sentence"), [(b"more", "longer"), (None, "truncated")])
def test_more_or_fewer_values_than_the_header_says_are_refused(path, extra, sentence):
    values = ARRAYS["x_train"].tobytes()
    values = values + extra if extra else values[:-1]
    path.write_bytes(gzip.compress(idx_header(IMAGES.shape) + values))
    assert sentence in reason(path)


def test_other_values_are_a_wrong_checksum(path):
    path.write_bytes(gzip.compress(idx_header(IMAGES.shape) + bytes(IMAGES.nbytes)))
    assert "checksum of the array x_train is wrong" in reason(path)
    assert idx_sizes_fit(path, IMAGES)


def test_no_damage_to_a_file_raises_anything_but_a_sentence(path):
    whole = path.read_bytes()
    random = np.random.default_rng(1)
    refused = 0
    for _ in range(300):
        damaged = bytearray(whole)
        damaged[random.integers(0, len(whole))] = random.integers(0, 256)
        path.write_bytes(damaged)
        try:
            assert np.array_equal(read_idx(path, IMAGES), ARRAYS["x_train"])
        except BadFileError:
            refused += 1
    assert refused > 200
