"""A calculation as on squared paper, as HTML: lines of name, calculation and result, with rules where one adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_RULE = "color-mix(in srgb,currentColor 40%,transparent)"


@dataclass(frozen=True)
class Line:
    """A line of HTML parts: what it is, how it is calculated, and the result.

    `ruled` draws a line above it; a `strong` one is what counts, a `faint` one a heading.
    """

    name: str
    working: str
    result: str
    ruled: bool = False
    strong: bool = False
    faint: bool = False


def worksheet(lines: Sequence[Line]) -> str:
    """The lines below each other, results under results; it scrolls by itself where it is too wide."""
    rows = "".join(_row(line) for line in lines)
    return (
        '<div style="overflow-x:auto"><table style="border-collapse:collapse;font-size:14px;line-height:1.5;'
        f'font-variant-numeric:tabular-nums">{rows}</table></div>'
    )


def formulas(shown: Sequence[tuple[str, str]]) -> str:
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


def _row(line: Line) -> str:
    style = f"border-top:1px solid {_RULE};" if line.ruled else ""
    weight = "font-weight:700;" if line.strong else "opacity:.7;" if line.faint else ""
    cell = f"padding:1px 8px 1px 0;border-left:0;border-right:0;{style}{weight}"
    return (
        f'<tr><td style="{cell}">{line.name}</td><td style="{cell}text-align:right;white-space:nowrap">{line.working}'
        f'</td><td style="{cell}text-align:right;white-space:nowrap;padding-left:4px">{line.result}</td></tr>'
    )
