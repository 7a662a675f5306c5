"""Write safetensors files atomically."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import save_file


def save_tensors(path: Path, tensors: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]) -> None:
    """Write C-contiguous arrays to `path`, synced to the disk; meanwhile readers find the old file or the new one.

    OSError where it cannot be written; no half-written file is left.
    """
    temporary = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    try:
        save_file(dict(tensors), temporary, dict(metadata))
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except SafetensorError as error:
        raise OSError(str(error)) from error
    finally:
        temporary.unlink(missing_ok=True)
