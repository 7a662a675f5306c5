"""What a neuron receives, as a list and as pictures."""

from __future__ import annotations

from mlpcore.figures.incoming_weights import IncomingWeight, WeightPicture, incoming_weights_list, weight_product
from tests.unit.parsed_markup import NAUGHTY, parsed, picks


def test_a_list_of_products_writes_them_out_and_leads_to_the_neurons_before() -> None:
    rows = [IncomingWeight(NAUGHTY, 2, -0.5, -1, "1-3", NAUGHTY), IncomingWeight("b", 1, 0.25, 0.25)]

    markup = incoming_weights_list(rows, ("from", "activation", "weight", "contribution"), ("Bias", 0.5))

    text = " ".join(parsed(markup).itertext())
    assert f"{NAUGHTY} 2.00 × −0.500 = −1.00" in text
    assert picks(markup) == ["1-3"]


def test_pictures_of_a_product_are_side_by_side() -> None:
    markup = weight_product(
        WeightPicture("data:,1", NAUGHTY), WeightPicture("data:,2", "weights"), WeightPicture("data:,3", "both"), ""
    )

    assert "data:,1" in markup
    assert "&lt;b&gt;" in markup
    assert "×" in markup
