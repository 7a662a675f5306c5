"""Importing large libraries without the optional helpers that they load where they find them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

UNUSED = ("pandas", "pyarrow")
"""sqlite-utils and Keras load these where they are installed, and workers never use them: 60 MB and 0.3 s each."""


@contextmanager
def lean_imports() -> Iterator[None]:
    """Imports in this block find no `UNUSED` modules. For a process's start, before other threads import."""
    hidden = [name for name in UNUSED if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment] # makes its import fail
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
