"""Arrays out of an `.npz` file that may be truncated, altered or hostile."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.datasets.arrays import ArraySpec, BadFileError, describe, mismatch, read_array
from mlpcore.i18n.messages import N_

_HEADER_ROOM = 4096  # NumPy writes 128 bytes
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    ValueError,
    RuntimeError,
    OverflowError,
)


def read_npz(path: Path, specs: Iterable[ArraySpec]) -> dict[str, NDArray[Any]]:
    """The arrays of the `.npz` file at `path` by name, and no other member of it.

    Headers are compared before anything is allocated, for a file of a few hundred bytes can declare tens of
    gigabytes, and nothing is ever unpickled. Raises BadFileError.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return {spec.name: _read_member(archive, spec) for spec in specs}
    except _UNREADABLE as error:
        raise BadFileError(N_("it is not a complete .npz file")) from error
    except OSError as error:
        raise BadFileError(N_("it cannot be read ({error})"), error=error.strerror or str(error)) from error


def npz_looks_right(path: Path, specs: Iterable[ArraySpec]) -> bool:
    """Whether the directory at the end of the file lists the arrays with their sizes; reads nothing else."""
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {member.filename: member.file_size for member in archive.infolist()}
    except (OSError, *_UNREADABLE):
        return False
    return all(0 < sizes.get(f"{spec.name}.npy", 0) - spec.nbytes <= _HEADER_ROOM for spec in specs)


def _read_member(archive: zipfile.ZipFile, spec: ArraySpec) -> NDArray[Any]:
    name = f"{spec.name}.npy"
    if name not in archive.namelist():
        raise BadFileError(N_("the array {array} is missing"), array=spec.name)
    with archive.open(name) as stream:
        header = io.BytesIO(stream.read(_HEADER_ROOM))
    found = _declared(header)
    if found != str(spec):
        raise mismatch(spec, found)
    with archive.open(name) as stream:
        stream.read(header.tell())
        return read_array(stream, spec)


def _declared(header: io.BytesIO) -> str:
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
