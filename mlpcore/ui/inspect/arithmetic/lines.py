"""A unit's calculation in words and digits, line by line."""

from __future__ import annotations

from html import escape

from mlpcore import formatting
from mlpcore.analysis.arithmetic import Calculation
from mlpcore.figures.calculation_table import CalculationLine, variable
from mlpcore.ui.inspect.arithmetic.sheet import Sheet
from mlpcore.ui.shell.language import _, ngettext


def calculated(sheet: Sheet, layer: int, found: Calculation, formula: str) -> list[CalculationLine]:
    """The terms, the rest, the sum, the bias, and the activation, whose `formula` is HTML; empty for the output."""
    z, a = variable("z"), variable("a")
    lines = [CalculationLine(_("Input"), f"{variable('x')} × {variable('w')}", _("Product"), faint=True)]
    lines += [
        CalculationLine(
            escape(sheet.source(layer, term.place)),
            f"{formatting.exact(term.value)} × {formatting.factor(term.weight)}",
            formatting.exact(term.product),
        )
        for term in found.terms
    ]
    if found.left:
        text = ngettext("… and {count} more term", "… and {count} more terms", found.left)
        lines.append(CalculationLine(text.format(count=formatting.count(found.left)), "", formatting.exact(found.rest)))
    if found.rounding:
        lines.append(CalculationLine(_("lost by rounding"), "", formatting.exact(found.rounding)))
    lines += [
        CalculationLine(_("Weighted sum"), "", formatting.exact(found.weighted), ruled=True),
        CalculationLine(_("Bias"), variable("b"), formatting.exact(found.bias)),
        CalculationLine(_("Sum with bias"), z, formatting.exact(found.z), ruled=True, strong=not formula),
    ]
    if formula:
        lines.append(CalculationLine(_("Activation"), f"{a} = {formula}", formatting.exact(found.a), strong=True))
    return lines
