"""How far each layer of a network moved in training, as HTML: rows with bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_FAINT = "color-mix(in srgb,currentColor 8%,transparent)"


@dataclass(frozen=True)
class Moved:
    """A layer: its name, the relative change of its weights with its text, and what its biases did."""

    name: str
    share: float
    percent: str
    biases: str


def moved_list(rows: Sequence[Moved], heads: tuple[str, str, str]) -> str:
    """A row for each layer; bars are drawn to the largest change. `heads` stand above names, weights and biases."""
    largest = max((row.share for row in rows), default=0.0) or 1.0
    cells = [
        f'<span style="opacity:.7">{escape(heads[0])}</span>'
        f'<span style="opacity:.7;grid-column:2/4">{escape(heads[1])}</span>'
        f'<span style="opacity:.7;text-align:right">{escape(heads[2])}</span>'
    ]
    for row in rows:
        cells.append(
            f'<span>{escape(row.name)}</span><span style="text-align:right">{escape(row.percent)}</span>'
            f'<span style="height:12px;background:{_FAINT};border-radius:3px;overflow:hidden"><i style="display:block;'
            f'height:100%;width:{100 * row.share / largest:.1f}%;background:#3d8ed0"></i></span>'
            f'<span style="text-align:right">{escape(row.biases)}</span>'
        )
    return (
        '<div style="display:grid;grid-template-columns:max-content max-content minmax(40px,1fr) minmax(0,max-content);'
        "gap:5px 14px;align-items:center;font-size:14px;line-height:1.35;font-variant-numeric:tabular-nums;"
        f'max-width:640px">{"".join(cells)}</div>'
    )
