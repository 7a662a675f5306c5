"""Examples with a network's answers, as the TensorFlow tutorial on image classification shows them: a grid, in HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from mlpcore.figures import pixels
from mlpcore.figures.answer_bars import NO, RIGHT_TEXT, WRONG_TEXT, YES, lying_bars, upright_bars
from mlpcore.figures.features import Feature, large_features, small_features

_EDGE = "color-mix(in srgb,currentColor 20%,transparent)"
_COLUMNS = 5
_GAP = 12
_LEAST = 160  # pixels that a card needs


@dataclass(frozen=True)
class Card:
    """An example and the answer to it; `number` is what choosing it sends.

    `shown` is its picture, (height, width) in 0..1, or its features. `caption` and `notes` stand below, `description`
    is what a screen reader says. `truth` and `answer` are places in `probabilities`, which has one for each class.
    """

    number: int
    shown: NDArray[np.float32] | Sequence[Feature]
    probabilities: Sequence[float]
    truth: int
    answer: int
    caption: str
    notes: tuple[str, ...]
    description: str


def gallery(cards: Sequence[Card], names: Sequence[str], marked: int | None = None) -> str:
    """A grid of cards that can be chosen, as many in a row as there is room for, at most five.

    `names` are those of the classes; the card with the number `marked` has a thick edge.
    """
    least = f"max({_LEAST}px,(100% - {(_COLUMNS - 1) * _GAP}px)/{_COLUMNS})"
    cells = "".join(_card(card, names, card.number == marked) for card in cards)
    return (
        f'<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax({least},1fr));gap:{_GAP}px">'
        f"{cells}</div>"
    )


def large(card: Card, names: Sequence[str], pictures: Sequence[tuple[NDArray[np.float32], str]] = ()) -> str:
    """One example with everything: pictures with their captions, or the features, and the bars of all classes."""
    if pictures:
        shown = "".join(
            f'<figure style="margin:0;width:168px">{pixels.grey_image(picture)}'
            f'<figcaption style="font-size:13px;margin-top:4px;opacity:.85">{escape(caption)}</figcaption></figure>'
            for picture, caption in pictures
        )
        left = f'<div style="flex:none;display:flex;flex-wrap:wrap;gap:12px;max-width:100%">{shown}</div>'
    else:
        left = f'<div style="flex:1 1 320px;min-width:0">{large_features(_features(card))}</div>'
    bars = lying_bars(card.probabilities, names, card.truth, card.answer)
    return (
        f'<div style="display:flex;flex-wrap:wrap;gap:20px">{left}'
        f'<div role="img" aria-label="{escape(card.description)}" style="flex:1 1 240px;min-width:0">{bars}</div></div>'
    )


def _card(card: Card, names: Sequence[str], marked: bool) -> str:
    bars = upright_bars(card.probabilities, names, card.truth, card.answer)
    if isinstance(card.shown, np.ndarray):
        columns, shown = "minmax(0,2fr) minmax(0,3fr)", pixels.grey_image(card.shown)
    else:
        columns, shown = "minmax(0,1fr)", small_features(card.shown)
    right = card.truth == card.answer
    notes = " ".join(f'<span style="display:inline-block">{escape(note)}</span>' for note in card.notes)
    edge = "2px solid currentColor" if marked else f"1px solid {_EDGE}"
    return (
        f'<div data-pick="{card.number}" aria-label="{escape(card.description)}" style="display:grid;'
        f'grid-template-columns:{columns};gap:6px 10px;padding:{7 if marked else 8}px;border:{edge};border-radius:8px">'
        f'{shown}{bars}<div style="grid-column:1/-1;font-size:14px;line-height:1.3;'
        f'color:{RIGHT_TEXT if right else WRONG_TEXT}">{YES if right else NO} <b>{escape(card.caption)}</b> '
        f"{notes}</div></div>"
    )


def _features(card: Card) -> Sequence[Feature]:
    return [] if isinstance(card.shown, np.ndarray) else card.shown
