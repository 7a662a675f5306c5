"""Lines of Python: comments that fit the page, calls, and a user's text that cannot become code."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

COLUMNS = 88
_DEEPEST = 12
_INDENT = "    "
_QUOTES = '"""'
_NO_START = frozenset("、。，．,.）)」』】!?！？:：;；%ーっゃゅょッャュョ・")


def remark(text: str) -> list[str]:
    """A sentence as comment lines."""
    return [f"# {line}" for line in wrapped(text, COLUMNS - len("# ") - _DEEPEST)]


def docstring(text: str) -> list[str]:
    """A sentence as what a function says of itself, within its block."""
    first, *others = wrapped(text, COLUMNS - len(_INDENT) - 2 * len(_QUOTES) - len(_INDENT))
    lines = [_QUOTES + first, *others]
    return indented([*lines[:-1], lines[-1] + _QUOTES])


def indented(lines: Iterable[str], levels: int = 1) -> list[str]:
    """Lines within a block."""
    return [f"{_INDENT * levels}{line}" if line else "" for line in lines]


def call(name: str, arguments: Iterable[str], indent: int = 0, end: str = "") -> list[str]:
    """A call on one line where it fits behind `indent` columns, else with an argument a line."""
    given = list(arguments)
    line = f"{name}({', '.join(given)}){end}"
    if indent + len(line) <= COLUMNS:
        return [line]
    return [f"{name}(", *(f"{_INDENT}{argument}," for argument in given), f"){end}"]


def wrapped(text: str, columns: int) -> list[str]:
    """Text in lines of at most `columns`, broken at spaces, and between Japanese characters."""
    lines, line = [], ""
    for word in _words(text):
        if line and width(line) + width(word.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line += word
    return [*lines, line.rstrip()]


def _words(text: str) -> list[str]:
    """The pieces between which a line may end, each with the space behind it."""
    words: list[str] = []
    for sign in text:
        glued = words and sign in _NO_START
        apart = not words or (words[-1].endswith(" ") and sign != " ") or _wide(sign) or _wide(words[-1][-1])
        if words and (glued or sign == " " or not apart):
            words[-1] += sign
        else:
            words.append(sign)
    return words


def _wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def width(text: str) -> int:
    """The columns that a text takes where letters are equally wide."""
    return sum(2 if _wide(sign) else 1 for sign in text)


def foreign(text: str) -> list[str]:
    """Text of a user as comment lines, each behind a bar; whatever it holds, it stays a comment.

    Control and formatting characters, which could end a line or turn its direction, are left out.
    """
    plain = ["".join(sign for sign in line if unicodedata.category(sign)[0] != "C") for line in text.splitlines()]
    return [f"# | {part}".rstrip() for line in plain for part in wrapped(line, COLUMNS - len("# | "))]
