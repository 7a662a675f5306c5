"""Figures of reasons and calculations: every value at its place, and nothing of a name as markup."""

from __future__ import annotations

import base64
import io
import re
from decimal import Decimal
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from mlpcore.figures import saliency_maps
from mlpcore.figures.activation_formulas import FORMULAS, applied_formula
from mlpcore.figures.calculation_table import CalculationLine, calculation_table, number_table
from mlpcore.figures.feature_bars import SignedBar, signed_bars
from mlpcore.figures.probability_bars import before_after_bars
from mlpcore.figures.saliency_maps import TitledPicture
from mlpcore.formatting import exact
from mlpcore.spec.choices import ACTIVATIONS

HOSTILE = "<img src=x onerror=alert(1)>&\"'"


def pixels(svg: str) -> list[np.ndarray]:
    """The pictures in a drawing, each as numbers."""
    addresses = re.findall(r'href="data:image/png;base64,([^"]+)"', svg)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(address)))) for address in addresses]


def test_heat_is_blue_above_0_amber_below_and_clear_at_0_over_grey_ink() -> None:
    image = np.array([[1.0, 0.0], [0.0, 0.0]], np.float32)
    shadow, colours = pixels(saliency_maps.heat_map(image, np.array([[2.0, -1.0], [0.0, 1.0]]), "gradient"))
    assert shadow[..., 3].tolist() == [[110, 0], [0, 0]]
    assert colours[0, 0].tolist() == [61, 142, 208, 255]
    assert colours[0, 1].tolist() == [208, 144, 47, 128]
    assert colours[1, 0, 3] == 0


def test_coarser_values_spread_over_the_whole_picture() -> None:
    svg = saliency_maps.heat_map(np.zeros((4, 6), np.float32), np.ones((2, 3)), "coarse")
    root = ElementTree.fromstring(svg)
    sizes = {(one.attrib["width"], one.attrib["height"]) for one in root.findall("image")}
    assert root.attrib["viewBox"] == "0 0 60 40"
    assert sizes == {("60", "40")}


def test_a_square_lies_on_its_pixels() -> None:
    rect = ElementTree.fromstring(saliency_maps.square_mark(3, 1, 2, 'data-pick="4-2"'))
    assert [rect.attrib[name] for name in ("x", "y", "width", "height")] == ["10", "30", "20", "20"]


def test_panels_and_scales_escape_what_they_say() -> None:
    html = saliency_maps.titled_pictures(
        [
            TitledPicture(
                HOSTILE,
                saliency_maps.ink_picture(np.zeros((2, 2)), HOSTILE),
                saliency_maps.color_scale("1", HOSTILE, "a"),
            )
        ]
    )
    assert "<img" not in html
    assert "−1" in html
    assert "+1" in html


def test_names_in_bars_and_tables_of_probabilities_are_no_markup() -> None:
    html = signed_bars([SignedBar(HOSTILE, -1.0, "−1"), SignedBar("b", 0.5, "+0.5")])
    html += before_after_bars([0.2, 0.8], [0.6, 0.4], [HOSTILE, "b"], (HOSTILE, "after"), 0)
    assert "<img" not in html


def test_bars_before_and_after_are_as_long_as_their_probabilities() -> None:
    html = before_after_bars([0.25, 0.75], [0.5, 0.5], ["a", "b"], ("before", "after"), 1)
    assert re.findall(r"height:7px;width:([\d.]+)%", html) == ["25.00", "50.00", "75.00", "50.00"]


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


def test_a_worksheet_and_a_table_have_all_their_lines_in_order() -> None:
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
