"""Arrays as they must be, read from a stream that may hold anything."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mlpcore.i18n.messages import N_, Message

_CHUNK = 1 << 20


class Readable(Protocol):
    """What an array is read from."""

    def read(self, count: int, /) -> bytes:
        """At most `count` bytes; none at the end."""


class BadFileError(Exception):
    """A file does not hold what it should; `reason` is a clause that completes "FILE cannot be used: ..."."""

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


def mismatch(spec: ArraySpec, found: str) -> BadFileError:
    """The error for an array of another shape or type."""
    return BadFileError(
        N_("the array {array} should be {expected} but is {found}"),
        array=spec.name,
        expected=str(spec),
        found=found,
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
