"""Importing large libraries without the optional helpers that they load where they find them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_EVER_UNUSED = ("pandas", "pyarrow", "sklearn")
_OF_THE_OTHER_ENGINE = {"jax": ("tensorflow",), "tensorflow": ("jax", "jaxlib", "scipy")}


def unused() -> tuple[str, ...]:
    """What sqlite-utils, Keras and TensorFlow load where it is installed, and workers never use.

    With TensorFlow that is 250 MB and a second.
    """
    engine = os.environ.get("KERAS_BACKEND") or "tensorflow"
    return _EVER_UNUSED + _OF_THE_OTHER_ENGINE.get(engine, ())


@contextmanager
def lean_imports() -> Iterator[None]:
    """Imports in this block find no `unused` modules. For a process's start, before other threads import."""
    hidden = [name for name in unused() if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment] # makes its import fail
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
