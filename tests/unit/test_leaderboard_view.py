"""The leaderboard's values: what an address means, where settings differ, and the CSV."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from sqlite_utils import Database

from mlpcore.spec import Schedule
from mlpcore.store import leaderboard, runs
from mlpcore.store.leaderboard import SORT_COLUMNS, Query
from mlpcore.ui.leaderboard.columns import COLUMNS, SORTABLE, cells
from mlpcore.ui.leaderboard.differences import differing
from mlpcore.ui.leaderboard.export import FIELDS, as_csv
from mlpcore.ui.leaderboard.selected_runs import run_titles
from mlpcore.ui.leaderboard.view import MAX_SEARCH, PAGE_SIZE, View
from mlpcore.ui.shell.run_text import networks_text
from mlpcore.ui.shell.settings_text import variant_text
from tests.factory.runs import make_run, spec_of, varied_spec

VIEWS = [
    View(),
    View(datasets=("mnist", "iris"), statuses=("failed",), search="two words", starred=True),
    View(sort="loss", descending=False),
    View(sort="loss", descending=True),
    View(sort="name", descending=False, figures="last", page=3),
    View(trash=True),
]


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_a_view_comes_back_from_its_address(view: View) -> None:
    assert View.from_parameters(view.to_parameters()) == view


def test_the_address_of_the_usual_view_is_empty() -> None:
    assert View().to_parameters() == {}
    assert View().sorted_by("loss").to_parameters() == {"sort": ["loss"]}


@pytest.mark.parametrize(
    "given",
    [
        {"sort": ["rank"]},
        {"sort": [""]},
        {"sort": []},
        {"sort": ["best_val_accuracy"]},
        {"order": ["DESC; --"]},
        {"datasets": ["nothing", "MNIST", "mnist'"]},
        {"statuses": ["done", "\x00"]},
        {"page": ["0"]},
        {"page": ["-5"]},
        {"page": ["1e3"]},
        {"page": ["9" * 400]},
        {"page": ["٣"]},
        {"starred": ["true"]},
        {"figures": ["mean"]},
        {"trash": ["0"]},
        {"search": ["\x00\x07 \n\t"]},
    ],
    ids=str,
)
def test_what_means_nothing_in_an_address_is_ignored(given: dict[str, list[str]]) -> None:
    assert View.from_parameters(given) == View()


def test_a_search_is_shortened_and_cleaned() -> None:
    assert View.from_parameters({"search": ["a\x00b\n  c" + "x" * 500]}).search == ("a b c" + "x" * 500)[:MAX_SEARCH]


@pytest.mark.parametrize("figures", ["best", "last"])
@pytest.mark.parametrize("sort", SORTABLE)
def test_every_sortable_column_has_an_order_in_the_store(db: Database, sort: str, figures: str) -> None:
    query = View(sort=sort, figures=figures).query
    assert query.order in SORT_COLUMNS
    leaderboard.page(db, query)


@pytest.mark.parametrize("figures", ["best", "last"])
@pytest.mark.parametrize("key", [key for key in COLUMNS if key not in ("rank", "curve")])
def test_every_column_can_show_every_kind_of_run(db: Database, key: str, figures: str) -> None:
    for status in ("queued", "running", "finished", "stopped", "diverged", "failed"):
        make_run(db, varied_spec(3, epochs=2), status=status)
    assert len(cells(key, leaderboard.page(db, Query()), figures)) == 6


def test_the_switch_decides_which_figures_give_the_order_and_the_ranking() -> None:
    assert View().query.order == "best_val_accuracy"
    assert View(figures="last").query.order == "val_accuracy"
    assert View(figures="last", sort="test_accuracy").query.order == "test_accuracy"
    assert View(sort="seconds", descending=False).ranking.order == "best_val_accuracy"


def test_a_column_is_sorted_in_its_usual_direction_first_and_then_the_other_way() -> None:
    view = View(page=4).sorted_by("loss")
    assert (view.sort, view.descending, view.page) == ("loss", False, 1)
    assert view.sorted_by("loss").descending
    assert not View().sorted_by("val_accuracy").descending


def test_a_page_that_is_not_there_becomes_the_last_one() -> None:
    assert View(page=9).on_page(3).page == 3
    assert View(page=9).on_page(0).page == 1
    assert View(page=3).query.offset == 2 * PAGE_SIZE


def layers(*units: int, activation: str = "relu", dropout: float = 0.0) -> list[dict[str, Any]]:
    return [{"units": n, "activation": activation, "dropout": dropout} for n in units]


def test_runs_with_the_same_settings_differ_nowhere_whatever_they_are_called() -> None:
    assert differing([spec_of(name="a", note="x"), spec_of(name="b")]) == {}


def test_networks_differ_in_readable_words() -> None:
    specs = [
        spec_of(hidden=layers(128, 64, dropout=0.2)),
        spec_of(hidden=layers(1024, activation="silu")),
        spec_of(hidden=[]),
    ]
    assert differing(specs) == {
        "hidden": ["128 → 64", "1,024", "none"],
        "activation": ["ReLU", "Swish/SiLU", "–"],
        "dropout": ["0.2", "0", "–"],
    }


def test_layers_that_differ_among_themselves_are_listed_one_by_one() -> None:
    mixed = [{"units": 8, "activation": "tanh", "dropout": 0.5}, {"units": 8, "activation": "relu"}]
    assert differing([spec_of(hidden=mixed), spec_of(hidden=layers(8, 8))]) == {
        "activation": ["tanh → ReLU", "ReLU"],
        "dropout": ["0.5 → 0", "0"],
    }


def test_parameters_of_optimizers_are_shown_only_where_somebody_changed_them() -> None:
    adam, rmsprop = spec_of(optimizer="adam"), spec_of(optimizer="rmsprop")
    assert differing([adam, rmsprop]) == {"optimizer": ["Adam", "RMSprop"]}
    sgd = spec_of(optimizer={"name": "sgd", "learning_rate": 0.001, "momentum": 0.9, "nesterov": True})
    assert differing([adam, sgd]) == {
        "optimizer": ["Adam", "SGD"],
        "momentum": ["–", "0.9"],
        "nesterov": ["–", "yes"],
    }


def test_every_other_setting_has_words_too() -> None:
    changed: dict[str, Any] = {
        "loss": "mse",
        "l1": 0.001,
        "l2": 0.01,
        "batch_size": 64,
        "epochs": 1000,
        "validation_split": 0,
        "training_images": 1000,
        "early_stopping": 1,
        "seed": 7,
        "dataset": "iris",
        "repeats": 5,
        "schedule": {"name": "plateau", "factor": 0.2},
        "augment": {"shift": 0.1, "zoom": 0.25},
        "prepare": "deskew",
    }
    expected = {
        "loss": ["Cross-entropy", "Mean squared error"],
        "l1": ["0", "0.001"],
        "l2": ["0", "0.01"],
        "batch_size": ["32", "64"],
        "epochs": ["30", "1,000"],
        "validation_split": ["10 %", "none"],
        "training_images": ["all", "1,000"],
        "early_stopping": ["off", "1 epoch"],
        "seed": ["1", "7"],
        "dataset": ["Digits 8×8", "Iris"],
        "repeats": ["1", "5"],
        "schedule": ["Constant", "Reduce on plateau (Factor 0.2, Patience 3)"],
        "augment": ["off", "Shift 0.1, Zoom 0.25"],
        "prepare": ["As it is", "Straightened"],
    }
    for field, value in changed.items():
        assert differing([spec_of(), spec_of(**{field: value})]) == {field: expected[field]}


def test_where_folds_validate_no_split_is_told() -> None:
    assert differing([spec_of(), spec_of(folds=5)]) == {"validation_split": ["10 %", "–"], "folds": ["off", "5"]}


def test_a_schedule_that_is_no_longer_known_is_told_by_its_bare_name() -> None:
    assert variant_text("schedule", Schedule("staircase", {"width": 3})) == "staircase"


@pytest.mark.parametrize(
    ("settings", "text"),
    [({}, "1"), ({"repeats": 5}, "5"), ({"folds": 10}, "10"), ({"repeats": 3, "folds": 10}, "3 × 10")],
)
def test_the_networks_of_a_run_are_its_repeats_times_its_folds(
    db: Database, settings: dict[str, int], text: str
) -> None:
    assert networks_text(runs.get(db, make_run(db, spec_of(**settings), status="queued"))) == text


def test_accuracies_have_their_spread_where_there_is_one(db: Database) -> None:
    for settings, diverged in (({}, None), ({"repeats": 3}, None), ({"repeats": 2}, 0)):
        make_run(db, spec_of(epochs=4, **settings), final=0.9, diverged=diverged)
    make_run(db, spec_of(), status="queued")
    found = leaderboard.page(db, Query(order="id", descending=False))
    for key in ("val_accuracy", "accuracy", "test_accuracy"):
        told = cells(key, found, "best")
        assert ["±" in str(cell) for cell in told] == [False, True, False, False]
        assert told[3] is None


def test_runs_of_one_name_are_told_apart_by_their_numbers(db: Database) -> None:
    made = [runs.get(db, make_run(db, spec_of(name=name), status="queued")) for name in ("a", "b", "a")]
    assert run_titles(made) == [f"a #{made[0].id}", "b", f"a #{made[2].id}"]


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


def test_what_is_not_known_is_empty_in_the_csv(db: Database) -> None:
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
    db.execute("UPDATE runs SET test_loss = -0.5 WHERE id = ?", [run.id])
    (row,) = read(as_csv(leaderboard.page(db, Query())))
    assert row["test_loss"] == "-0.5"
