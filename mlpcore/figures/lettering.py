"""How much room a text takes in a figure, about."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_LETTER = 6.4  # about the width of a small letter of 13 pixels; Japanese ones take two
_SIZE = 13.0


def longest(texts: Iterable[str], size: float = _SIZE) -> float:
    """About how wide the widest of these texts is in a font of this size; 0 without any."""
    widths = (sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text) for text in texts)
    return _LETTER * size / _SIZE * max(widths, default=0)
