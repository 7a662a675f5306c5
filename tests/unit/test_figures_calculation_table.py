"""Calculations as tables, and the formulas of the activation functions."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

import pytest

from mlpcore.figures.calculation_table import (
    FORMULAS,
    CalculationLine,
    applied_formula,
    calculation_table,
    number_table,
)
from mlpcore.formatting import exact
from mlpcore.spec.choices import ACTIVATIONS
from tests.unit.parsed_markup import declarations


def test_a_calculation_and_a_table_have_all_their_lines_in_order() -> None:
    sheet = ElementTree.fromstring(
        calculation_table([CalculationLine("a", "1 × 2", "2"), CalculationLine("sum", "", "2", ruled=True)])
    )
    rows = [["".join(cell.itertext()) for cell in row] for row in sheet.iter("tr")]
    assert rows == [["a", "1 × 2", "2"], ["sum", "", "2"]]
    root = ElementTree.fromstring(number_table(("class", "p"), [["3", "0.9"], ["sum", "1"]], strong={0}, ruled={1}))
    assert [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")][1:] == [["3", "0.9"], ["sum", "1"]]
    first, last = list(root.iter("tr"))[1:]
    assert (first.get("class"), last.get("class")) == ("fig-strong", "fig-ruled")
    assert "font-weight: 700" in declarations(".fig-table .fig-strong > td")
    assert "border-top" in declarations(".fig-table .fig-ruled > td")


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("z", ["-4.000", "-1.250", "0.000", "1.320", "5.000"])
def test_every_activation_has_a_formula_with_its_number_in_it(name: str, z: str) -> None:
    text = applied_formula(name, Decimal(z), Decimal("0.25") if name == "prelu" else None)
    ElementTree.fromstring(f"<p>{text.replace('&nbsp;', ' ')}</p>")
    assert set(FORMULAS) == set(ACTIVATIONS)
    constant = name == "step" or (name == "hard_sigmoid" and abs(Decimal(z)) >= 3)
    assert (exact(Decimal(z)) in text) != constant


@pytest.mark.parametrize(
    ("name", "z", "says"),
    [
        ("relu", "1.320", "max(0, <i>z</i>) = max(0, 1.320)"),
        ("sigmoid", "-1.250", "1 / (1 + <i>e</i><sup>−(−1.250)</sup>)"),
        ("prelu", "-2.000", "0.25 · (−2.000)"),
        ("step", "0.000", "1<span"),
    ],
)
def test_formulas_are_written_as_in_a_textbook(name: str, z: str, says: str) -> None:
    assert says in applied_formula(name, Decimal(z), Decimal("0.25") if name == "prelu" else None)
