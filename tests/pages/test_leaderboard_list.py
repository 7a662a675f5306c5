"""The list of the leaderboard: its columns, its ranks, its order and its pages."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sqlite_utils import Database

from mlpcore.formatting import percent
from mlpcore.store import leaderboard, runs
from mlpcore.store.run_names import run_names
from mlpcore.ui.leaderboard.columns import COLUMNS, SORTABLE
from mlpcore.ui.leaderboard.view import View
from tests.app_pages import Open, ended
from tests.factory.runs import make_run, make_runs, spec_of
from tests.leaderboard_page import (
    click_rows,
    differing,
    listed,
    overlaid,
    query_parameters,
    texts,
    three_runs,
)

PAGE = "pages/leaderboard.py"


def test_an_empty_database_leads_to_the_train_page(open_page: Open) -> None:
    at = open_page()
    assert "No runs yet" in texts(at)
    assert not at.dataframe
    assert "Train a network" in [link.proto.label for link in at.get("page_link")]


def test_runs_are_ranked_by_their_best_validation_accuracy(open_page: Open, db: Database) -> None:
    three_runs(db)
    at = open_page()
    assert listed(at) == ["best", "middle", "worst"]
    assert list(at.dataframe[0].value["rank"]) == [1, 2, 3]
    assert "3 runs, ranked by the validation accuracy of the network that each kept." in texts(at)
    assert "If you choose by test accuracy" in texts(at)


def test_failed_and_diverged_runs_come_last_without_a_rank(open_page: Open, db: Database) -> None:
    for status in ("failed", "diverged"):
        make_run(db, spec_of(name=status, epochs=20), status=status, final=0.99)
    three_runs(db)
    for sort in (None, "name", "loss", "created_at"):
        at = open_page(**({"sort": sort} if sort else {}))
        assert set(listed(at)[3:]) == {"failed", "diverged"}
        ranks = dict(zip(listed(at), at.dataframe[0].value["rank"], strict=True))
        assert {name: rank for name, rank in ranks.items() if rank is not pd.NA} == {"best": 1, "middle": 2, "worst": 3}


def test_the_table_shows_every_column_in_readable_values(open_page: Open, db: Database) -> None:
    layers = [{"units": 128, "activation": "relu", "dropout": 0.2}, {"units": 64, "activation": "gelu"}]
    run = runs.get(db, make_run(db, spec_of(dataset="mnist", hidden=layers, epochs=4), seconds=1.5))
    row = open_page().dataframe[0].value.iloc[0].to_dict()
    assert set(row) == set(COLUMNS)
    assert row["dataset"] == "MNIST"
    assert row["layers"] == "128 → 64"
    assert row["activation"] == "ReLU, GELU"
    assert row["optimizer"] == "Adam"
    assert row["epochs"] == "4"
    assert row["status"] == ["finished"]
    assert row["parameters"] == (784 + 1) * 128 + (128 + 1) * 64 + (64 + 1) * 10
    assert row["networks"] == "1"
    assert row["val_accuracy"] == percent(run.best_val_accuracy, decimals=2)
    assert row["test_accuracy"] == percent(run.test_accuracy, decimals=2)
    assert row["seconds"] == pytest.approx(6)
    assert len(row["curve"]) == 4


def test_the_figures_are_those_of_the_kept_network_and_the_switch_shows_those_of_named_epochs(
    open_page: Open, db: Database
) -> None:
    run = runs.get(db, make_run(db, spec_of(epochs=30)))
    assert run.best_epoch != run.epoch == run.kept_epoch, "the made run must differ"
    at = open_page()
    assert at.dataframe[0].value["val_accuracy"][0] == percent(run.val_accuracy, decimals=2)
    shown = {"best": (run.best_val_accuracy, run.best_epoch), "last": (run.val_accuracy, run.epoch)}
    for figures, (accuracy, epoch) in shown.items():
        at = ended(at.segmented_control(key="leaderboard_figures").set_value(figures).run())
        assert at.dataframe[0].value["val_accuracy"][0] == f"{percent(accuracy, decimals=2)} (epoch {epoch})"
        assert query_parameters(at)["figures"] == [figures]


def test_runs_of_several_networks_show_their_spread_and_rank_by_their_mean(open_page: Open, db: Database) -> None:
    three_runs(db)
    several = runs.get(db, make_run(db, spec_of(name="several", epochs=20, repeats=2, folds=3), final=0.9, diverged=1))
    at = open_page()
    assert listed(at) == ["best", "several", "middle", "worst"]
    row = at.dataframe[0].value.iloc[1].to_dict()
    assert row["networks"] == "2 × 3"
    assert row["val_accuracy"] == percent(several.kept_val_accuracy or 0, several.kept_val_accuracy_sd)
    assert row["test_accuracy"] == percent(several.test_accuracy or 0, several.test_accuracy_sd)
    assert "±" in row["accuracy"]
    assert len(row["curve"]) == 20
    at = ended(at.segmented_control(key="leaderboard_figures").set_value("last").run())
    last = f"{percent(several.val_accuracy or 0, several.val_accuracy_sd)} (epoch {several.epoch})"
    assert dict(zip(listed(at), at.dataframe[0].value["val_accuracy"], strict=True))["several"] == last


def test_the_plus_minus_sign_is_explained_where_it_is_used(open_page: Open, db: Database) -> None:
    three_runs(db)
    assert [caption.value for caption in open_page().caption if "standard deviation" in caption.value] == []
    make_run(db, spec_of(epochs=3, repeats=2))
    assert len([caption.value for caption in open_page().caption if "standard deviation" in caption.value]) == 1


def test_runs_are_sorted_by_their_number_of_networks(open_page: Open, db: Database) -> None:
    for name, several in (("two", {"repeats": 2}), ("ten", {"folds": 10}), ("one", {})):
        make_run(db, spec_of(name=name, epochs=2, **several))
    at = click_rows(open_page(), columns=("networks",))
    assert listed(at) == ["ten", "two", "one"]
    assert list(at.dataframe[0].value["networks"]) == ["10", "2", "1"]


def test_a_thousand_runs_of_all_kinds_are_listed_sorted_and_compared(open_page: Open, db: Database) -> None:
    make_runs(db, 1000, epochs=2, mixed=True)
    at = open_page()
    assert len(listed(at)) == 200
    assert sum(count != "1" for count in at.dataframe[0].value["networks"]) > 10
    for sort in ("networks", "test_accuracy", "val_accuracy"):
        at = click_rows(open_page(page="2", sort="name"), columns=(sort,))
        assert listed(at) == list(run_names(leaderboard.page(db, View(sort=sort).query)).values())
    several = [row for row, count in enumerate(at.dataframe[0].value["networks"]) if count != "1"][:2]
    at = click_rows(at, *several, 0)
    assert len(overlaid(at)) == len(differing(at)["run"]) >= 2
    assert any("±" in cell for cell in differing(at)["val_accuracy"])


def test_a_running_run_shows_its_progress(open_page: Open, db: Database) -> None:
    make_run(db, spec_of(name="busy", epochs=10), status="running", done=3)
    make_run(db, spec_of(name="waits", epochs=10), status="queued")
    rows = open_page().dataframe[0].value.set_index("name")
    assert rows.loc["busy", "status"] == ["running"]
    assert rows.loc["busy", "epochs"] == "3 / 10"
    assert rows.loc["waits", "status"] == ["queued"]


@pytest.mark.parametrize("sort", SORTABLE)
def test_a_click_on_a_column_header_sorts_all_runs_and_a_second_one_reverses_the_order(
    open_page: Open, db: Database, sort: str
) -> None:
    make_runs(db, 8, epochs=3)
    start = {"sort": "id"} if sort != "id" else {"sort": "name"}
    at = click_rows(open_page(**start), columns=(sort,))
    first = listed(at)
    assert at.session_state["leaderboard_sort"] == sort
    at = click_rows(at, columns=(sort,))
    assert at.session_state["leaderboard_sort"] == sort
    assert sorted(listed(at)) == sorted(first)
    directions = [COLUMNS[sort].descending, not COLUMNS[sort].descending]
    assert at.session_state["leaderboard_order"] == ("down" if directions[1] else "up")
    failed = [
        name
        for name, status in zip(listed(at), at.dataframe[0].value["status"], strict=True)
        if status[0] in ("failed", "diverged")
    ]
    assert listed(at)[len(listed(at)) - len(failed) :] == failed


def test_a_click_on_the_header_of_the_learning_curves_changes_nothing(open_page: Open, db: Database) -> None:
    three_runs(db)
    at = click_rows(open_page(), columns=("curve",))
    assert listed(at) == ["best", "middle", "worst"]


def test_a_new_order_begins_in_its_usual_direction(open_page: Open, db: Database) -> None:
    three_runs(db)
    at = open_page()
    at = ended(at.selectbox(key="leaderboard_sort").set_value("val_loss").run())
    losses = list(at.dataframe[0].value["val_loss"])
    assert losses == sorted(losses)
    assert query_parameters(at)["sort"] == ["val_loss"]
    assert "order" not in query_parameters(at)
    assert "sorted by: Validation loss." in texts(at)


def test_more_runs_than_fit_on_a_page_get_further_pages(open_page: Open, db: Database) -> None:
    make_runs(db, 205, epochs=1)
    at = open_page()
    assert len(listed(at)) == 200
    at = open_page(page="2")
    assert len(listed(at)) == 5
    assert next(iter(at.dataframe[0].value["rank"].dropna()), 201) >= 201
    at = open_page(page="77")
    assert len(listed(at)) == 5, "there is no such page: the last one is shown"


def test_a_run_on_a_dataset_that_is_no_longer_known_is_listed(open_page: Open, db: Database) -> None:
    run = make_run(db, spec_of(name="old", epochs=2))
    db.execute(
        "UPDATE runs SET dataset = 'gone', activation = 'odd', optimizer = 'older',"
        " spec = replace(replace(spec, '\"digits\"', '\"gone\"'), '\"adam\"', '\"older\"') WHERE id = ?",
        [run],
    )
    make_run(db, spec_of(name="new", epochs=2))
    at = click_rows(open_page(), 0, 1)
    assert set(at.dataframe[0].value["dataset"]) == {"gone", "Digits 8×8"}
    assert set(differing(at)["setting dataset"]) == {"gone", "Digits 8×8"}


def test_all_texts_of_the_page_are_japanese(open_page: Open, db: Database) -> None:
    make_runs(db, 12, epochs=2)
    at = click_rows(open_page(lang="ja"), 0, 1)
    assert at.title[0].value == "ランキング"
    assert "2 件を選択中" in texts(at)
    assert all(not item.label.isascii() or item.label in ("CSV", "") for item in at.button)


def test_a_database_that_cannot_be_opened_gets_an_error_message(open_page: Open, data_folder: Path) -> None:
    data_folder.mkdir(parents=True)
    (data_folder / "mlplab.db").write_bytes(b"this is no database, but it is long enough to be read as one" * 20)
    at = open_page()
    assert "cannot be used" in at.error[0].value
