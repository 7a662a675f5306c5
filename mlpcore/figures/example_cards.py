"""Examples as HTML cards: a gallery with a network's predictions, those that activate a neuron, and misread digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from mlpcore.figures import palette
from mlpcore.figures.axes import text_width
from mlpcore.figures.images import grey_image, grey_url
from mlpcore.figures.markup import tag
from mlpcore.figures.probability_bars import horizontal_bars, vertical_bars
from mlpcore.figures.signed_bars import Feature, large_features, small_features

_COLUMNS, _GAP = 5, 12
_MIN_WIDTH = 160  # pixels that a card of the gallery needs
_CARD_TEXT = 12.5  # the size of the text below an activating example
_SHORT, _LONG = 74, 100  # pixels of text that fit below a small card, and the width of a large one


@dataclass(frozen=True)
class ExampleCard:
    """An example and its prediction; `number` is what choosing it sends.

    `shown` is its picture, (height, width) in 0..1, or its features. `caption` and `notes` stand below, `description`
    is what a screen reader says. `label` and `predicted` are indices of `probabilities`, which has one for each class.
    """

    number: int
    shown: NDArray[np.float32] | Sequence[Feature]
    probabilities: Sequence[float]
    label: int
    predicted: int
    caption: str
    notes: tuple[str, ...]
    description: str


@dataclass(frozen=True)
class ActivatingExample:
    """An example: its picture, (height, width) in 0..1, or its features, and two lines below it.

    `pick` is what choosing it sends, `hint` what a screen reader says.
    """

    shown: NDArray[np.float32] | Sequence[Feature]
    title: str
    note: str
    pick: str
    hint: str


@dataclass(frozen=True)
class MisreadDigit:
    """A picture, (height, width) in 0..1; `caption` and `note` stand below it, a screen reader says `description`."""

    picture: NDArray[np.float32]
    caption: str
    note: str
    description: str


def gallery(cards: Sequence[ExampleCard], names: Sequence[str], marked: int | None = None) -> Markup:
    """A grid of cards that can be chosen, as many in a row as there is room for, at most five.

    `names` are those of the classes; the card with the number `marked` has a thick edge.
    """
    min_width = f"max({_MIN_WIDTH}px,(100% - {(_COLUMNS - 1) * _GAP}px)/{_COLUMNS})"
    cells = [_card(card, names, card.number == marked) for card in cards]
    return tag("div", *cells, class_="fig-grid", style=_grid(min_width, _GAP))


def large_example(
    card: ExampleCard, names: Sequence[str], pictures: Sequence[tuple[NDArray[np.float32], str]] = ()
) -> Markup:
    """One example with everything: pictures with their captions, or the features, and the bars of all classes."""
    if pictures:
        figures = [
            tag(
                "figure",
                grey_image(picture),
                tag("figcaption", caption, class_="fig-dim"),
            )
            for picture, caption in pictures
        ]
        left = tag("div", *figures, class_="fig-large-images")
    else:
        features = [] if isinstance(card.shown, np.ndarray) else card.shown
        left = tag("div", large_features(features), class_="fig-large-features")
    bars = horizontal_bars(card.probabilities, names, card.label, card.predicted)
    right = tag("div", bars, role="img", aria_label=card.description, class_="fig-large-bars")
    return tag("div", left, right, class_="fig-large")


def activating_examples(examples: Sequence[ActivatingExample]) -> Markup:
    """Small cards that can be chosen, as many in a row as there is room for."""
    pictures = all(isinstance(example.shown, np.ndarray) for example in examples)
    texts = [text for example in examples for text in (example.title, example.note)]
    small = "max(56px,(100% - 56px)/8)" if text_width(texts, _CARD_TEXT) <= _SHORT else f"{_LONG}px"
    return tag("div", *map(_activating, examples), class_="fig-grid", style=_grid(small if pictures else "150px", 8))


def misread_digits(tiles: Sequence[MisreadDigit]) -> Markup:
    """Small pictures of misread digits, each with what was meant and what was read, as many in a row as fit."""
    return tag("div", *map(_misread, tiles), class_="fig-grid", style=_grid("80px", 10))


def _grid(min_width: str, gap: int) -> str:
    return f"grid-template-columns:repeat(auto-fill,minmax({min_width},1fr));gap:{gap}px"


def _card(card: ExampleCard, names: Sequence[str], marked: bool) -> Markup:
    if isinstance(card.shown, np.ndarray):
        kind, shown = "fig-card", grey_image(card.shown)
    else:
        kind, shown = "fig-card fig-card-features", small_features(card.shown)
    right = card.label == card.predicted
    mark, color = (palette.CORRECT_MARK, palette.CORRECT_TEXT) if right else (palette.WRONG_MARK, palette.WRONG_TEXT)
    notes = Markup(" ").join(tag("span", note) for note in card.notes)
    return tag(
        "div",
        shown,
        vertical_bars(card.probabilities, names, card.label, card.predicted),
        tag("div", f"{mark} ", tag("b", card.caption), " ", notes, class_="fig-card-text", style=f"color:{color}"),
        data_pick=str(card.number),
        aria_label=card.description,
        class_=kind + " fig-card-marked" * marked,
    )


def _activating(example: ActivatingExample) -> Markup:
    if isinstance(example.shown, np.ndarray):
        kind, shown = "fig-small", grey_image(example.shown)
    else:
        kind, shown = "fig-small fig-small-features", small_features(example.shown)
    lines = (tag("b", example.title), tag("br"), tag("span", example.note, class_="fig-dim"))
    return tag(
        "div",
        shown,
        tag("div", *lines, class_="fig-small-text"),
        data_pick=example.pick,
        aria_label=example.hint,
        title=example.hint,
        class_=kind,
    )


def _misread(tile: MisreadDigit) -> Markup:
    picture = tag("img", src=grey_url(tile.picture), alt="", width=72, height=72)
    caption = tag(
        "figcaption",
        tag("b", tile.caption, style=f"color:{palette.WRONG_TEXT}"),
        tag("br"),
        tag("span", tile.note, class_="fig-dim"),
    )
    return tag("figure", picture, caption, role="img", aria_label=tile.description, class_="fig-misread")
