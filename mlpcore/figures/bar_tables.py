"""HTML tables with a bar in each row: measures of each class, a ranking, and how much weights changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mlpcore.figures import palette
from mlpcore.figures.markup import tag


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
    columns = f"grid-template-columns:minmax(0,max-content) repeat({len(heads) - 1},minmax(0,1fr))"
    return tag(
        "div",
        tag("div", *(tag("span", text) for text in heads), class_="fig-scores-row fig-scores-head"),
        *(_score_row(row, bool(row.pick) and row.pick == marked) for row in rows),
        class_="fig-scores",
        style=columns,
    )


def ranking_list(rows: Sequence[RankingRow], marked: str) -> Markup:
    """The rows in their order, with their ranks from 1 on; the one that sends `marked` has a thick edge."""
    cells = [_rank(rank, row, row.pick == marked) for rank, row in enumerate(rows, 1)]
    return tag("div", *cells, class_="fig-ranking")


def weight_change_table(rows: Sequence[WeightChange], heads: tuple[str, str, str]) -> Markup:
    """One row per layer; bars are drawn relative to the largest change. `heads` are above names, weights and biases."""
    largest = max((row.share for row in rows), default=0.0) or 1.0
    layers, weights, biases = heads
    cells = [
        tag("span", layers, class_="fig-dim"),
        tag("span", weights, class_="fig-dim fig-changes-weights"),
        tag("span", biases, class_="fig-dim fig-number"),
    ]
    for row in rows:
        cells += [
            tag("span", row.name),
            tag("span", row.percent, class_="fig-number"),
            _bar(row.share / largest, 12),
            tag("span", row.biases, class_="fig-number"),
        ]
    return tag("div", *cells, class_="fig-changes")


def _score_row(row: ScoreRow, marked: bool) -> Markup:
    kind = "fig-scores-row" + " fig-scores-marked" * marked + " fig-scores-mean" * (not row.pick)
    return tag(
        "div",
        tag("span", row.name),
        *map(_score, row.fields),
        data_pick=row.pick or None,
        aria_label=row.description if row.pick else None,
        class_=kind,
    )


def _score(cell: ScoreCell) -> Markup:
    if cell.share is None:
        return tag("span", cell.text, class_="fig-dim")
    return tag("span", tag("span", cell.text, class_="fig-score"), _bar(cell.share, 5))


def _rank(rank: int, row: RankingRow, marked: bool) -> Markup:
    notes = Markup(" · ").join(tag("span", note) for note in row.notes)
    return tag(
        "div",
        tag("b", str(rank), class_="fig-number fig-dim"),
        tag("span", tag("b", row.name), tag("span", row.result), class_="fig-rank-heading"),
        tag("span", _bar(row.share, 8), class_="fig-rank-bar"),
        tag("span", notes, class_="fig-rank-notes fig-dim"),
        data_pick=row.pick,
        aria_pressed=str(marked).lower(),
        aria_label=", ".join((f"{rank}: {row.name}", row.result, *row.notes)),
        class_="fig-rank",
    )


def _bar(share: float, height: int) -> Markup:
    """A bar from the left, as long as its share of the room it has, `height` pixels high."""
    filled = tag("i", style=f"width:{100 * share:.1f}%;background:{palette.VALUE}")
    return tag("span", filled, class_="fig-bar", style=f"height:{height}px")
