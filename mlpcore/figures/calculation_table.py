"""Calculations as HTML tables: lines of name, calculation and result, numbers below each other, and formulas."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

_RULE = "color-mix(in srgb,currentColor 40%,transparent)"


@dataclass(frozen=True)
class CalculationLine:
    """A line of HTML parts: what it is, how it is calculated, and the result.

    `ruled` draws a line above it; a `strong` one is what counts, a `faint` one a heading.
    """

    name: str
    working: str
    result: str
    ruled: bool = False
    strong: bool = False
    faint: bool = False


def calculation_table(lines: Sequence[CalculationLine]) -> str:
    """The lines below each other, results under results; it scrolls by itself where it is too wide."""
    rows = "".join(_row(line) for line in lines)
    return (
        '<div style="overflow-x:auto"><table style="border-collapse:collapse;font-size:14px;line-height:1.5;'
        f'font-variant-numeric:tabular-nums">{rows}</table></div>'
    )


def formula_list(shown: Sequence[tuple[str, str]]) -> str:
    """Formulas, HTML, below each other, each with what it is called."""
    rows = "".join(
        f'<span style="font-size:14px;opacity:.75">{name}</span>'
        f'<span style="font-family:serif;font-size:19px">{formula}</span>'
        for name, formula in shown
    )
    return (
        '<div style="display:grid;grid-template-columns:max-content minmax(0,1fr);gap:6px 18px;align-items:baseline;'
        f'overflow-x:auto">{rows}</div>'
    )


def variable(letter: str, index: str = "") -> str:
    """A letter with its index as in a textbook."""
    return f"<i>{letter}</i>" + (f"<sub>{index}</sub>" if index else "")


def _row(line: CalculationLine) -> str:
    style = f"border-top:1px solid {_RULE};" if line.ruled else ""
    weight = "font-weight:700;" if line.strong else "opacity:.7;" if line.faint else ""
    cell = f"padding:1px 8px 1px 0;border-left:0;border-right:0;{style}{weight}"
    return (
        f'<tr><td style="{cell}">{line.name}</td><td style="{cell}text-align:right;white-space:nowrap">{line.working}'
        f'</td><td style="{cell}text-align:right;white-space:nowrap;padding-left:4px">{line.result}</td></tr>'
    )


_TABLES_RULE = "color-mix(in srgb,currentColor 40%,transparent)"


def number_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], strong: Collection[int] = (), ruled: Collection[int] = ()
) -> str:
    """A table of HTML parts; of its rows, counted from 0, some are `strong` and some have a rule above them.

    It scrolls by itself where it is too wide.
    """
    head = _tables_row("th", heads, "font-weight:400;opacity:.75;")
    body = "".join(
        _tables_row(
            "td",
            row,
            ("font-weight:700;" if index in strong else "")
            + (f"border-top:1px solid {_TABLES_RULE};" if index in ruled else ""),
        )
        for index, row in enumerate(rows)
    )
    return (
        '<div style="overflow-x:auto"><table style="border-collapse:collapse;font-size:14px;line-height:1.5;'
        f'font-variant-numeric:tabular-nums"><thead>{head}</thead><tbody>{body}</tbody></table></div>'
    )


def _tables_row(tag: str, cells: Sequence[str], style: str) -> str:
    parts = "".join(
        f'<{tag} style="text-align:{"right" if place else "left"};padding:1px 14px 1px 0;border-left:0;border-right:0;'
        f'white-space:nowrap;{style}">{cell}</{tag}>'
        for place, cell in enumerate(cells)
    )
    return f"<tr>{parts}</tr>"
