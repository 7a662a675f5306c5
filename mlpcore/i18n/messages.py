"""Sentences that the core writes and the pages translate.

The core does not know the user's language. It marks an English sentence with `N_` (so that the extraction of texts
finds it) and puts it with its values into a `Message`, which a page renders in the language of its user and the store
keeps as JSON.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Translate = Callable[[str], str]


def N_(text: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Mark `text` for translation and return it unchanged."""
    return text


@dataclass(frozen=True)
class Message:
    """An English sentence with named placeholders, `"{field} must be at least {minimum}."`, and their values.

    A value may itself be a `Message`, which is translated too.
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def render(self, translate: Translate = str) -> str:
        """The sentence in the language of `translate` (a gettext function; English without one)."""
        values = {
            name: value.render(translate) if isinstance(value, Message) else value
            for name, value in self.values.items()
        }
        return translate(self.text).format(**values)

    def __str__(self) -> str:
        return self.render()

    def to_json(self) -> str:
        """The message as JSON; values that JSON cannot hold become text."""
        return json.dumps(self._plain(), ensure_ascii=False, default=str)

    @classmethod
    def from_json(cls, text: str) -> Message:
        """The message that `to_json` wrote."""
        return cls._from_plain(json.loads(text))

    def _plain(self) -> dict[str, Any]:
        values = {k: v._plain() if isinstance(v, Message) else v for k, v in self.values.items()}
        return {"text": self.text, "values": values}

    @classmethod
    def _from_plain(cls, plain: Mapping[str, Any]) -> Message:
        values = {k: cls._from_plain(v) if isinstance(v, dict) else v for k, v in plain["values"].items()}
        return cls(plain["text"], values)


def isolated(text: str) -> str:
    """User-given text for use within a sentence: where it runs from right to left, it cannot reorder what is around it.

    Such text stands between U+2068 (first strong isolate) and U+2069, after Unicode's bidirectional algorithm (UAX 9).
    """
    if _LEFT_TO_RIGHT.issuperset(map(unicodedata.bidirectional, text)):
        return text
    return f"\u2068{text.translate(_WITHOUT_ISOLATES)}\u2069"


_LEFT_TO_RIGHT = frozenset(("", "L", "EN", "ES", "ET", "AN", "CS", "NSM", "BN", "B", "S", "WS", "ON"))
"""The bidirectional classes that change no direction."""
_WITHOUT_ISOLATES = dict.fromkeys(range(0x2066, 0x206A))
