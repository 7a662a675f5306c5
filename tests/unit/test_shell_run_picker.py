"""The choice of a run: searches by number find it however a keyboard types digits."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from mlpcore.store import leaderboard
from mlpcore.store.leaderboard import Query
from mlpcore.ui.leaderboard.view import View
from mlpcore.ui.shell.run_picker import with_plain_numbers
from tests.factory.runs import make_run, spec_of


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("＃１２", "#12"),
        ("１２８－６４", "128-64"),
        ("adam  ９", "adam 9"),
        ("実験１", "実験１"),
        ("Ａ組", "Ａ組"),
        ("", ""),
    ],
)
def test_numbers_are_searched_in_ascii_and_words_as_they_were_typed(typed: str, searched: str) -> None:
    assert with_plain_numbers(typed) == searched


def test_the_leaderboard_finds_a_run_by_its_number_in_full_width_digits(db: Database) -> None:
    runs = [make_run(db, spec_of(epochs=1)) for _index in range(3)]
    assert runs[1] == 2
    found = leaderboard.page(db, View(search="＃２").query)
    assert [run.id for run in found] == [2]
    assert [run.id for run in leaderboard.page(db, Query(text="＃２"))] == []
