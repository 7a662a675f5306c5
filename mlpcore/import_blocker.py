"""Import large libraries without the optional packages that they load where those are installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NEVER_USED = ("pandas", "pyarrow", "sklearn")
_OF_THE_OTHER_ENGINE = {"jax": ("tensorflow",), "tensorflow": ("jax", "jaxlib", "scipy")}


def unused_modules() -> tuple[str, ...]:
    """The packages that sqlite-utils, Keras and TensorFlow load where they are installed, and workers never use.

    With TensorFlow they take 250 MB of memory and one second.
    """
    engine = os.environ.get("KERAS_BACKEND") or "tensorflow"
    return _NEVER_USED + _OF_THE_OTHER_ENGINE.get(engine, ())


@contextmanager
def without_unused_imports() -> Iterator[None]:
    """Make imports of `unused_modules` fail in this block. For the start of a process, before other threads import."""
    blocked = [name for name in unused_modules() if name not in sys.modules]
    for name in blocked:
        sys.modules[name] = None  # type: ignore[assignment] # makes its import fail
    try:
        yield
    finally:
        for name in blocked:
            del sys.modules[name]
