"""Calculations as HTML: lines of name, calculation and result, numbers below each other, and formulas.

Texts are escaped; those that are `Markup`, such as formulas, stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from mlpcore.figures.markup import scrolling, tag, together
from mlpcore.formatting import exact, factor


@dataclass(frozen=True)
class CalculationLine:
    """A line: what it is, how it is calculated, and the result.

    A `ruled` line has a rule above it; a `strong` one is what counts, a `faint` one a heading.
    """

    name: str
    working: str
    result: str
    ruled: bool = False
    strong: bool = False
    faint: bool = False


def calculation_table(lines: Sequence[CalculationLine]) -> Markup:
    """The lines below each other, with the results aligned."""
    return scrolling(tag("table", *map(_line, lines), class_="fig-table fig-calculation"))


def number_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], strong: Collection[int] = (), ruled: Collection[int] = ()
) -> Markup:
    """Names on the left, numbers right-aligned below each other.

    Of the rows, counted from 0, some are `strong` and some have a rule above them.
    """
    head = tag("thead", tag("tr", *(tag("th", text) for text in heads)))
    body = [
        tag("tr", *(tag("td", text) for text in row), class_=_row_class(strong=index in strong, ruled=index in ruled))
        for index, row in enumerate(rows)
    ]
    return scrolling(tag("table", head, tag("tbody", *body), class_="fig-table fig-numbers"))


def formula_list(formulas: Sequence[tuple[str, Markup]]) -> Markup:
    """Formulas below each other, each with what it is called."""
    cells = [part for name, formula in formulas for part in (tag("span", name), tag("span", formula))]
    return tag("div", *cells, class_="fig-formulas")


def variable(letter: str, index: str = "") -> Markup:
    """A letter with its index as in a textbook."""
    return together((tag("i", letter), *([tag("sub", index)] if index else [])))


def _line(line: CalculationLine) -> Markup:
    cells = (tag("td", text) for text in (line.name, line.working, line.result))
    return tag("tr", *cells, class_=_row_class(strong=line.strong, ruled=line.ruled, faint=line.faint))


def _row_class(**kinds: bool) -> str | None:
    return " ".join(f"fig-{kind}" for kind, applies in kinds.items() if applies) or None


_Z, _ALPHA = Markup("<i>z</i>"), Markup("<i>α</i>")

Branch = tuple[str, str]
"""HTML: a formula in {z} (in parentheses where it is negative) or {n} (without), and the condition under which it
holds."""


def _plain(formula: str) -> Callable[[Decimal], Branch]:
    return lambda z: (formula, "")


def _split(from_0: str, below: str) -> Callable[[Decimal], Branch]:
    return lambda z: (from_0, "<i>z</i> ≥ 0") if z >= 0 else (below, "<i>z</i> &lt; 0")


def _hard_sigmoid(z: Decimal) -> Branch:
    if abs(z) < 3:
        return "({n} + 3) / 6", "−3 &lt; <i>z</i> &lt; 3"
    return ("1", "<i>z</i> ≥ 3") if z > 0 else ("0", "<i>z</i> ≤ −3")


FORMULAS: dict[str, Callable[[Decimal], Branch]] = {
    "step": _split("1", "0"),
    "linear": _plain("{n}"),
    "sigmoid": _plain("1 / (1 + <i>e</i><sup>−{z}</sup>)"),
    "tanh": _plain("tanh({n})"),
    "relu": _plain("max(0, {n})"),
    "softplus": _plain("ln(1 + <i>e</i><sup>{n}</sup>)"),
    "softsign": _plain("{n} / (1 + |{n}|)"),
    "leaky_relu": _split("{n}", "0.2 · {z}"),
    "prelu": _split("{n}", "{alpha} · {z}"),
    "elu": _split("{n}", "<i>e</i><sup>{n}</sup> − 1"),
    "selu": _split("1.0507 · {n}", "1.0507 · 1.67326 · (<i>e</i><sup>{n}</sup> − 1)"),
    "gelu": _plain("{n} · Φ({n})"),
    "silu": _plain("{n} / (1 + <i>e</i><sup>−{z}</sup>)"),
    "mish": _plain("{n} · tanh(ln(1 + <i>e</i><sup>{n}</sup>))"),
    "hard_sigmoid": _hard_sigmoid,
    "exponential": _plain("<i>e</i><sup>{n}</sup>"),
}
"""For each key of choices.ACTIVATIONS the formula that applies to a number."""

_CONDITION = Markup('{}<span class="fig-dim">\N{NO-BREAK SPACE} ({})</span>')


def applied_formula(name: str, z: Decimal, alpha: Decimal | None = None) -> Markup:
    """The formula with letters, with the number in their place, and its condition: max(0, z) = max(0, 1.320)."""
    formula, condition = map(Markup, FORMULAS[name](z))
    letters = formula.format(z=_Z, n=_Z, alpha=_ALPHA)
    numbers = formula.format(z=factor(z), n=exact(z), alpha="" if alpha is None else factor(alpha))
    parts = letters if letters == numbers else Markup("{} = {}").format(letters, numbers)
    return _CONDITION.format(parts, condition) if condition else parts
