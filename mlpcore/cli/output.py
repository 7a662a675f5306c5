"""Output of the commands: standard output without the lines of libraries, JSON, numbers and tables as text."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from mlpcore import formatting
from mlpcore.store.plain_runs import as_json
from mlpcore.workers import logs


class Output:
    """Standard output for our own lines only: whatever libraries print goes to standard error.

    `closed` is called once when the reader has closed its end; lines after that are dropped.
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

    @property
    def in_terminal(self) -> bool:
        """Whether a person reads the lines in a terminal, and no other program."""
        return self._file is not None and self._file.isatty()

    def line(self, text: str) -> None:
        """Write a line, at once."""
        self.text(f"{text}\n")

    def text(self, text: str) -> None:
        """Write a text; what has no end of its line yet may be written later."""
        if self._file is None:
            return
        try:
            self._file.write(text)
        except (OSError, ValueError):
            with suppress(OSError):  # what it still holds cannot be written either
                self._file.close()
            self._file = None
            self._closed()

    def json(self, value: dict[str, Any]) -> None:
        """Write a value as one line of plain ASCII JSON."""
        self.line(as_json(value))


def accuracy(share: float | None, deviation: float | None = None) -> str:
    """A share from 0 to 1 in percent, with the deviation over several networks; empty where it is not known."""
    return "" if share is None else in_terminal(formatting.accuracy(share, deviation))


def in_terminal(number: str) -> str:
    """A number with plain spaces, which are easier to search for in a terminal."""
    return number.replace("\N{NO-BREAK SPACE}", " ")


def aligned(rows: Sequence[Sequence[str]], right_aligned: Collection[str] = ()) -> list[str]:
    """Lines with aligned columns. The first row names the columns; those in `right_aligned` are set flush right."""
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    right = [header in right_aligned for header in cells[0]]
    return ["  ".join(map(_padded, row, widths, right)).rstrip() for row in cells]


def _padded(cell: str, columns: int, right: bool) -> str:
    space = " " * (columns - width(cell))
    return space + cell if right else cell + space


def printable(text: str) -> str:
    """`text` with `?` for characters that a terminal would act on: control, formatting and unassigned ones."""
    return "".join("?" if unicodedata.category(character).startswith("C") else character for character in text)


def width(text: str) -> int:
    """The columns that `text` takes in a terminal: two for Japanese characters, none for combining marks."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def redirect_library_output(log: str) -> Path | None:
    """Keep standard error for our own sentences: what the engine's C++ code writes there goes to a log, if possible."""
    own, library_log = _own_file(2), logs.open_log(log)
    if own is None or isinstance(library_log, int):
        return None
    sys.stderr = own
    os.dup2(library_log.fileno(), 2)
    library_log.close()
    return logs.log_path(log)


def _own_file(descriptor: int) -> TextIO | None:
    """A file of our own that writes where `descriptor` does; None where that is closed."""
    try:
        own = os.dup(descriptor)
    except OSError:
        return None
    return os.fdopen(own, "w", encoding="utf-8", errors="backslashreplace", buffering=1)
