"""HTML tables with a bar in each row: measures of each class, a ranking, and how much weights changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mlpcore.figures import palette
from mlpcore.figures.markup import tag, together

_TRACK = palette.text_shade(10)
_NUMBERS = "font-size:14px;line-height:1.35;font-variant-numeric:tabular-nums"
_SUBGRID = (
    "display:grid;grid-template-columns:subgrid;grid-column:1/-1;column-gap:12px;align-items:center;padding:3px 6px"
)


@dataclass(frozen=True)
class ScoreCell:
    """A share (0..1), None where there is no bar, and the text above it."""

    share: float | None
    text: str


@dataclass(frozen=True)
class ScoreRow:
    """A row of measures: choosing it sends `pick`; without one it cannot be chosen."""

    name: str
    fields: tuple[ScoreCell, ...]
    pick: str = ""
    description: str = ""


@dataclass(frozen=True)
class RankingRow:
    """A rank: `pick` is what choosing it sends, `share` the length of its bar in 0..1.

    `result` is on the right, `notes` below the name; all of it is plain text.
    """

    pick: str
    name: str
    share: float
    result: str
    notes: Sequence[str]


@dataclass(frozen=True)
class WeightChange:
    """A layer: its name, the relative change of its weights with its text, and how its biases changed."""

    name: str
    share: float
    percent: str
    biases: str


def scores_table(heads: Sequence[str], rows: Sequence[ScoreRow], marked: str = "") -> Markup:
    """Measures of each class: `heads` are above the names and the cells; the row that sends `marked` has an edge."""
    head = [tag("span", text, style="font-weight:600") for text in heads]
    columns = f"grid-template-columns:minmax(0,max-content) repeat({len(heads) - 1},minmax(0,1fr))"
    return tag(
        "div",
        tag("div", *head, style=f"{_SUBGRID};border-bottom:1px solid {_TRACK}"),
        *(_score_row(row, bool(row.pick) and row.pick == marked) for row in rows),
        style=f"display:grid;{columns};{_NUMBERS}",
    )


def ranking_list(rows: Sequence[RankingRow], marked: str) -> Markup:
    """The rows in their order, with their ranks from 1 on; the one that sends `marked` has a thick edge."""
    cells = [_rank(rank, row, row.pick == marked) for rank, row in enumerate(rows, 1)]
    return tag("div", *cells, style="display:grid;gap:6px")


def weight_change_table(rows: Sequence[WeightChange], heads: tuple[str, str, str]) -> Markup:
    """One row per layer; bars are drawn relative to the largest change. `heads` are above names, weights and biases."""
    largest = max((row.share for row in rows), default=0.0) or 1.0
    cells = [
        tag("span", heads[0], style="opacity:.7"),
        tag("span", heads[1], style="opacity:.7;grid-column:2/4"),
        tag("span", heads[2], style="opacity:.7;text-align:right"),
    ]
    for row in rows:
        cells += [
            tag("span", row.name),
            tag("span", row.percent, style="text-align:right"),
            _bar(row.share / largest, 12),
            tag("span", row.biases, style="text-align:right"),
        ]
    columns = "grid-template-columns:max-content max-content minmax(40px,1fr) minmax(0,max-content)"
    return tag(
        "div", *cells, style=f"display:grid;{columns};gap:5px 14px;align-items:center;{_NUMBERS};max-width:640px"
    )


def _score_row(row: ScoreRow, marked: bool) -> Markup:
    style = _SUBGRID
    if marked:
        style += ";outline:2px solid currentColor;outline-offset:-2px;border-radius:6px"
    if not row.pick:
        style += f";font-weight:700;border-top:1px solid {_TRACK}"
    return tag(
        "div",
        tag("span", row.name),
        *map(_score, row.fields),
        data_pick=row.pick or None,
        aria_label=row.description if row.pick else None,
        style=style,
    )


def _score(cell: ScoreCell) -> Markup:
    if cell.share is None:
        return tag("span", cell.text, style="opacity:.8")
    text = tag("span", cell.text, style="display:block;white-space:nowrap")
    return tag("span", text, _bar(cell.share, 5), style="min-width:0")


def _rank(rank: int, row: RankingRow, marked: bool) -> Markup:
    edge = "2px solid currentColor" if marked else f"1px solid {palette.text_shade(20)}"
    padding = "5px 9px" if marked else "6px 10px"
    notes = Markup(" · ").join(tag("span", note, style="white-space:nowrap") for note in row.notes)
    heading = together(
        (
            tag("b", row.name, style="overflow-wrap:anywhere"),
            tag("span", row.result, style="font-variant-numeric:tabular-nums;white-space:nowrap"),
        )
    )
    return tag(
        "div",
        tag("b", str(rank), style="text-align:right;opacity:.7"),
        tag(
            "span",
            heading,
            style="display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 12px;line-height:1.4",
        ),
        tag("span", _bar(row.share, 8), style="grid-column:2"),
        tag("span", notes, style="grid-column:2;font-size:13px;line-height:1.4;opacity:.8"),
        data_pick=row.pick,
        aria_pressed=str(marked).lower(),
        aria_label=", ".join((f"{rank}: {row.name}", row.result, *row.notes)),
        style="display:grid;grid-template-columns:1.6em minmax(0,1fr);gap:2px 8px;align-items:baseline;"
        f"padding:{padding};border:{edge};border-radius:8px",
    )


def _bar(share: float, height: int) -> Markup:
    """A bar from the left, as long as its share of the room it has."""
    return tag(
        "span",
        tag("i", style=f"display:block;height:100%;width:{100 * share:.1f}%;background:{palette.VALUE}"),
        style=f"display:block;height:{height}px;border-radius:{height // 3 + 1}px;background:{_TRACK};overflow:hidden",
    )
