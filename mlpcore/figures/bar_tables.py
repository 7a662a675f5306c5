"""HTML tables with a bar in each row: measures of each class, a ranking, and how far weights moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_BLUE = "#3d8ed0"
_FAINT = "color-mix(in srgb,currentColor 10%,transparent)"


@dataclass(frozen=True)
class ScoreCell:
    """A share (0..1), None where there is no bar, and the text above it."""

    share: float | None
    text: str


@dataclass(frozen=True)
class ScoreRow:
    """A line of the table: choosing it sends `pick`; without one it cannot be chosen."""

    name: str
    fields: tuple[ScoreCell, ...]
    pick: str = ""
    description: str = ""


def scores_table(heads: Sequence[str], rows: Sequence[ScoreRow], marked: str = "") -> str:
    """The table: `heads` stand above the names and the fields; the row whose pick is `marked` has an edge."""
    columns = f"minmax(0,max-content) repeat({len(heads) - 1},minmax(0,1fr))"
    lines = "".join(_line(row, bool(row.pick) and row.pick == marked) for row in rows)
    head = "".join(f'<span style="font-weight:600">{escape(text)}</span>' for text in heads)
    return (
        f'<div style="display:grid;grid-template-columns:{columns};font-size:14px;line-height:1.35;'
        'font-variant-numeric:tabular-nums">'
        f'<div style="{_SUBGRID};border-bottom:1px solid {_FAINT}">{head}</div>{lines}</div>'
    )


_SUBGRID = (
    "display:grid;grid-template-columns:subgrid;grid-column:1/-1;column-gap:12px;align-items:center;padding:3px 6px"
)


def _line(row: ScoreRow, marked: bool) -> str:
    edge = "outline:2px solid currentColor;outline-offset:-2px;border-radius:6px;" if marked else ""
    weight = "" if row.pick else f"font-weight:700;border-top:1px solid {_FAINT};"
    pick = f'data-pick="{escape(row.pick)}" aria-label="{escape(row.description)}" ' if row.pick else ""
    fields = "".join(_field(field) for field in row.fields)
    return f'<div {pick}style="{_SUBGRID};{edge}{weight}"><span>{escape(row.name)}</span>{fields}</div>'


def _field(field: ScoreCell) -> str:
    if field.share is None:
        return f'<span style="opacity:.8">{escape(field.text)}</span>'
    return (
        f'<span style="min-width:0"><span style="display:block;white-space:nowrap">{escape(field.text)}</span>'
        f'<span style="display:block;height:5px;border-radius:3px;background:{_FAINT};overflow:hidden">'
        f'<i style="display:block;height:100%;width:{100 * field.share:.2f}%;background:{_BLUE}"></i></span></span>'
    )


_BAR = "#3d8ed0"
_RANKING_FAINT = "color-mix(in srgb,currentColor 10%,transparent)"
_EDGE = "color-mix(in srgb,currentColor 20%,transparent)"


@dataclass(frozen=True)
class RankingRow:
    """A place in a ranking; `pick` is what choosing it sends, `share` the length of its bar in 0..1.

    `result` stands on the right, `notes` below the name; all of it is plain text.
    """

    pick: str
    name: str
    share: float
    result: str
    notes: Sequence[str]


def ranking_list(rows: Sequence[RankingRow], marked: str) -> str:
    """The rows in their order, with their places from 1 on; the one that sends `marked` has a thick edge."""
    cells = "".join(_row(place, row, row.pick == marked) for place, row in enumerate(rows, 1))
    return f'<div style="display:grid;gap:6px">{cells}</div>'


def _row(place: int, row: RankingRow, marked: bool) -> str:
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
        f'<span style="grid-column:2;height:8px;border-radius:4px;overflow:hidden;background:{_RANKING_FAINT}">'
        f'<i style="display:block;height:100%;width:{100 * row.share:.1f}%;background:{_BAR}"></i></span>'
        f'<span style="grid-column:2;font-size:13px;line-height:1.4;opacity:.8">{notes}</span></div>'
    )


_MOVED_FAINT = "color-mix(in srgb,currentColor 8%,transparent)"


@dataclass(frozen=True)
class WeightChange:
    """A layer: its name, the relative change of its weights with its text, and what its biases did."""

    name: str
    share: float
    percent: str
    biases: str


def weight_change_table(rows: Sequence[WeightChange], heads: tuple[str, str, str]) -> str:
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
            f'<span style="height:12px;background:{_MOVED_FAINT};border-radius:3px;overflow:hidden">'
            f'<i style="display:block;height:100%;width:{100 * row.share / largest:.1f}%;background:#3d8ed0"></i>'
            "</span>"
            f'<span style="text-align:right">{escape(row.biases)}</span>'
        )
    return (
        '<div style="display:grid;grid-template-columns:max-content max-content minmax(40px,1fr) minmax(0,max-content);'
        "gap:5px 14px;align-items:center;font-size:14px;line-height:1.35;font-variant-numeric:tabular-nums;"
        f'max-width:640px">{"".join(cells)}</div>'
    )
