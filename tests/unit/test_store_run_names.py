"""The names of the runs of one list are all different."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from mlpcore.i18n.catalogues import translations
from mlpcore.store import runs
from mlpcore.store.run_names import run_name, run_names
from mlpcore.store.runs import Run
from tests.factory.runs import make_run, make_runs, spec_of


def made(db: Database, *settings: dict[str, Any]) -> list[Run]:
    return [runs.get(db, make_run(db, spec_of(**changed), status="queued")) for changed in settings]


def names(listed: list[Run]) -> list[str]:
    return list(run_names(listed).values())


def test_a_run_has_the_name_that_its_user_gave_it_or_an_automatic_one(db: Database) -> None:
    named, nameless = made(db, {"name": "my run"}, {"hidden": [{"units": 128, "dropout": 0.4}]})

    assert run_name(named) == "my run"
    assert run_name(nameless) == "128 · dropout 0.4 · 30 epochs"
    assert run_name(nameless, translations("ja")) == "128 · ドロップアウト 0.4 · 30 エポック"


def test_names_that_differ_are_left_as_they_are(db: Database) -> None:
    assert names(made(db, {"name": "a"}, {"name": "b"}, {"epochs": 3})) == ["a", "b", "32 · 3 epochs"]


def test_equal_names_are_followed_by_the_seed_that_tells_them_apart(db: Database) -> None:
    assert names(made(db, {"seed": 1}, {"seed": 2}, {"epochs": 3})) == [
        "32 · 30 epochs · seed 1",
        "32 · 30 epochs · seed 2",
        "32 · 3 epochs",
    ]


def test_runs_with_the_same_settings_are_told_apart_by_their_numbers(db: Database) -> None:
    first, second = made(db, {"seed": 2}, {"seed": 2})

    assert names([first, second]) == [f"32 · 30 epochs · #{first.id}", f"32 · 30 epochs · #{second.id}"]


def test_each_name_says_only_what_it_needs(db: Database) -> None:
    listed = made(db, {}, {"dataset": "mnist"}, {"dataset": "mnist", "seed": 2})

    assert names(listed) == [
        "32 · 30 epochs · Digits 8×8",
        "32 · 30 epochs · MNIST · seed 1",
        "32 · 30 epochs · MNIST · seed 2",
    ]


def test_equal_names_of_users_are_followed_by_what_differs(db: Database) -> None:
    listed = made(db, {"name": "try"}, {"name": "try", "folds": 5}, {"name": "other"})

    assert names(listed) == ["try", "try · 5 folds", "other"]


def test_a_name_that_looks_like_one_that_was_told_apart_is_told_apart_too(db: Database) -> None:
    listed = made(db, {"name": "a"}, {"name": "a", "seed": 2}, {"name": "a · seed 2"})

    assert len(set(names(listed))) == 3


def test_a_name_from_right_to_left_cannot_reorder_what_follows_it(db: Database) -> None:
    listed = made(db, {"name": "שלום", "seed": 1}, {"name": "שלום", "seed": 2})

    assert names(listed) == ["\u2068שלום\u2069 · seed 1", "\u2068שלום\u2069 · seed 2"]


def test_a_run_whose_settings_are_damaged_is_called_by_its_columns(db: Database) -> None:
    run_id = make_run(db, spec_of(dataset="mnist"), status="queued")
    db.execute("UPDATE runs SET spec = '{' WHERE id = ?", [run_id])
    damaged = runs.get(db, run_id)

    assert names([damaged, *made(db, {})]) == [f"#{run_id} mnist 32 adam", "32 · 30 epochs"]


def test_the_names_of_many_runs_are_all_different(db: Database) -> None:
    ids = make_runs(db, 120, epochs=2, mixed=True) + [make_run(db, status="queued") for _ in range(5)]

    found = run_names(runs.get_many(db, ids))

    assert list(found) == ids
    assert len(set(found.values())) == len(ids)
