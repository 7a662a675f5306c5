"""Examples as HTML cards: a gallery with a network's answers, those that activate a neuron, and misread digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from mlpcore.figures import pixels
from mlpcore.figures.axes import text_width
from mlpcore.figures.feature_bars import Feature, large_features, small_features
from mlpcore.figures.probability_bars import (
    RIGHT_MARK,
    RIGHT_TEXT,
    WRONG_MARK,
    WRONG_TEXT,
    horizontal_bars,
    vertical_bars,
)

_EDGE = "color-mix(in srgb,currentColor 20%,transparent)"
_COLUMNS = 5
_GAP = 12
_LEAST = 160  # pixels that a card needs


@dataclass(frozen=True)
class ExampleCard:
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


def gallery(cards: Sequence[ExampleCard], names: Sequence[str], marked: int | None = None) -> str:
    """A grid of cards that can be chosen, as many in a row as there is room for, at most five.

    `names` are those of the classes; the card with the number `marked` has a thick edge.
    """
    least = f"max({_LEAST}px,(100% - {(_COLUMNS - 1) * _GAP}px)/{_COLUMNS})"
    cells = "".join(_card(card, names, card.number == marked) for card in cards)
    return (
        f'<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax({least},1fr));gap:{_GAP}px">'
        f"{cells}</div>"
    )


def large_example(
    card: ExampleCard, names: Sequence[str], pictures: Sequence[tuple[NDArray[np.float32], str]] = ()
) -> str:
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
    bars = horizontal_bars(card.probabilities, names, card.truth, card.answer)
    return (
        f'<div style="display:flex;flex-wrap:wrap;gap:20px">{left}'
        f'<div role="img" aria-label="{escape(card.description)}" style="flex:1 1 240px;min-width:0">{bars}</div></div>'
    )


def _card(card: ExampleCard, names: Sequence[str], marked: bool) -> str:
    bars = vertical_bars(card.probabilities, names, card.truth, card.answer)
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
        f'color:{RIGHT_TEXT if right else WRONG_TEXT}">{RIGHT_MARK if right else WRONG_MARK} '
        f"<b>{escape(card.caption)}</b> {notes}</div></div>"
    )


def _features(card: ExampleCard) -> Sequence[Feature]:
    return [] if isinstance(card.shown, np.ndarray) else card.shown


_SIZE = 12.5  # of the letters
_SHORT, _LONG = 74, 100  # pixels of text that fit under a small card, and the width of a large one
_EXCITED_EDGE = "color-mix(in srgb,currentColor 20%,transparent)"


@dataclass(frozen=True)
class ActivatingExample:
    """An example: its picture, (height, width) in 0..1, or its features, and two lines below it.

    `pick` is what is told when it is chosen, `hint` what a screen reader says.
    """

    shown: NDArray[np.float32] | Sequence[Feature]
    title: str
    note: str
    pick: str
    hint: str


def activating_examples(examples: Sequence[ActivatingExample]) -> str:
    """As many cards in a row as there is room for."""
    pictures = all(isinstance(example.shown, np.ndarray) for example in examples)
    texts = [text for example in examples for text in (example.title, example.note)]
    small = "max(56px,(100% - 56px)/8)" if text_width(texts, _SIZE) <= _SHORT else f"{_LONG}px"
    cards = "".join(_excited_card(example) for example in examples)
    return (
        '<div style="display:grid;gap:8px;'
        f'grid-template-columns:repeat(auto-fill,minmax({small if pictures else "150px"},1fr))">{cards}</div>'
    )


def _excited_card(example: ActivatingExample) -> str:
    if isinstance(example.shown, np.ndarray):
        edge, shown = "", pixels.grey_image(example.shown)
    else:
        edge, shown = f";border:1px solid {_EXCITED_EDGE};border-radius:8px;padding:8px", small_features(example.shown)
    hint = escape(example.hint)
    return (
        f'<div data-pick="{escape(example.pick)}" aria-label="{hint}" title="{hint}" '
        f'style="min-width:0;max-width:220px{edge}">{shown}'
        f'<div style="font-size:{_SIZE}px;line-height:1.3;margin-top:3px;font-variant-numeric:tabular-nums">'
        f'<b>{escape(example.title)}</b><br><span style="opacity:.8">{escape(example.note)}</span></div></div>'
    )


@dataclass(frozen=True)
class MisreadDigit:
    """A picture, (height, width) in 0..1; `caption` and `note` stand below it, a screen reader says `description`."""

    picture: NDArray[np.float32]
    caption: str
    note: str
    description: str


def misread_digits(tiles: Sequence[MisreadDigit]) -> str:
    """As many tiles in a row as there is room for."""
    cells = "".join(map(_tile, tiles))
    return f'<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax(80px,1fr));gap:10px">{cells}</div>'


def _tile(tile: MisreadDigit) -> str:
    return (
        f'<figure role="img" aria-label="{escape(tile.description)}" style="margin:0;text-align:center">'
        f'<img src="{pixels.grey(tile.picture)}" alt="" width="72" height="72"'
        ' style="image-rendering:pixelated;border-radius:4px">'
        f'<figcaption style="font-size:14px;line-height:1.3"><b style="color:{WRONG_TEXT}">{escape(tile.caption)}</b>'
        f'<br><span style="opacity:.8">{escape(tile.note)}</span></figcaption></figure>'
    )
