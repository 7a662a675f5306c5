"""Measures of each class as a table with a bar in each field, in HTML; rows can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_BLUE = "#3d8ed0"
_FAINT = "color-mix(in srgb,currentColor 10%,transparent)"


@dataclass(frozen=True)
class Field:
    """A share (0..1), None where there is no bar, and the text above it."""

    share: float | None
    text: str


@dataclass(frozen=True)
class Row:
    """A line of the table: choosing it sends `pick`; without one it cannot be chosen."""

    name: str
    fields: tuple[Field, ...]
    pick: str = ""
    description: str = ""


def scores_table(heads: Sequence[str], rows: Sequence[Row], marked: str = "") -> str:
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


def _line(row: Row, marked: bool) -> str:
    edge = "outline:2px solid currentColor;outline-offset:-2px;border-radius:6px;" if marked else ""
    weight = "" if row.pick else f"font-weight:700;border-top:1px solid {_FAINT};"
    pick = f'data-pick="{escape(row.pick)}" aria-label="{escape(row.description)}" ' if row.pick else ""
    fields = "".join(_field(field) for field in row.fields)
    return f'<div {pick}style="{_SUBGRID};{edge}{weight}"><span>{escape(row.name)}</span>{fields}</div>'


def _field(field: Field) -> str:
    if field.share is None:
        return f'<span style="opacity:.8">{escape(field.text)}</span>'
    return (
        f'<span style="min-width:0"><span style="display:block;white-space:nowrap">{escape(field.text)}</span>'
        f'<span style="display:block;height:5px;border-radius:3px;background:{_FAINT};overflow:hidden">'
        f'<i style="display:block;height:100%;width:{100 * field.share:.2f}%;background:{_BLUE}"></i></span></span>'
    )
