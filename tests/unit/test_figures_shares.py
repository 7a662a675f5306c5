"""Accuracies in percent, alone and with the spread of several networks."""

from __future__ import annotations

import pytest

from mlpcore.figures.shares import percent, percent_in_text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0.0 %"), (0.97849, "97.8 %"), (0.9949, "99.5 %"), (0.99786, "99.79 %"), (1.0, "100.00 %")],
)
def test_an_accuracy_is_read_in_percent_with_more_digits_where_they_matter(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("share", "deviation", "text"),
    [
        (0.9784, 0.0012, "97.8 ± 0.1 %"),
        (0.5, 0.1234, "50.0 ± 12.3 %"),
        (0.9784, 0.00049, "97.84 ± 0.05 %"),
        (0.9784, 0.0, "97.84 ± 0.00 %"),
        (0.9984, 0.0012, "99.84 ± 0.12 %"),
    ],
)
def test_a_mean_and_its_deviation_have_the_same_number_of_digits(share: float, deviation: float, text: str) -> None:
    assert percent(share, deviation) == text


def test_in_a_sentence_no_line_ends_before_the_sign() -> None:
    assert percent_in_text(0.97849) == "97.8\u00a0%"
