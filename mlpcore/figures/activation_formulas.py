"""The formulas of the activation functions as one writes them: with letters, and with a number put in, as HTML."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from mlpcore import formatting

_E = "<i>e</i>"
_Z = "<i>z</i>"
_ALPHA = "<i>α</i>"

Branch = tuple[str, str]
"""A formula in {z} (in parentheses where it is negative) or {n} (without), and the condition under which it holds."""


def _plain(formula: str) -> Callable[[Decimal], Branch]:
    return lambda z: (formula, "")


def _split(from_0: str, below: str) -> Callable[[Decimal], Branch]:
    return lambda z: (from_0, f"{_Z} ≥ 0") if z >= 0 else (below, f"{_Z} &lt; 0")


def _hard_sigmoid(z: Decimal) -> Branch:
    if abs(z) < 3:
        return "({n} + 3) / 6", f"−3 &lt; {_Z} &lt; 3"
    return ("1", f"{_Z} ≥ 3") if z > 0 else ("0", f"{_Z} ≤ −3")


FORMULAS: dict[str, Callable[[Decimal], Branch]] = {
    "step": _split("1", "0"),
    "linear": _plain("{n}"),
    "sigmoid": _plain(f"1 / (1 + {_E}<sup>−{{z}}</sup>)"),
    "tanh": _plain("tanh({n})"),
    "relu": _plain("max(0, {n})"),
    "softplus": _plain(f"ln(1 + {_E}<sup>{{n}}</sup>)"),
    "softsign": _plain("{n} / (1 + |{n}|)"),
    "leaky_relu": _split("{n}", "0.2 · {z}"),
    "prelu": _split("{n}", "{alpha} · {z}"),
    "elu": _split("{n}", f"{_E}<sup>{{n}}</sup> − 1"),
    "selu": _split("1.0507 · {n}", f"1.0507 · 1.67326 · ({_E}<sup>{{n}}</sup> − 1)"),
    "gelu": _plain("{n} · Φ({n})"),
    "silu": _plain(f"{{n}} / (1 + {_E}<sup>−{{z}}</sup>)"),
    "mish": _plain(f"{{n}} · tanh(ln(1 + {_E}<sup>{{n}}</sup>))"),
    "hard_sigmoid": _hard_sigmoid,
    "exponential": _plain(f"{_E}<sup>{{n}}</sup>"),
}
"""For each key of choices.ACTIVATIONS the formula that applies to a number."""


def applied_formula(name: str, z: Decimal, alpha: Decimal | None = None) -> str:
    """The formula with letters, with the number in their place, and its condition: max(0, z) = max(0, 1.320)."""
    formula, condition = FORMULAS[name](z)
    letters = formula.format(z=_Z, n=_Z, alpha=_ALPHA)
    slope = "" if alpha is None else formatting.factor(alpha)
    numbers = formula.format(z=formatting.factor(z), n=formatting.exact(z), alpha=slope)
    parts = letters if letters == numbers else f"{letters} = {numbers}"
    return f"{parts}<span style='opacity:.7'>&nbsp; ({condition})</span>" if condition else parts
