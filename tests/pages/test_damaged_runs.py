"""Pages with damaged rows in the database: each such run is shown as what it is, and nobody else notices."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore.store import leaderboard, runs
from mlpcore.ui.leaderboard import export
from tests.app_pages import SCRIPTS, ended, open_page
from tests.factory.damaged_runs import (
    DAMAGED_COLUMNS,
    DAMAGED_MESSAGES,
    DAMAGED_SPECS,
    IMPOSSIBLE_COLUMNS,
    damage_columns,
    damage_message,
    damage_spec,
)
from tests.factory.networks import make_run_with_networks
from tests.factory.runs import make_run, spec_of

Damage = Callable[[Database], int]


def damaged_run(db: Database, **settings: Any) -> int:
    return make_run_with_networks(db, kept=[2], name="the damaged one", **settings)


def of_spec(damaged: Any) -> Damage:
    return lambda db: damage_spec(db, damaged_run(db), damaged)


def of_columns(assignments: str) -> Damage:
    return lambda db: damage_columns(db, damaged_run(db), assignments)


def of_message(stored: str) -> Damage:
    return lambda db: damage_message(db, damaged_run(db, status="failed"), stored)


UNUSABLE: dict[str, Damage] = {
    **{name: of_spec(damaged) for name, damaged in DAMAGED_SPECS.items()},
    **{f"columns: {name}": of_columns(assignments) for name, assignments in IMPOSSIBLE_COLUMNS.items()},
}
"""Runs that can only be listed, renamed and deleted."""
ODD: dict[str, Damage] = {
    **{f"message: {name}": of_message(stored) for name, stored in DAMAGED_MESSAGES.items()},
    **{f"columns: {name}": of_columns(assignments) for name, assignments in DAMAGED_COLUMNS.items()},
}
"""Runs that can be used although something else of their rows is damaged."""
ALL = UNUSABLE | ODD


def texts(at: AppTest) -> str:
    """The sentences that stand on a page."""
    return "\n".join(str(part.value) for part in [*at.error, *at.warning, *at.info, *at.success, *at.markdown])


def problem(db: Database, run_id: int) -> str:
    """The beginning of the sentence about a run, which has no Markdown in it."""
    return str(runs.get(db, run_id).problem).split(":")[0]


def tick(at: AppTest, *rows: int) -> AppTest:
    """The leaderboard after rows of its table were ticked."""
    at.session_state["leaderboard_table"] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return ended(at.run())


@pytest.fixture
def all_kinds(db: Database) -> set[int]:
    """A database with a run of each kind of damage, and a sound one; their ids."""
    return {make_run_with_networks(db, name="the sound one"), *(damage(db) for damage in ALL.values())}


def test_the_leaderboard_lists_and_compares_all_of_them(all_kinds: set[int], db: Database) -> None:
    at = open_page("pages/leaderboard.py")
    assert len(at.dataframe[0].value) == len(all_kinds)

    for first in range(0, len(all_kinds), 20):
        rows = range(first, min(first + 20, len(all_kinds)))
        assert f"**{len(rows)} runs selected**" in texts(tick(open_page("pages/leaderboard.py"), *rows))


def test_the_leaderboard_states_why_each_of_them_cannot_be_used(db: Database) -> None:
    unusable = [damage(db) for damage in list(UNUSABLE.values())[-20:]]
    shown = texts(tick(open_page("pages/leaderboard.py"), *range(len(unusable))))

    for run_id in unusable:
        assert problem(db, run_id) in shown


def test_all_of_them_are_in_the_csv_file(all_kinds: set[int], db: Database) -> None:
    text = export.as_csv(leaderboard.all_runs(db, leaderboard.Query()))

    assert len(list(csv.reader(io.StringIO(text)))) == 1 + len(all_kinds)


def test_all_of_them_can_be_in_the_trash(all_kinds: set[int], db: Database) -> None:
    runs.trash(db, all_kinds)
    at = open_page("pages/leaderboard.py", trash="1")

    assert not at.error
    assert len(at.dataframe[0].value) == len(all_kinds)


@pytest.mark.parametrize("script", ["dashboard.py", "pages/predict.py", "pages/inspect.py"])
def test_the_other_pages_open_among_all_of_them(script: str, all_kinds: set[int], db: Database) -> None:
    open_page(script)
    at = open_page(script, run="1")

    assert not at.error


@pytest.mark.parametrize("damage", UNUSABLE.values(), ids=UNUSABLE)
def test_the_train_page_states_why_it_cannot_be_used(damage: Damage, db: Database) -> None:
    run_id = damage(db)
    at = open_page("dashboard.py", run=str(run_id))

    assert len(at.error) == 1
    assert problem(db, run_id) in texts(at)
    assert not {"train_again", "train_other_seed", "clone"} & {button.key for button in at.button}


@pytest.mark.parametrize("damage", ODD.values(), ids=ODD)
def test_the_train_page_shows_a_run_of_which_something_else_is_damaged(damage: Damage, db: Database) -> None:
    at = open_page("dashboard.py", run=str(damage(db)))

    assert {"train_again", "train_other_seed", "clone"} <= {button.key for button in at.button}


@pytest.mark.parametrize("script", ["pages/predict.py", "pages/inspect.py"])
@pytest.mark.parametrize(
    "kind",
    [
        *("no JSON", "unknown dataset", "unknown activation", "other dataset than in lists"),
        *(f"columns: {name}" for name in IMPOSSIBLE_COLUMNS),
    ],
)
def test_a_link_to_its_network_states_why_there_is_none(script: str, kind: str, db: Database) -> None:
    make_run_with_networks(db, name="the sound one")
    run_id = UNUSABLE[kind](db)
    at = open_page(script, run=str(run_id))

    assert problem(db, run_id) in texts(at)
    assert [option.split(" ")[0] for option in at.selectbox[0].options] == ["#1"]


@pytest.mark.parametrize("script", ["pages/predict.py", "pages/inspect.py"])
@pytest.mark.parametrize("assignments", DAMAGED_COLUMNS.values(), ids=DAMAGED_COLUMNS)
def test_a_link_to_its_network_opens_where_something_else_is_damaged(
    script: str, assignments: str, db: Database
) -> None:
    run_id = of_columns(assignments)(db)

    assert open_page(script, run=str(run_id)).selectbox[0].value == run_id


@pytest.mark.parametrize("assignments", ["test_accuracy = NULL", "test_accuracy = -3", "test_accuracy = 17.5"])
def test_nothing_is_said_of_counts_where_the_test_accuracy_is_unknown(assignments: str, db: Database) -> None:
    shown = texts(open_page("dashboard.py", run=str(damage_columns(db, damaged_run(db), assignments))))

    assert "correctly" not in shown


@pytest.mark.parametrize("status", ["queued", "running", "stopped", "failed", "diverged"])
def test_it_is_shown_in_every_status(status: str, db: Database) -> None:
    run_id = damage_spec(db, make_run(db, spec_of(epochs=2, repeats=3), status=status), "no JSON")

    assert f"run {run_id} are damaged" in texts(open_page("dashboard.py", run=str(run_id)))


def test_the_sentence_is_japanese_where_the_page_is(db: Database) -> None:
    run_id = damage_spec(db, damaged_run(db), {"dataset": "cifar10"})
    sentence = open_page("dashboard.py", run=str(run_id), lang="ja").error[0].value

    assert f"実験 {run_id}" in sentence
    assert "cifar10" in sentence


def test_a_database_of_a_newer_version_gets_an_error_message_on_every_page(
    db: Database, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('mlplab', 'm0999_of_the_future')")
    monkeypatch.setenv("MLPCORE_DATA", str(data_folder.rename(data_folder.with_name("newer"))))

    for script in SCRIPTS:
        assert "was written by a newer version of MLP Lab" in open_page(script).error[0].value
