"""The leaderboard as CSV."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from sqlite_utils import Database

from mlpcore.store import runs
from mlpcore.ui.leaderboard.export import FIELDS, as_csv
from tests.factory.runs import make_run, spec_of


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def test_the_csv_holds_plain_numbers_and_utc_times(db: Database) -> None:
    run = runs.get(db, make_run(db, spec_of(name='名前, "quoted"', epochs=2), now=1_000_000_000.0))
    (row,) = read(as_csv([run]))
    assert list(row) == list(FIELDS)
    assert row["name"] == '名前, "quoted"'
    assert float(row["best_val_accuracy"]) == run.best_val_accuracy
    assert row["created_at"] == "2001-09-09T01:46:40+00:00"
    assert row["starred"] == "0"


def test_the_csv_holds_the_deviations_of_several_networks(db: Database) -> None:
    one, several = (make_run(db, spec_of(epochs=2, repeats=repeats)) for repeats in (1, 3))
    run = runs.get(db, several)
    alone, row = read(as_csv([runs.get(db, one), run]))
    assert (alone["members"], alone["test_accuracy_sd"]) == ("1", "")
    assert (row["members"], float(row["test_accuracy_sd"])) == ("3", run.test_accuracy_sd)
    assert float(row["best_val_accuracy_sd"]) == run.best_val_accuracy_sd


def test_unknown_values_are_empty_in_the_csv(db: Database) -> None:
    (row,) = read(as_csv([runs.get(db, make_run(db, spec_of(), status="queued"))]))
    assert row["test_accuracy"] == row["ended_at"] == row["device"] == ""


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_a_name_cannot_be_a_formula_in_the_csv(db: Database, text: str) -> None:
    run = runs.get(db, make_run(db, spec_of(), status="queued"))
    runs.rename(db, run.id, text)
    runs.annotate(db, run.id, text)
    (row,) = read(as_csv([runs.get(db, run.id)]))
    assert row["name"] == row["note"] == f"'{text}"


def test_numbers_below_zero_stay_numbers_in_the_csv(db: Database) -> None:
    run = runs.get(db, make_run(db, spec_of(), status="queued"))
    (row,) = read(as_csv([replace(run, test_loss=-0.5)]))
    assert row["test_loss"] == "-0.5"
