"""Arrays out of gzipped IDX files, the format in which MNIST and Fashion-MNIST were published.

The format (Y. LeCun's MNIST page): two zero bytes, the type (8 is uint8), the number of dimensions, each
dimension as a big-endian 32-bit number, then the values in C order.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from mlpcore.datasets.arrays import ArraySpec, BadFileError, mismatch, read_array
from mlpcore.i18n.messages import N_

_UINT8 = 8


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
    return struct.pack(f">xxBB{len(shape)}I", _UINT8, len(shape), *shape)


def idx_looks_right(path: Path, spec: ArraySpec) -> bool:
    """Whether the last four bytes of the gzip file, the length of its content, are what they should be."""
    try:
        with path.open("rb") as stream:
            stream.seek(-4, 2)
            (length,) = struct.unpack("<I", stream.read(4))
    except OSError:
        return False
    return bool(length == len(idx_header(spec.shape)) + spec.nbytes)
