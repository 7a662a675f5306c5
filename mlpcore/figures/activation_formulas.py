"""The formulas of the activation functions as one writes them: with letters, and with a number put in, as HTML."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from markupsafe import Markup

from mlpcore.formatting import exact, factor

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

_CONDITION = Markup('{}<span style="opacity:.7">\N{NO-BREAK SPACE} ({})</span>')


def applied_formula(name: str, z: Decimal, alpha: Decimal | None = None) -> Markup:
    """The formula with letters, with the number in their place, and its condition: max(0, z) = max(0, 1.320)."""
    formula, condition = map(Markup, FORMULAS[name](z))
    letters = formula.format(z=_Z, n=_Z, alpha=_ALPHA)
    numbers = formula.format(z=factor(z), n=exact(z), alpha="" if alpha is None else factor(alpha))
    parts = letters if letters == numbers else Markup("{} = {}").format(letters, numbers)
    return _CONDITION.format(parts, condition) if condition else parts
