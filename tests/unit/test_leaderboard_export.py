"""The leaderboard as CSV."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from sqlite_utils import Database

from mlpcore.i18n.catalogues import translations
from mlpcore.spec import RunSpec
from mlpcore.spec.fields import every_setting
from mlpcore.store import metrics, runs
from mlpcore.ui.leaderboard.export import CURVE_FIELDS, FIELDS, as_csv, curves_as_csv, setting_values
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


def test_every_setting_has_a_column_in_the_csv() -> None:
    assert {name for name, row in every_setting().items() if row.kind != "text"} | {"name", "note"} <= set(FIELDS)
    assert len(FIELDS) == len(set(FIELDS))


def test_the_csv_holds_the_settings_within_settings_and_the_layers_in_a_readable_form(db: Database) -> None:
    spec = spec_of(
        dataset="mnist",
        hidden=[{"units": 128, "dropout": 0.2}, {"units": 64, "activation": "tanh"}],
        optimizer={"name": "sgd", "momentum": 0.9},
        schedule={"name": "exponential", "decay": 0.8},
        augment={"rotation": 15},
        early_stopping=3,
        name="mine",
    )
    (row,) = read(as_csv([runs.get(db, make_run(db, spec, status="queued"))]))

    assert (row["hidden"], row["activation"], row["dropout"]) == ("128-64", "relu, tanh", "0.2, 0")
    assert (row["optimizer"], row["momentum"], row["nesterov"], row["rho"]) == ("sgd", "0.9", "0", "")
    assert (row["schedule"], row["decay"], row["floor"]) == ("exponential", "0.8", "")
    assert (row["augment"], row["rotation"], row["shear"]) == ("1", "15.0", "0.0")
    assert (row["early_stopping"], row["training_images"], row["folds"], row["seed"]) == ("3", "", "", "1")
    assert row["name"] == "mine"
    assert row["automatic_name"].startswith("128-64 · ReLU → tanh · dropout 0.2 → 0 · SGD · momentum 0.9")


def test_automatic_names_in_the_csv_are_in_the_language_of_the_page(db: Database) -> None:
    (row,) = read(as_csv([runs.get(db, make_run(db, status="queued"))], translations("ja")))
    assert row["automatic_name"] == "32 · 30 エポック"


def test_a_run_whose_settings_are_damaged_has_what_the_store_repeats_of_them(db: Database) -> None:
    run_id = make_run(db, spec_of(dataset="mnist", hidden=[{"units": 128}]), status="queued")
    db.execute("UPDATE runs SET spec = '{' WHERE id = ?", [run_id])
    (row,) = read(as_csv([runs.get(db, run_id)]))

    assert (row["dataset"], row["hidden"], row["optimizer"], row["seed"]) == ("mnist", "128", "adam", "")
    assert row["automatic_name"] == f"#{run_id} mnist 128 adam"


def test_a_setting_that_is_off_is_empty_or_0() -> None:
    values = setting_values(RunSpec())
    assert (values["early_stopping"], values["folds"], values["augment"], values["rotation"]) == (
        None,
        None,
        False,
        None,
    )


def test_results_in_the_csv_say_which_network_they_belong_to(db: Database) -> None:
    run = runs.get(db, make_run(db, spec_of(epochs=30)))
    (row,) = read(as_csv([run]))

    assert float(row["kept_val_accuracy"]) == run.val_accuracy == float(row["last_val_accuracy"])
    assert float(row["best_val_accuracy"]) == run.best_val_accuracy != run.val_accuracy
    assert int(row["kept_epoch"]) == 30 > int(row["best_epoch"])
    assert "val_accuracy" not in row


def test_the_curves_have_a_line_for_each_epoch_of_the_mean_and_of_each_network(db: Database) -> None:
    one, several = make_run(db, spec_of(epochs=3, name="one")), make_run(db, spec_of(epochs=2, repeats=2))
    rows = read(curves_as_csv(db, runs.get_many(db, [one, several])))

    assert list(rows[0]) == list(CURVE_FIELDS)
    assert [(row["run"], row["member"], row["epoch"]) for row in rows] == [
        *((str(one), "1", str(epoch)) for epoch in (1, 2, 3)),
        *((str(several), member, str(epoch)) for member in ("mean", "1", "2") for epoch in (1, 2)),
    ]
    assert [row["name"] for row in rows[::3]] == ["one", "32 · 2 epochs · 2 repeats", "32 · 2 epochs · 2 repeats"]
    assert [float(row["val_loss"]) for row in rows[:3]] == [row["val_loss"] for row in metrics.epochs_after(db, one)]
    assert float(rows[3]["val_accuracy_sd"]) > 0
    assert rows[0]["loss_sd"] == rows[5]["loss_sd"] == ""


def test_the_curves_end_before_a_run_that_would_make_the_file_too_long(db: Database) -> None:
    ids = [make_run(db, spec_of(epochs=4)) for _ in range(3)]
    rows = read(curves_as_csv(db, runs.get_many(db, ids), most=11))

    assert [row["run"] for row in rows] == [str(run_id) for run_id in ids[:2] for _ in range(4)]


def test_a_name_cannot_be_a_formula_in_the_csv_of_the_curves(db: Database) -> None:
    run = make_run(db, spec_of(epochs=1, name="=1+1"))
    assert read(curves_as_csv(db, runs.get_many(db, [run])))[0]["name"] == "'=1+1"
