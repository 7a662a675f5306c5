"""Who reads best: a list of rows with a bar each, in HTML, of which one can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_BAR = "#3d8ed0"
_FAINT = "color-mix(in srgb,currentColor 10%,transparent)"
_EDGE = "color-mix(in srgb,currentColor 20%,transparent)"


@dataclass(frozen=True)
class Row:
    """A place in a ranking; `pick` is what choosing it sends, `share` the length of its bar in 0..1.

    `result` stands on the right, `notes` below the name; all of it is plain text.
    """

    pick: str
    name: str
    share: float
    result: str
    notes: Sequence[str]


def ranking(rows: Sequence[Row], marked: str) -> str:
    """The rows in their order, with their places from 1 on; the one that sends `marked` has a thick edge."""
    cells = "".join(_row(place, row, row.pick == marked) for place, row in enumerate(rows, 1))
    return f'<div style="display:grid;gap:6px">{cells}</div>'


def _row(place: int, row: Row, marked: bool) -> str:
    edge = "2px solid currentColor" if marked else f"1px solid {_EDGE}"
    notes = " · ".join(f'<span style="white-space:nowrap">{escape(note)}</span>' for note in row.notes)
    description = escape(", ".join((f"{place}: {row.name}", row.result, *row.notes)))
    return (
        f'<div data-pick="{escape(row.pick)}" aria-pressed="{str(marked).lower()}" aria-label="{description}"'
        f' style="display:grid;grid-template-columns:1.6em minmax(0,1fr);gap:2px 8px;align-items:baseline;'
        f'padding:{5 if marked else 6}px {9 if marked else 10}px;border:{edge};border-radius:8px">'
        f'<b style="text-align:right;opacity:.7">{place}</b>'
        '<span style="display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 12px;line-height:1.4">'
        f'<b style="overflow-wrap:anywhere">{escape(row.name)}</b>'
        f'<span style="font-variant-numeric:tabular-nums;white-space:nowrap">{escape(row.result)}</span></span>'
        f'<span style="grid-column:2;height:8px;border-radius:4px;overflow:hidden;background:{_FAINT}">'
        f'<i style="display:block;height:100%;width:{100 * row.share:.1f}%;background:{_BAR}"></i></span>'
        f'<span style="grid-column:2;font-size:13px;line-height:1.4;opacity:.8">{notes}</span></div>'
    )
