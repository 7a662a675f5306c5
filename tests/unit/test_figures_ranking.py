"""The ranking and the misread digits as HTML."""

from __future__ import annotations

import re

import numpy as np

from mlpcore.figures.bar_tables import RankingRow, ranking_list
from mlpcore.figures.example_cards import MisreadDigit, misread_digits

HOSTILE = '<script>alert("1")</script>'


def test_rows_stand_in_their_order_with_a_bar_as_long_as_their_share() -> None:
    rows = [RankingRow("7", "first", 0.9, "9 of 10", ("a", "b")), RankingRow("3", "second", 0, "0 of 10", ())]
    markup = ranking_list(rows, "3")
    assert re.findall('data-pick="([^"]*)" aria-pressed="([^"]*)"', markup) == [("7", "false"), ("3", "true")]
    assert re.findall(r"width:([\d.]+)%", markup) == ["90.0", "0.0"]
    assert re.findall('aria-label="([^"]*)"', markup) == ["1: first, 9 of 10, a, b", "2: second, 0 of 10"]


def test_what_users_typed_stays_text() -> None:
    picture = np.zeros((8, 8), np.float32)
    for markup in (
        ranking_list([RankingRow(HOSTILE, HOSTILE, 1, HOSTILE, (HOSTILE,))], ""),
        misread_digits([MisreadDigit(picture, HOSTILE, HOSTILE, HOSTILE)]),
    ):
        assert "<script" not in markup
        assert 'alert("' not in markup


def test_a_misread_digit_has_its_picture_and_its_words() -> None:
    markup = misread_digits([MisreadDigit(np.eye(8, dtype=np.float32), "7 → 1", "62 %", "A 7, read as a 1")])
    assert markup.count("data:image/png;base64,") == 1
    assert 'aria-label="A 7, read as a 1"' in markup
