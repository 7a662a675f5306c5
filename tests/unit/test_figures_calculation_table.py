"""Calculations as tables: all lines in their order."""

from __future__ import annotations

from xml.etree import ElementTree

from mlpcore.figures.calculation_table import CalculationLine, calculation_table, number_table


def test_a_calculation_and_a_table_have_all_their_lines_in_order() -> None:
    sheet = ElementTree.fromstring(
        calculation_table([CalculationLine("a", "1 × 2", "2"), CalculationLine("sum", "", "2", ruled=True)])
    )
    rows = [["".join(cell.itertext()) for cell in row] for row in sheet.iter("tr")]
    assert rows == [["a", "1 × 2", "2"], ["sum", "", "2"]]
    root = ElementTree.fromstring(number_table(("class", "p"), [["3", "0.9"], ["sum", "1"]], strong={0}, ruled={1}))
    assert [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")][1:] == [["3", "0.9"], ["sum", "1"]]
    first, last = list(root.iter("tr"))[1:]
    assert all("font-weight:700" in cell.attrib["style"] for cell in first)
    assert all("border-top" in cell.attrib["style"] for cell in last)
