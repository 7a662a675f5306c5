"""What the leaderboard's columns show of runs of every kind."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from mlpcore.store import leaderboard
from mlpcore.store.leaderboard import Query
from mlpcore.ui.leaderboard.columns import COLUMNS, cells
from tests.factory.runs import make_run, spec_of, varied_spec


@pytest.mark.parametrize("figures", ["best", "last"])
@pytest.mark.parametrize("key", [key for key in COLUMNS if key not in ("rank", "curve")])
def test_every_column_can_show_every_kind_of_run(db: Database, key: str, figures: str) -> None:
    for status in ("queued", "running", "finished", "stopped", "diverged", "failed"):
        make_run(db, varied_spec(3, epochs=2), status=status)
    assert len(cells(key, leaderboard.page(db, Query()), figures)) == 6


def test_accuracies_have_their_spread_where_there_is_one(db: Database) -> None:
    for settings, diverged in (({}, None), ({"repeats": 3}, None), ({"repeats": 2}, 0)):
        make_run(db, spec_of(epochs=4, **settings), final=0.9, diverged=diverged)
    make_run(db, spec_of(), status="queued")
    listed = leaderboard.page(db, Query(order="id", descending=False))
    for key in ("val_accuracy", "accuracy", "test_accuracy"):
        column = cells(key, listed, "best")
        assert ["±" in str(cell) for cell in column] == [False, True, False, False]
        assert column[3] is None
