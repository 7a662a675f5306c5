"""Examples that a neuron answers to, as small cards in a row that can be chosen, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from mlpcore.figures import pixels
from mlpcore.figures.features import Feature, small_features
from mlpcore.figures.lettering import longest

_SIZE = 12.5  # of the letters
_SHORT, _LONG = 74, 100  # pixels of text that fit under a small card, and the width of a large one
_EDGE = "color-mix(in srgb,currentColor 20%,transparent)"


@dataclass(frozen=True)
class Excited:
    """An example: its picture, (height, width) in 0..1, or its features, and two lines below it.

    `pick` is what is told when it is chosen, `hint` what a screen reader says.
    """

    shown: NDArray[np.float32] | Sequence[Feature]
    title: str
    note: str
    pick: str
    hint: str


def excited_row(examples: Sequence[Excited]) -> str:
    """As many cards in a row as there is room for."""
    pictures = all(isinstance(example.shown, np.ndarray) for example in examples)
    texts = [text for example in examples for text in (example.title, example.note)]
    small = "max(56px,(100% - 56px)/8)" if longest(texts, _SIZE) <= _SHORT else f"{_LONG}px"
    cards = "".join(_card(example) for example in examples)
    return (
        '<div style="display:grid;gap:8px;'
        f'grid-template-columns:repeat(auto-fill,minmax({small if pictures else "150px"},1fr))">{cards}</div>'
    )


def _card(example: Excited) -> str:
    if isinstance(example.shown, np.ndarray):
        edge, shown = "", pixels.grey_image(example.shown)
    else:
        edge, shown = f";border:1px solid {_EDGE};border-radius:8px;padding:8px", small_features(example.shown)
    hint = escape(example.hint)
    return (
        f'<div data-pick="{escape(example.pick)}" aria-label="{hint}" title="{hint}" '
        f'style="min-width:0;max-width:220px{edge}">{shown}'
        f'<div style="font-size:{_SIZE}px;line-height:1.3;margin-top:3px;font-variant-numeric:tabular-nums">'
        f'<b>{escape(example.title)}</b><br><span style="opacity:.8">{escape(example.note)}</span></div></div>'
    )
