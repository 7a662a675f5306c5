"""Checked arrays from `.npz` and gzipped IDX files that may be truncated, altered or hostile.

The IDX format, in which MNIST and Fashion-MNIST were published (Y. LeCun's MNIST page): two zero bytes, the type (8 is
uint8), the number of dimensions, each dimension as a big-endian 32-bit number, then the values in C order.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mlpcore.i18n.messages import N_, Message

_CHUNK = 1 << 20  # bytes read at a time
_IDX_UINT8 = 8
_NPY_HEADER_LIMIT = 4096  # bytes; NumPy writes 128
_NOT_AN_NPZ = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    ValueError,
    RuntimeError,
    OverflowError,
)


class Readable(Protocol):
    """A stream that an array is read from."""

    def read(self, count: int, /) -> bytes:
        """At most `count` bytes; none at the end."""


class BadFileError(Exception):
    """A file does not hold the expected arrays; `reason` is a clause that completes "FILE cannot be used: ..."."""

    file: Path | None = None

    def __init__(self, text: str, **values: Any) -> None:
        self.reason = Message(text, values)
        super().__init__(str(self.reason))


@dataclass(frozen=True)
class ArraySpec:
    """An expected array: its name, shape, type, and the SHA-256 of its C-contiguous bytes."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    sha256: str

    @property
    def nbytes(self) -> int:
        """The size of the array's data in bytes."""
        return prod(self.shape) * np.dtype(self.dtype).itemsize

    def __str__(self) -> str:
        return describe(self.shape, np.dtype(self.dtype))


def describe(shape: tuple[int, ...], dtype: np.dtype[Any]) -> str:
    """An array's type and shape in words, `uint8 (60000, 28, 28)`; short, whatever a file declares."""
    return f"{dtype} {shape}"[:100]


def mismatch(spec: ArraySpec, actual: str) -> BadFileError:
    """The error for an array of another shape or type."""
    return BadFileError(
        N_("the array {array} should be {expected} but is {found}"),
        array=spec.name,
        expected=str(spec),
        found=actual,
    )


def read_array(stream: Readable, spec: ArraySpec) -> NDArray[Any]:
    """The array whose data are the rest of `stream`, read-only; nothing beyond its size is ever allocated.

    Raises BadFileError when there are fewer or more bytes than the array has, or when they are not the
    expected ones; whatever the stream itself raises passes through.
    """
    array: NDArray[Any] = np.empty(spec.shape, spec.dtype)
    view = array.reshape(-1).view(np.uint8).data
    digest = hashlib.sha256()
    done = 0
    while done < len(view):
        chunk = stream.read(min(_CHUNK, len(view) - done))
        if not chunk:
            raise BadFileError(N_("the array {array} is truncated"), array=spec.name)
        view[done : done + len(chunk)] = chunk
        digest.update(chunk)
        done += len(chunk)
    # Reading past the end also lets zip and gzip compare their own checksum.
    if stream.read(1):
        raise BadFileError(N_("the array {array} is longer than it should be"), array=spec.name)
    if digest.hexdigest() != spec.sha256:
        raise BadFileError(
            N_("the checksum of the array {array} is wrong, so these are not the published data"),
            array=spec.name,
        )
    array.flags.writeable = False
    return array


def read_npz(path: Path, specs: Iterable[ArraySpec]) -> dict[str, NDArray[Any]]:
    """The arrays of the `.npz` file at `path` by name, and no other member of it.

    Headers are compared before anything is allocated, for a file of a few hundred bytes can declare tens of
    gigabytes, and nothing is ever unpickled. Raises BadFileError.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return {spec.name: _read_npz_member(archive, spec) for spec in specs}
    except _NOT_AN_NPZ as error:
        raise BadFileError(N_("it is not a complete .npz file")) from error
    except OSError as error:
        raise BadFileError(N_("it cannot be read ({error})"), error=error.strerror or str(error)) from error


def npz_sizes_fit(path: Path, specs: Iterable[ArraySpec]) -> bool:
    """Whether the directory at the end of the file lists the arrays with their sizes; reads nothing else."""
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {member.filename: member.file_size for member in archive.infolist()}
    except (OSError, *_NOT_AN_NPZ):
        return False
    return all(0 < sizes.get(f"{spec.name}.npy", 0) - spec.nbytes <= _NPY_HEADER_LIMIT for spec in specs)


def _read_npz_member(archive: zipfile.ZipFile, spec: ArraySpec) -> NDArray[Any]:
    name = f"{spec.name}.npy"
    if name not in archive.namelist():
        raise BadFileError(N_("the array {array} is missing"), array=spec.name)
    with archive.open(name) as stream:
        header = io.BytesIO(stream.read(_NPY_HEADER_LIMIT))
    declared = _declared_array(header)
    if declared != str(spec):
        raise mismatch(spec, declared)
    with archive.open(name) as stream:
        stream.read(header.tell())
        return read_array(stream, spec)


def _declared_array(header: io.BytesIO) -> str:
    """The array that a `.npy` header declares, in words; leaves `header` where the data begin."""
    readers = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    try:
        shape, fortran, dtype = readers[np.lib.format.read_magic(header)](header)
    except Exception as error:  # hostile text makes NumPy's parser raise almost anything
        raise ValueError("no readable .npy header") from error
    return describe(shape, dtype) + (" in Fortran order" if fortran else "")


def read_idx(path: Path, spec: ArraySpec) -> NDArray[Any]:
    """The uint8 array in the gzipped IDX file at `path`. Raises BadFileError."""
    expected = idx_header(spec.shape)
    try:
        with gzip.open(path) as stream:
            header = stream.read(len(expected))
            if header != expected:
                raise mismatch(spec, "IDX " + header.hex(" ", 4))
            return read_array(stream, spec)
    except (gzip.BadGzipFile, EOFError, zlib.error, struct.error) as error:
        raise BadFileError(N_("it is not a complete gzip file")) from error
    except OSError as error:
        raise BadFileError(N_("it cannot be read ({error})"), error=error.strerror or str(error)) from error


def idx_header(shape: tuple[int, ...]) -> bytes:
    """The first bytes of an IDX file that holds a uint8 array of this shape."""
    return struct.pack(f">xxBB{len(shape)}I", _IDX_UINT8, len(shape), *shape)


def idx_sizes_fit(path: Path, spec: ArraySpec) -> bool:
    """Whether the last four bytes of the gzip file, the length of its content, are those of the expected array."""
    try:
        with path.open("rb") as stream:
            stream.seek(-4, 2)
            (length,) = struct.unpack("<I", stream.read(4))
    except OSError:
        return False
    return bool(length == len(idx_header(spec.shape)) + spec.nbytes)
