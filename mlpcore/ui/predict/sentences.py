"""Errors as sentences inside a fragment, which runs without the page around it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from mlpcore.errors import MLPLabError
from mlpcore.ui.frame import show_error


@contextlib.contextmanager
def sentences() -> Iterator[None]:
    """Show an error that a user can meet as a sentence in its place, and go on behind the block."""
    try:
        yield
    except MLPLabError as error:
        show_error(error)
