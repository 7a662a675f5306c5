"""Text as Python comments and docstrings of limited width, and a user's text, which must never become code."""

from __future__ import annotations

import unicodedata

COLUMNS = 88
_MAX_INDENT = 12
_INDENT = 4
_QUOTES = '"""'
_NEVER_FIRST = frozenset("、。，．,.）)」』】!?！？:：;；%ーっゃゅょッャュョ・")
"""Characters that must not begin a line, by the rules of Japanese typesetting."""


def comment(text: str) -> str:
    """A sentence as comment lines, short enough for the deepest block."""
    return "\n".join(f"# {line}" for line in wrapped(text, COLUMNS - len("# ") - _MAX_INDENT))


def docstring(text: str) -> str:
    """A sentence as the docstring of a function, without the indentation of its block."""
    return _QUOTES + "\n".join(wrapped(text, COLUMNS - 2 * len(_QUOTES) - 2 * _INDENT)) + _QUOTES


def user_comment(text: str) -> list[str]:
    """Text of a user as comment lines, each after a bar; whatever it contains, it stays a comment.

    Control and formatting characters, which could end a line or reverse its direction, are left out.
    """
    lines = ["".join(char for char in line if unicodedata.category(char)[0] != "C") for line in text.splitlines()]
    return [f"# | {part}".rstrip() for line in lines for part in wrapped(line, COLUMNS - len("# | "))]


def wrapped(text: str, columns: int) -> list[str]:
    """Text in lines of at most `columns`, broken at spaces and between Japanese characters."""
    lines, line = [], ""
    for word in _words(text):
        if line and width(line) + width(word.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line += word
    return [*lines, line.rstrip()]


def width(text: str) -> int:
    """The columns that a text takes in a font of fixed width."""
    return sum(2 if _is_wide(char) else 1 for char in text)


def _words(text: str) -> list[str]:
    """The parts between which a line may end, each with the space after it."""
    words: list[str] = []
    for char in text:
        sticks = words and char in _NEVER_FIRST
        begins = not words or (words[-1].endswith(" ") and char != " ") or _is_wide(char) or _is_wide(words[-1][-1])
        if words and (sticks or char == " " or not begins):
            words[-1] += char
        else:
            words.append(char)
    return words


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"
