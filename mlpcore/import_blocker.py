"""Importing large libraries without the optional helpers that they load where those are installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NEVER_USED = ("pandas", "pyarrow", "sklearn")
_OF_THE_OTHER_ENGINE = {"jax": ("tensorflow",), "tensorflow": ("jax", "jaxlib", "scipy")}


def unused_modules() -> tuple[str, ...]:
    """What sqlite-utils, Keras and TensorFlow load where it is installed, and workers never use.

    With TensorFlow that is 250 MB of memory and one second.
    """
    engine = os.environ.get("KERAS_BACKEND") or "tensorflow"
    return _NEVER_USED + _OF_THE_OTHER_ENGINE.get(engine, ())


@contextmanager
def without_unused_imports() -> Iterator[None]:
    """Let imports in this block find no `unused_modules`. For a process's start, before other threads import."""
    blocked = [name for name in unused_modules() if name not in sys.modules]
    for name in blocked:
        sys.modules[name] = None  # type: ignore[assignment] # makes its import fail
    try:
        yield
    finally:
        for name in blocked:
            del sys.modules[name]
