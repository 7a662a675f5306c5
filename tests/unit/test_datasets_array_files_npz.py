import io
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import small_archive
from small_archive import ARRAYS, AS_NPZ, truncate, write_npz

from mlpcore.datasets.array_files import ArraySpec, BadFileError, npz_sizes_fit, read_npz

SPECS = list(AS_NPZ.arrays.values())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_npz(tmp_path / "small.npz")


def reason(path: Path) -> str:
    with pytest.raises(BadFileError) as caught:
        read_npz(path, SPECS)
    return str(caught.value.reason)


def npy(array: np.ndarray, version: tuple[int, int] | None = None) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version=version, allow_pickle=True)
    return stream.getvalue()


def header(descr: str, shape: tuple[int, ...]) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": descr, "fortran_order": False, "shape": shape})
    return stream.getvalue()


def write_members(path: Path, **members: bytes) -> None:
    """An `.npz` file of the right arrays in which `members` stand in for some of them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in ARRAYS.items():
            archive.writestr(f"{name}.npy", members.get(name, npy(array)))


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_arrays_come_back_as_they_were_saved_and_cannot_be_written_to(tmp_path, save):
    save(tmp_path / "small.npz", **ARRAYS)
    arrays = read_npz(tmp_path / "small.npz", SPECS)
    assert {name: array.tolist() for name, array in arrays.items()} == {
        name: array.tolist() for name, array in ARRAYS.items()
    }
    assert not any(array.flags.writeable for array in arrays.values())


def test_a_header_of_format_2_is_read(path):
    write_members(path, x_train=npy(ARRAYS["x_train"], (2, 0)))
    assert np.array_equal(read_npz(path, SPECS)["x_train"], ARRAYS["x_train"])


def test_only_the_wanted_arrays_are_read(path):
    write_members(path, x_train=b"nonsense")
    assert list(read_npz(path, [AS_NPZ.arrays["x_test"]])) == ["x_test"]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused_and_does_not_look_right(path, share):
    truncate(path, share)
    assert reason(path) == "it is not a complete .npz file"
    assert not npz_sizes_fit(path, SPECS)


def test_a_text_file_is_refused(path):
    path.write_text("hello")
    assert reason(path) == "it is not a complete .npz file"


def test_a_file_that_is_gone_is_refused(path):
    path.unlink()
    assert reason(path) == "it cannot be read (No such file or directory)"
    assert not npz_sizes_fit(path, SPECS)


def test_a_missing_array_is_named(path):
    np.savez(path, **{name: array for name, array in ARRAYS.items() if name != "y_test"})
    assert reason(path) == "the array y_test is missing"
    assert not npz_sizes_fit(path, SPECS)


@pytest.mark.parametrize(
    ("array", "found"),
    [
        (ARRAYS["x_train"][:-1], "uint8 (29, 6, 6)"),
        (ARRAYS["x_train"].reshape(30, 36), "uint8 (30, 36)"),
        (ARRAYS["x_train"].astype(np.float32), "float32 (30, 6, 6)"),
        (np.asfortranarray(ARRAYS["x_train"]), "uint8 (30, 6, 6) in Fortran order"),
    ],
)
def test_another_shape_or_type_is_named(path, array, found):
    write_npz(path, x_train=array)
    assert reason(path) == f"the array x_train should be uint8 (30, 6, 6) but is {found}"


def test_another_value_is_a_wrong_checksum(path):
    changed = ARRAYS["x_test"].copy()
    changed[3, 3, 3] ^= 1
    write_npz(path, x_test=changed)
    assert "checksum of the array x_test is wrong" in reason(path)


def test_a_tiny_file_that_declares_64_gigabytes_allocates_nothing(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x_train.npy", header("|u1", (64_000_000_000,)))
    assert path.stat().st_size < 400
    assert reason(path) == "the array x_train should be uint8 (30, 6, 6) but is uint8 (64000000000,)"


def test_a_header_that_promises_the_right_array_without_its_data_is_refused(path):
    write_members(path, x_train=header("|u1", (30, 6, 6)) + b"few")
    assert reason(path) == "the array x_train is truncated"


def test_data_after_the_array_are_refused(path):
    write_members(path, x_train=npy(ARRAYS["x_train"]) + b"more")
    assert reason(path) == "the array x_train is longer than it should be"


class Bomb:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self):
        return Path.touch, (self.target,)


def test_a_pickled_array_is_refused_without_unpickling_it(path, tmp_path):
    bomb = Bomb(tmp_path / "exploded")
    write_members(path, x_train=header("|O", (30, 6, 6)) + pickle.dumps([bomb]))
    assert reason(path).endswith("but is object (30, 6, 6)")
    assert not bomb.target.exists()


@pytest.mark.parametrize(
    "text",
    [b"(" * 3000, b"{'descr': '|u1'}", b"\xff\xfe", b"{'descr': ('|u1', (9999999999,)), 'shape': (), 'x': 1}", b"1\n"],
)
def test_a_header_of_nonsense_is_refused(path, text):
    magic = np.lib.format.magic(1, 0) + len(text).to_bytes(2, "little")
    write_members(path, x_train=magic + text)
    assert reason(path) == "it is not a complete .npz file"


def test_a_long_declaration_makes_a_short_sentence(path):
    write_members(path, x_train=header("|u1", (1,) * 1000))
    assert len(reason(path)) < 250


def test_no_damage_to_a_file_raises_anything_but_a_sentence(path):
    whole = path.read_bytes()
    random = np.random.default_rng(1)
    refused = 0
    for _ in range(500):
        damaged = bytearray(whole)
        for position in random.integers(0, len(whole), 3):
            damaged[position] = random.integers(0, 256)
        path.write_bytes(damaged)
        npz_sizes_fit(path, SPECS)
        try:
            arrays = read_npz(path, SPECS)
        except BadFileError:
            refused += 1
        else:
            assert all(np.array_equal(arrays[name], ARRAYS[name]) for name in ARRAYS)
    assert refused > 400


def test_a_whole_file_sizes_fit_and_one_with_other_sizes_does_not(path):
    assert npz_sizes_fit(path, SPECS)
    write_npz(path, x_train=ARRAYS["x_train"][:15])
    assert not npz_sizes_fit(path, SPECS)


def test_an_array_of_any_type_can_be_expected(path):
    measured = np.linspace(0, 1, 5)
    np.savez(path, measured=measured)
    spec = ArraySpec("measured", (5,), "float64", small_archive.sha256(measured))
    assert np.array_equal(read_npz(path, [spec])["measured"], measured)
