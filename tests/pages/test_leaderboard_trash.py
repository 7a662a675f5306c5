"""The trash of the leaderboard: runs are moved there, restored, and deleted permanently."""

from __future__ import annotations

import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore import paths
from mlpcore.store import runs
from mlpcore.ui.leaderboard.trash import table_key
from tests.app_pages import Open, ended
from tests.factory.runs import make_run, spec_of
from tests.leaderboard_page import (
    click_rows,
    listed,
    overlaid,
    press,
    query_parameters,
    texts,
    three_runs,
    ticked_rows,
    unescaped,
)

PAGE = "pages/leaderboard.py"


def test_moving_a_run_to_the_trash_can_be_undone(open_page: Open, db: Database) -> None:
    best, _, _ = three_runs(db)
    at = press(click_rows(open_page(), 0), "Move to the trash")
    assert listed(at) == ["middle", "worst"]
    assert "1 run was moved to the trash." in texts(at)
    assert runs.get(db, best).trashed_at is not None
    at = press(at, "Undo")
    assert listed(at) == ["best", "middle", "worst"]
    assert ticked_rows(at) == [0]
    assert "was moved" not in "\n".join(text.value for text in at.markdown)


def test_the_last_run_can_be_trashed_and_undone(open_page: Open, db: Database) -> None:
    make_run(db, spec_of(epochs=2))
    at = press(click_rows(open_page(), 0), "Move to the trash")
    assert "No runs yet" in texts(at)
    at = press(at, "Undo")
    assert len(listed(at)) == 1


def test_undo_reports_a_run_that_was_deleted_meanwhile(open_page: Open, db: Database) -> None:
    best, _, _ = three_runs(db)
    at = press(click_rows(open_page(), 0), "Move to the trash")
    runs.purge(db, [best])
    at = press(at, "Undo")
    assert f"There is no run {best}" in at.error[0].value
    assert listed(at) == ["middle", "worst"]
    assert not ended(at.run()).error, "it is shown once"


def in_trash(at: AppTest, db: Database, *rows: int) -> AppTest:
    """Tick rows of the trash's table."""
    at.session_state[table_key(runs.trashed(db))] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return ended(at.run())


def test_a_run_in_the_trash_can_be_restored(open_page: Open, db: Database) -> None:
    best, middle, _ = three_runs(db)
    runs.trash(db, [best], now=10.0)
    runs.trash(db, [middle], now=20.0)
    at = press(open_page(), "Trash (2)")
    assert query_parameters(at)["trash"] == ["1"]
    assert list(at.dataframe[0].value["run"]) == ["middle", "best"]
    at = press(in_trash(at, db, 1), "Restore")
    assert "1 run was restored." in texts(at)
    assert [run.id for run in runs.trashed(db)] == [middle]
    at = press(at, "Back to the leaderboard")
    assert listed(at) == ["best", "worst"]
    assert "trash" not in query_parameters(at)


def test_a_run_in_the_trash_is_deleted_permanently_after_a_confirmation(open_page: Open, db: Database) -> None:
    best, middle, _ = three_runs(db)
    folder = paths.models_folder() / paths.run_name(best)
    folder.mkdir(parents=True)
    (folder / "network.keras").write_bytes(b"weights")
    runs.trash(db, [best, middle], now=10.0)
    at = open_page(trash="1")
    row = list(at.dataframe[0].value["run"]).index("best")
    at = in_trash(at, db, row)
    assert "This cannot be undone." in texts(at)
    assert runs.find(db, best) is not None
    at = press(at, "Yes, delete permanently")
    assert "1 run was deleted permanently." in texts(at)
    assert runs.find(db, best) is None
    assert not folder.exists()
    assert [run.id for run in runs.trashed(db)] == [middle]


def test_a_run_that_still_trains_cannot_be_deleted_permanently(open_page: Open, db: Database) -> None:
    run = make_run(db, spec_of(epochs=4), status="running")
    runs.trash(db, [run])
    at = press(in_trash(open_page(trash="1"), db, 0), "Yes, delete permanently")
    assert "deleted only after it has stopped" in texts(at)
    assert runs.find(db, run) is not None


def test_an_empty_trash_says_so(open_page: Open, db: Database) -> None:
    assert "The trash is empty." in texts(open_page(trash="1"))


def test_runs_that_somebody_else_deleted_meanwhile_vanish_from_the_trash(open_page: Open, db: Database) -> None:
    best, middle, _ = three_runs(db)
    at = click_rows(open_page(), 0, 1)
    runs.trash(db, [best])
    runs.purge(db, [best])
    at = ended(at.run())
    assert listed(at) == ["middle", "worst"]
    assert overlaid(at) == ["middle"]
    assert runs.find(db, middle) is not None


@pytest.mark.parametrize("label", ["Restore", "Yes, delete permanently"])
def test_a_button_for_a_run_that_left_the_trash_meanwhile_says_why_it_does_nothing(
    open_page: Open, db: Database, label: str
) -> None:
    best, middle, _ = three_runs(db)
    runs.trash(db, [best, middle])
    at = open_page(trash="1")
    at = in_trash(at, db, list(at.dataframe[0].value["run"]).index("best"))
    runs.restore(db, [best])
    at = press(at, label)
    assert f"Run #{best} is no longer in the trash: it was restored or deleted" in unescaped(at.warning[0].value)
    assert [run.id for run in runs.trashed(db)] == [middle]
    assert runs.get(db, best).trashed_at is None


def test_runs_of_other_visitors_stay_in_the_trash(
    open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(db, spec_of(epochs=2), owner="a" * 32)
    runs.trash(db, [run])
    pressed = in_trash(open_page(trash="1"), db, 0).button(key="leaderboard_restore").click()
    monkeypatch.delenv("MLPCORE_OPEN")
    restore = in_trash(open_page(trash="1"), db, 0).button(key="leaderboard_restore")
    assert restore.disabled
    assert f"Run {run} is not yours" in restore.help
    ended(pressed.run())
    assert runs.get(db, run).trashed_at is not None
