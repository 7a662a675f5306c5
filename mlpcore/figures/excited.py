"""Examples that a neuron answers to, as small cards in a row that can be chosen, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from mlpcore.figures import pixels
from mlpcore.figures.features import Feature, small_features

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
    picture = all(isinstance(example.shown, np.ndarray) for example in examples)
    least = "max(56px,(100% - 56px)/8)" if picture else "150px"
    cards = "".join(_card(example) for example in examples)
    return (
        f'<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax({least},1fr));gap:8px">{cards}</div>'
    )


def _card(example: Excited) -> str:
    if isinstance(example.shown, np.ndarray):
        shown = (
            f'<img src="{pixels.grey(example.shown)}" alt="" style="display:block;width:100%;aspect-ratio:1;'
            'image-rendering:pixelated;border-radius:4px">'
        )
    else:
        shown = small_features(example.shown)
    edge = "" if isinstance(example.shown, np.ndarray) else f";border:1px solid {_EDGE};border-radius:8px;padding:8px"
    return (
        f'<div data-pick="{escape(example.pick)}" aria-label="{escape(example.hint)}" title="{escape(example.hint)}" '
        f'style="min-width:0;max-width:220px{edge}">{shown}<div style="font-size:12.5px;line-height:1.3;margin-top:3px;'
        'font-variant-numeric:tabular-nums;overflow:hidden;text-overflow:ellipsis">'
        f'<b>{escape(example.title)}</b><br><span style="opacity:.8">{escape(example.note)}</span></div></div>'
    )
