"""Stored runs whose rows are damaged: each says so in a sentence, and the others are not affected."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from sqlite_utils import Database

from mlpcore.errors import UnusableRunError
from mlpcore.spec.choices import STATUSES
from mlpcore.store import leaderboard, members, metrics, queue, run_record, runs
from mlpcore.store.leaderboard import Query
from mlpcore.store.run_record import read_spec
from tests.factory.damaged_runs import (
    DAMAGED_MESSAGES,
    DAMAGED_SPECS,
    IMPOSSIBLE_COLUMNS,
    damage_columns,
    damage_message,
    damage_spec,
)
from tests.factory.runs import make_run, spec_of


@pytest.mark.parametrize("damaged", DAMAGED_SPECS.values(), ids=DAMAGED_SPECS)
def test_a_run_whose_settings_cannot_be_used_has_a_problem(damaged: Any, db: Database) -> None:
    run_id = damage_spec(db, make_run(db, spec_of(epochs=2)), damaged)
    run = runs.get(db, run_id)

    assert f"un {run_id}" in str(run.problem)
    with pytest.raises(UnusableRunError) as error:
        _ = run.spec
    assert str(error.value) == str(run.problem)


def test_an_intact_run_has_no_problem(db: Database) -> None:
    run = runs.get(db, make_run(db, spec_of(epochs=2, repeats=2)))

    assert run.problem is None
    assert run.spec.epochs == 2


def test_the_problem_names_what_this_version_does_not_know(db: Database) -> None:
    run_id = damage_spec(db, make_run(db, spec_of(epochs=2)), {"dataset": "cifar10"})

    assert "cifar10" in str(runs.get(db, run_id).problem)


def test_settings_of_other_versions_are_ignored_or_have_their_defaults(db: Database) -> None:
    run_id = make_run(db, spec_of(epochs=2))
    stored = json.loads(runs.get(db, run_id).spec_json)
    for later in ("schedule", "augment", "prepare", "repeats", "folds"):
        del stored[later]
    damage_spec(db, run_id, json.dumps({**stored, "gone": 1}))

    assert runs.get(db, run_id).problem is None
    assert runs.get(db, run_id).spec == spec_of(epochs=2)


@pytest.mark.parametrize("damaged", DAMAGED_SPECS.values(), ids=DAMAGED_SPECS)
def test_settings_that_cannot_be_used_end_a_queued_run_with_the_sentence_and_others_train(
    damaged: Any, db: Database
) -> None:
    bad = damage_spec(db, make_run(db, spec_of(epochs=2), status="queued"), damaged)
    good = make_run(db, spec_of(epochs=2), status="queued")
    claim = queue.claim(db, "w", now=50)

    assert claim is not None
    assert claim.run == good
    run = runs.get(db, bad)
    assert (run.status, run.ended_at, str(run.failure)) == ("failed", 50, str(run.problem))
    assert queue.claim(db, "w", now=51) is None


QUEUED_COLUMNS = {what: assignments for what, assignments in IMPOSSIBLE_COLUMNS.items() if what != "unknown status"}


@pytest.mark.parametrize("assignments", QUEUED_COLUMNS.values(), ids=QUEUED_COLUMNS)
def test_impossible_columns_end_a_queued_run_with_the_sentence_and_others_train(assignments: str, db: Database) -> None:
    bad = damage_columns(db, make_run(db, spec_of(epochs=2), status="queued"), assignments)
    good = make_run(db, spec_of(epochs=2), status="queued")
    claim = queue.claim(db, "w", now=50)

    assert claim is not None
    assert claim.run == good
    run = runs.get(db, bad)
    assert (run.status, run.ended_at, str(run.failure)) == ("failed", 50, str(run.problem))


@pytest.mark.parametrize("assignments", QUEUED_COLUMNS.values(), ids=QUEUED_COLUMNS)
def test_impossible_columns_end_a_run_that_a_dead_worker_left(assignments: str, db: Database) -> None:
    bad = make_run(db, spec_of(epochs=2), status="running", now=1)
    good = make_run(db, spec_of(epochs=2), status="queued")
    damage_columns(db, bad, assignments)
    claim = queue.claim(db, "w", now=100)

    assert claim is not None
    assert claim.run == good
    assert runs.get(db, bad).status == "failed"


@pytest.mark.parametrize("lease", ["NULL", "9e999", "1e300", "-9e999"])
def test_a_run_in_training_whose_lease_is_damaged_is_taken_over(lease: str, db: Database) -> None:
    run_id = damage_columns(db, make_run(db, spec_of(epochs=2), status="running", now=1), f"lease_until = {lease}")

    assert queue.open_counts(db, now=2) == (1, 0)
    claim = queue.claim(db, "w", now=2)
    assert claim is not None
    assert (claim.run, claim.attempt) == (run_id, 2)
    assert queue.claim(db, "w", now=3) is None


def test_a_damaged_run_that_a_dead_worker_left_fails_too(db: Database) -> None:
    run_id = make_run(db, spec_of(epochs=2), status="running", now=1)
    damage_spec(db, run_id, "no JSON")

    assert queue.claim(db, "w", now=1e10) is None
    assert runs.get(db, run_id).status == "failed"


@pytest.mark.parametrize("stored", DAMAGED_MESSAGES.values(), ids=DAMAGED_MESSAGES)
def test_a_damaged_reason_is_replaced_by_a_sentence(stored: str, db: Database) -> None:
    run_id = damage_message(db, make_run(db, spec_of(epochs=2), status="failed"), stored)

    assert str(runs.get(db, run_id).failure) == "Why this run ended is not known: what was stored is damaged."


@pytest.mark.parametrize("stored", ["no JSON", "[]", "3", "null", '{"keras": [1]}', "[" * 100_000])
def test_damaged_versions_are_read_as_unknown(stored: str, db: Database) -> None:
    run_id = make_run(db, spec_of(epochs=2))
    db.execute("UPDATE runs SET versions = ? WHERE id = ?", [stored, run_id])
    run = runs.get(db, run_id)

    assert run.versions in ({}, {"keras": "[1]"})
    assert run.problem is None


def test_lists_hold_damaged_runs_among_the_others(db: Database) -> None:
    bad = damage_spec(db, make_run(db, spec_of(epochs=2)), "no JSON")
    good = make_run(db, spec_of(epochs=2))

    assert {run.id for run in leaderboard.page(db, Query())} == {bad, good}
    assert set(leaderboard.curves(db, [bad, good])) == {bad, good}


@pytest.mark.parametrize("assignments", IMPOSSIBLE_COLUMNS.values(), ids=IMPOSSIBLE_COLUMNS)
def test_a_run_with_columns_that_no_run_can_have_has_a_problem(assignments: str, db: Database) -> None:
    run = runs.get(db, damage_columns(db, make_run(db, spec_of(epochs=2)), assignments))

    assert f"un {run.id}" in str(run.problem)
    assert run.status in STATUSES


def test_metrics_that_cannot_be_are_read_as_unknown(db: Database) -> None:
    assignments = "test_accuracy = 17.5, best_val_accuracy = -0.1, test_loss = -1, accuracy_sd = 2, accuracy = 1"
    run = runs.get(db, damage_columns(db, make_run(db, spec_of(epochs=2)), assignments))
    db.execute("UPDATE members SET test_accuracy = 17.5, test_loss = -1 WHERE run = ?", [run.id])
    [network] = members.members(db, run.id)

    assert (run.test_accuracy, run.best_val_accuracy, run.test_loss, run.accuracy_sd, run.accuracy) == (*[None] * 4, 1)
    assert (network.test_accuracy, network.test_loss) == (None, None)
    assert run.problem is None


def test_metrics_of_epochs_that_cannot_be_are_read_as_unknown(db: Database) -> None:
    run_id = make_run(db, spec_of(epochs=2, repeats=2))
    for table in ("epochs", "epoch_summaries"):
        db.execute(f"UPDATE {table} SET accuracy = 7, val_loss = -1 WHERE epoch = 2")
    db.execute("UPDATE epoch_summaries SET accuracy_sd = 40 WHERE epoch = 2")

    first, second = metrics.epochs_after(db, run_id)
    (of_member,) = metrics.epochs_after(db, run_id, after=1, member=1)
    rows = members.metrics_after(db, run_id, {0: 2, 1: 2})
    assert None not in first.values()
    assert second["accuracy_sd"] is None
    for row in (second, of_member, *rows):
        assert (row["accuracy"], row["val_loss"]) == (None, None)
        assert row["val_accuracy"] is not None


ENDS = [
    '"seed": 5, "name": "", "note": ""',
    '"seed": 0, "name": "Anna", "note": "the second try"',
    '"seed": 999999999, "name": "花子", "note": "½"',
    '"seed": 2147483647, "name": "", "note": ""',
    '"seed": 007, "name": "", "note": ""',
    '"seed": -1, "name": "", "note": ""',
    '"seed": 1e3, "name": "", "note": ""',
    '"seed": 12345678901234567890, "name": "", "note": ""',
    '"seed": true, "name": "", "note": ""',
    '"seed": 1, "name": "  spaces ", "note": ""',
    '"seed": 1, "name": "bell \\u0007", "note": ""',
    '"seed": 1, "name": "\u202e", "note": ""',
    f'"seed": 1, "name": "{"x" * 81}", "note": ""',
    f'"seed": 1, "name": "", "note": "{"x" * 2001}"',
    '"seed": 1, "name": "", "note": "two\\nlines"',
    '"seed": 1, "name": "a \\"quote\\"", "note": ""',
    '"seed": 1, "name": null, "note": ""',
    '"seed": 1, "name": "", "note": "", "seed": 2',
    '"unknown": {"seed": 1, "name": "", "note": ""}',
    '"seed": 1, "name": "", "note": ""}}',
]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end[:40])
def test_settings_are_read_alike_whether_others_like_them_were_read_before_or_not(
    end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = spec_of(epochs=2).to_dict()
    for name in ("seed", "name", "note"):
        del plain[name]
    stored = f"{json.dumps(plain)[:-1]}, {end}}}"
    read = read_spec.__wrapped__
    shared = read(1, stored, "digits", 1)
    monkeypatch.setattr(run_record, "_USUAL_END", re.compile("never"))
    assert read(1, stored, "digits", 1) == shared
