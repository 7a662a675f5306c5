"""Digits that were misread: small pictures, each with what it was meant to be and what was read, in HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from mlpcore.figures import pixels
from mlpcore.figures.answer_bars import WRONG_TEXT


@dataclass(frozen=True)
class Misread:
    """A picture, (height, width) in 0..1; `caption` and `note` stand below it, a screen reader says `description`."""

    picture: NDArray[np.float32]
    caption: str
    note: str
    description: str


def misread_tiles(tiles: Sequence[Misread]) -> str:
    """As many tiles in a row as there is room for."""
    cells = "".join(map(_tile, tiles))
    return f'<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax(80px,1fr));gap:10px">{cells}</div>'


def _tile(tile: Misread) -> str:
    return (
        f'<figure role="img" aria-label="{escape(tile.description)}" style="margin:0;text-align:center">'
        f'<img src="{pixels.grey(tile.picture)}" alt="" width="72" height="72"'
        ' style="image-rendering:pixelated;border-radius:4px">'
        f'<figcaption style="font-size:14px;line-height:1.3"><b style="color:{WRONG_TEXT}">{escape(tile.caption)}</b>'
        f'<br><span style="opacity:.8">{escape(tile.note)}</span></figcaption></figure>'
    )
