"""Standard output for our own lines alone, also when its reader goes away."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from mlpcore import formatting
from mlpcore.workers import logs


class Output:
    """Takes standard output over, so that nothing but our lines gets there, whatever libraries print.

    `closed` is called once when nobody reads any more; what is written after that is dropped.
    """

    def __init__(self, closed: Callable[[], None] = lambda: None) -> None:
        self._closed = closed
        self._file = _own_file(1)
        with suppress(OSError):
            os.dup2(2, 1)

    @property
    def complete(self) -> bool:
        """Whether every line was written."""
        return self._file is not None

    def line(self, text: str) -> None:
        """Write a line, at once."""
        if self._file is None:
            return
        try:
            self._file.write(f"{text}\n")
        except (OSError, ValueError):
            with suppress(OSError):  # what it still holds cannot be written either
                self._file.close()
            self._file = None
            self._closed()

    def json(self, value: dict[str, Any]) -> None:
        """Write a value as one line of plain ASCII JSON."""
        self.line(as_json(value))


def as_json(value: Any) -> str:
    """JSON in ASCII, with null for numbers that JSON does not know."""
    return json.dumps(_finite(value), allow_nan=False)


def accuracy(share: float | None, deviation: float | None = None) -> str:
    """A share from 0 to 1 in percent, with the spread of several networks; empty where it is not known."""
    if share is None:
        return ""
    return in_terminal(formatting.percent(share, deviation, decimals=2 if deviation is None else 1))


def in_terminal(number: str) -> str:
    """A number with plain spaces, for which one searches more easily."""
    return number.replace("\N{NO-BREAK SPACE}", " ")


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value


def send_chatter_to(log: str) -> Path | None:
    """Keep standard error for our own sentences: what the engine's C++ code writes there goes to a log, if it can."""
    own, chatter = _own_file(2), logs.open_log(log)
    if own is None or isinstance(chatter, int):
        return None
    sys.stderr = own
    os.dup2(chatter.fileno(), 2)
    chatter.close()
    return logs.log_path(log)


def _own_file(descriptor: int) -> TextIO | None:
    """Another way to where `descriptor` leads; None where that is closed."""
    try:
        own = os.dup(descriptor)
    except OSError:
        return None
    return os.fdopen(own, "w", encoding="utf-8", errors="backslashreplace", buffering=1)
