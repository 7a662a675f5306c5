"""The leaderboard, run by Streamlit's AppTest: what it lists, how it reacts, and what it survives."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore import paths
from mlpcore.formatting import percent
from mlpcore.i18n.messages import Message
from mlpcore.store import leaderboard, runs
from mlpcore.ui.leaderboard import selected_runs
from mlpcore.ui.leaderboard.columns import COLUMNS, SORTABLE
from mlpcore.ui.leaderboard.trash import table_key
from mlpcore.ui.leaderboard.view import View
from tests.factory.runs import make_run, make_runs, spec_of
from tests.waiting import DEADLINE_SECONDS

Open = Callable[..., AppTest]
PAGE = "pages/leaderboard.py"


@pytest.fixture(autouse=True)
def _no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPCORE_WORKERS", "0")


@pytest.fixture
def open_page(data_folder: Path) -> Open:
    """Open the page, `open_page(sort="loss")`, with these parameters in its address."""

    def opened(**address: str | list[str]) -> AppTest:
        at = AppTest.from_file(str(paths.PROJECT / "dashboard.py"), default_timeout=DEADLINE_SECONDS)
        at.switch_page(PAGE)
        for name, value in address.items():
            at.query_params[name] = value
        return clean(at.run())

    return opened


def clean(at: AppTest) -> AppTest:
    """The page after a run of its script, which must have come to its end."""
    assert not at.exception, at.exception
    return at


def listed(at: AppTest) -> list[str]:
    """The runs of the table, from its top."""
    return [] if not at.dataframe else list(at.dataframe[0].value["name"])


def query_parameters(at: AppTest) -> dict[str, list[str]]:
    """The parameters of the address."""
    return {name: [value] if isinstance(value, str) else list(value) for name, value in at.query_params.items()}


def texts(at: AppTest) -> str:
    """All text on the page."""
    parts = [*at.title, *at.subheader, *at.markdown, *at.caption, *at.info, *at.error, *at.warning, *at.toast]
    return "\n".join(str(part.value) for part in parts)


def unescaped(markdown: str) -> str:
    """Text in which characters with a meaning in Markdown were escaped."""
    return markdown.replace("\\", "")


def click_rows(at: AppTest, *rows: int, columns: tuple[str, ...] = ()) -> AppTest:
    """What the browser sends when these rows are ticked, and a column's head clicked."""
    at.session_state["leaderboard_table"] = {"selection": {"rows": list(rows), "columns": list(columns), "cells": []}}
    return clean(at.run())


def ticked_rows(at: AppTest) -> list[int]:
    return list(at.session_state["leaderboard_table"]["selection"]["rows"])


def button(at: AppTest, label: str) -> Any:
    return next(item for item in [*at.button, *at.get("form_submit_button")] if item.label == label)


def press(at: AppTest, label: str) -> AppTest:
    return clean(button(at, label).click().run())


def overlaid(at: AppTest) -> list[str]:
    """The names of the runs whose curves are drawn."""
    charts = [json.loads(item.proto.json) for item in at.get("bidi_component") if '"lines"' in item.proto.json]
    return [line["name"] for line in charts[0]["lines"]] if charts else []


def colors(at: AppTest) -> dict[str, int]:
    """The numbers of the colours of the runs whose curves are drawn, by their names."""
    charts = [json.loads(item.proto.json) for item in at.get("bidi_component") if '"lines"' in item.proto.json]
    return {line["name"]: line["color"] for line in charts[0]["lines"]}


def differing(at: AppTest) -> dict[str, list[Any]]:
    frame = at.dataframe[1].value
    return {column: list(frame[column]) for column in frame.columns}


def three_runs(db: Database, **settings: Any) -> tuple[int, int, int]:
    """Best, middle and worst."""
    ids = [
        make_run(db, spec_of(name=name, epochs=20, **settings), final=final)
        for name, final in (("middle", 0.8), ("best", 0.95), ("worst", 0.6))
    ]
    return ids[1], ids[0], ids[2]


def test_an_empty_database_leads_to_the_train_page(open_page: Open) -> None:
    at = open_page()
    assert "No runs yet" in texts(at)
    assert not at.dataframe
    assert at.button[0].label == "Train a network"


def test_runs_are_ranked_by_their_best_validation_accuracy(open_page: Open, db: Database) -> None:
    three_runs(db)
    at = open_page()
    assert listed(at) == ["best", "middle", "worst"]
    assert list(at.dataframe[0].value["rank"]) == [1, 2, 3]
    assert "3 runs, ranked by the validation accuracy of their best epoch." in texts(at)
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


def test_the_switch_shows_the_figures_of_the_last_epoch(open_page: Open, db: Database) -> None:
    run = runs.get(db, make_run(db, spec_of(epochs=30)))
    assert run.best_epoch != run.epoch, "the made run must differ"
    at = open_page()
    assert at.dataframe[0].value["val_accuracy"][0] == percent(run.best_val_accuracy, decimals=2)
    at = clean(at.segmented_control(key="leaderboard_figures").set_value("last").run())
    assert at.dataframe[0].value["val_accuracy"][0] == percent(run.val_accuracy, decimals=2)
    assert query_parameters(at)["figures"] == ["last"]


def test_runs_of_several_networks_show_their_spread_and_rank_by_their_mean(open_page: Open, db: Database) -> None:
    three_runs(db)
    several = runs.get(db, make_run(db, spec_of(name="several", epochs=20, repeats=2, folds=3), final=0.9, diverged=1))
    at = open_page()
    assert listed(at) == ["best", "several", "middle", "worst"]
    row = at.dataframe[0].value.iloc[1].to_dict()
    assert row["networks"] == "2 × 3"
    assert row["val_accuracy"] == percent(several.best_val_accuracy or 0, several.best_val_accuracy_sd)
    assert row["test_accuracy"] == percent(several.test_accuracy or 0, several.test_accuracy_sd)
    assert "±" in row["accuracy"]
    assert len(row["curve"]) == 20
    at = clean(at.segmented_control(key="leaderboard_figures").set_value("last").run())
    last = percent(several.val_accuracy or 0, several.val_accuracy_sd)
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
        ids = [run.id for run in leaderboard.page(db, View(sort=sort).query)]
        assert listed(at) == [runs.get(db, run_id).title for run_id in ids]
    several = [row for row, count in enumerate(at.dataframe[0].value["networks"]) if count != "1"][:2]
    at = click_rows(at, *several, 0)
    assert len(overlaid(at)) == len(differing(at)["run"]) >= 2
    assert any("±" in cell for cell in differing(at)["val_accuracy"])


def test_differences_between_runs_of_several_networks_are_listed_in_words(open_page: Open, db: Database) -> None:
    for own in ({"repeats": 5}, {"folds": 10, "schedule": {"name": "exponential"}}, {"augment": {"rotation": 10}}):
        make_run(db, spec_of(epochs=2, **own))
    shown = differing(click_rows(open_page(sort="id", order="up"), 0, 1, 2))
    assert shown["setting repeats"] == ["5", "1", "1"]
    assert shown["setting folds"] == ["off", "10", "off"]
    assert shown["setting validation_split"] == ["10 %", "–", "10 %"]
    assert shown["setting schedule"] == ["Constant", "Exponential (Decay 0.9)", "Constant"]
    assert shown["setting augment"] == ["off", "off", "Rotation 10"]
    assert ["±" in cell for cell in shown["test_accuracy"]] == [True, True, False]


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
    at = clean(at.selectbox(key="leaderboard_sort").set_value("val_loss").run())
    losses = list(at.dataframe[0].value["val_loss"])
    assert losses == sorted(losses)
    assert query_parameters(at)["sort"] == ["val_loss"]
    assert "order" not in query_parameters(at)
    assert "sorted by: Validation loss." in texts(at)


def test_filters_narrow_the_list_and_are_in_the_address(open_page: Open, db: Database) -> None:
    three_runs(db)
    iris = make_run(db, spec_of(name="flowers", dataset="iris", epochs=3))
    runs.star(db, iris, True)
    make_run(db, spec_of(name="broken", epochs=4), status="failed")
    at = open_page()
    at = clean(at.pills(key="leaderboard_datasets").set_value(["iris"]).run())
    assert listed(at) == ["★ flowers"]
    assert query_parameters(at)["datasets"] == ["iris"]
    at = press(at, "Show all runs")
    assert len(listed(at)) == 5
    assert at.pills(key="leaderboard_datasets").value == []
    at = clean(at.pills(key="leaderboard_statuses").set_value(["failed"]).run())
    assert listed(at) == ["broken"]
    at = press(at, "Show all runs")
    at = clean(at.toggle(key="leaderboard_starred").set_value(True).run())
    assert listed(at) == ["★ flowers"]
    at = press(at, "Show all runs")
    at = clean(at.text_input(key="leaderboard_search").set_value("wor").run())
    assert listed(at) == ["worst"]
    assert "1 matching run, ranked" in texts(at)


def test_an_address_opens_with_its_filters_and_order(open_page: Open, db: Database) -> None:
    three_runs(db)
    make_run(db, spec_of(name="flowers", dataset="iris", epochs=3))
    at = open_page(datasets=["digits"], sort="name", order="down", figures="last", search="st")
    assert listed(at) == ["worst", "best"]
    assert at.pills(key="leaderboard_datasets").value == ["digits"]
    assert at.text_input(key="leaderboard_search").value == "st"
    assert at.segmented_control(key="leaderboard_order").value == "down"


@pytest.mark.parametrize(
    "address",
    [
        {"sort": "id; DROP TABLE runs"},
        {"sort": "rank"},
        {"sort": "spec", "order": "sideways"},
        {"datasets": ["../../etc/passwd", "mnist", ""]},
        {"statuses": "<script>"},
        {"page": "999999999999999999999"},
        {"page": "-1"},
        {"page": "٣"},
        {"page": "1e9"},
        {"figures": "both", "starred": "yes", "trash": "maybe"},
        {"search": "\x00\x1b[31m" + "x" * 5000},
        {"search": "%' OR 1=1 --"},
    ],
)
def test_parts_of_an_address_that_name_nothing_do_no_harm(
    open_page: Open, db: Database, address: dict[str, str | list[str]]
) -> None:
    three_runs(db)
    at = open_page(**address)
    assert at.title[0].value == "Leaderboard"
    assert len(runs.newest(db)) == 3
    if "search" not in address and "datasets" not in address:
        assert listed(at) == ["best", "middle", "worst"]
        assert not set(query_parameters(at)) & {"sort", "page", "statuses", "figures", "starred", "trash", "order"}


def test_parts_of_an_address_that_name_nothing_are_named(open_page: Open, db: Database) -> None:
    three_runs(db)
    at = open_page(sort="color", datasets=["digits", "letters"], order="up", page="x", lang="en")
    (warning,) = at.warning
    assert unescaped(warning.value).endswith("were ignored: datasets=letters, sort=color, page=x")
    assert not clean(at.run()).warning
    assert not open_page(sort="name", datasets="digits", order="up", page="1", trash="0", figures="best").warning


def test_filters_without_a_match_say_so_and_offer_all_runs(open_page: Open, db: Database) -> None:
    three_runs(db)
    at = open_page(search="nothing like it")
    assert "No run matches these filters." in texts(at)
    at = clean(at.button(key="leaderboard_unfilter").click().run())
    assert len(listed(at)) == 3


def test_more_runs_than_fit_on_a_page_get_further_pages(open_page: Open, db: Database) -> None:
    make_runs(db, 205, epochs=1)
    at = open_page()
    assert len(listed(at)) == 200
    at = open_page(page="2")
    assert len(listed(at)) == 5
    assert next(iter(at.dataframe[0].value["rank"].dropna()), 201) >= 201
    at = open_page(page="77")
    assert len(listed(at)) == 5, "there is no such page: the last one is shown"


def test_ticked_runs_are_compared(open_page: Open, db: Database) -> None:
    three_runs(db)
    at = click_rows(open_page(), 0, 2)
    assert "2 runs selected" in texts(at)
    assert overlaid(at) == ["best", "worst"]
    assert differing(at)["run"] == [["best"], ["worst"]]


def test_before_anything_is_ticked_the_first_runs_are_compared(open_page: Open, db: Database) -> None:
    make_runs(db, 12, epochs=3)
    at = open_page()
    assert overlaid(at) == listed(at)[:3]
    at = press(at, "Compare the first 10")
    assert overlaid(at) == listed(at)[:10]
    assert ticked_rows(at) == list(range(10))
    at = press(at, "Clear selection")
    assert ticked_rows(at) == []
    assert overlaid(at) == listed(at)[:3]


def test_a_run_keeps_its_colour_where_the_order_of_the_compared_runs_changes(open_page: Open, db: Database) -> None:
    three_runs(db)
    at = open_page()
    before = colors(at)
    at = clean(at.selectbox(key="leaderboard_sort").set_value("created_at").run())
    assert overlaid(at) == ["worst", "best", "middle"]
    assert colors(at) == before == {"best": 0, "middle": 1, "worst": 2}


def test_ticks_follow_their_runs_through_orders_filters_and_pages(open_page: Open, db: Database) -> None:
    three_runs(db)
    make_run(db, spec_of(name="flowers", dataset="iris", epochs=20), final=0.7)
    at = click_rows(open_page(), listed(open_page()).index("best"))
    at = clean(at.selectbox(key="leaderboard_sort").set_value("created_at").run())
    assert [listed(at)[row] for row in ticked_rows(at)] == ["best"]
    at = clean(at.pills(key="leaderboard_datasets").set_value(["iris"]).run())
    assert ticked_rows(at) == []
    assert "1 run selected" in texts(at)
    at = click_rows(at, 0)
    assert overlaid(at) == ["best", "flowers"]
    at = clean(at.switch_page("pages/predict.py").run())
    at = clean(at.switch_page(PAGE).run())
    assert overlaid(at) == ["best", "flowers"]
    assert listed(at) == ["flowers"], "the page opens as it was left"


def test_a_removed_tick_stays_removed(open_page: Open, db: Database) -> None:
    three_runs(db)
    at = click_rows(open_page(), 0, 1, 2)
    at = click_rows(at, 0, 2)
    assert overlaid(at) == ["best", "worst"]


def test_no_more_than_twenty_runs_are_overlaid(open_page: Open, db: Database) -> None:
    make_runs(db, 30, epochs=2)
    at = click_rows(open_page(), *range(25))
    assert len(overlaid(at)) == 20
    assert "Only the first 20 of them are compared." in texts(at)


def test_rows_that_are_not_there_are_ignored(open_page: Open, db: Database) -> None:
    three_runs(db)
    at = open_page()
    at.session_state["leaderboard_table"] = {
        "selection": {"rows": [1, 400, -3, "2", None], "columns": [7], "cells": []}
    }
    assert overlaid(clean(at.run())) == ["middle"]


def test_only_the_settings_that_differ_are_shown(open_page: Open, db: Database) -> None:
    for name, rate in (("slow", 0.001), ("fast", 0.1)):
        make_run(db, spec_of(name=name, epochs=3, optimizer={"name": "sgd", "learning_rate": rate}))
    at = click_rows(open_page(sort="created_at", order="up"), 0, 1)
    shown = differing(at)
    assert shown["setting learning_rate"] == ["0.001", "0.1"]
    assert [name for name in shown if name.startswith("setting")] == ["setting learning_rate"]


@pytest.mark.parametrize("phone", [False, True])
def test_on_a_phone_the_settings_that_differ_come_before_the_results(
    open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch, phone: bool
) -> None:
    monkeypatch.setattr(selected_runs, "on_phone", lambda: phone)
    for units in (8, 16):
        make_run(db, spec_of(hidden=[{"units": units, "activation": "relu"}], epochs=2))
    settings, results = ["setting hidden"], ["val_accuracy", "test_accuracy"]
    order = list(click_rows(open_page(), 0, 1).dataframe[1].proto.column_order)
    assert order == (["run", *settings, *results] if phone else ["run", *results, *settings])


def test_one_ticked_run_links_to_the_other_pages(open_page: Open, db: Database) -> None:
    best, _, _ = three_runs(db)
    at = click_rows(open_page(), 0)
    links = {link.proto.label: link.proto for link in at.get("page_link")}
    for label in ("Open on the Train page", "Try a digit with it"):
        assert f"run={best}" in str(links[label])


def test_ticked_runs_trained_on_digits_can_be_compared_on_try_a_digit(open_page: Open, db: Database) -> None:
    for dataset in ("digits", "iris", "digits"):
        make_run(db, spec_of(epochs=3, dataset=dataset))
    at = click_rows(open_page(sort="created_at", order="up"), 0, 1, 2)
    links = {link.proto.label: str(link.proto) for link in at.get("page_link")}
    assert "run=1" in links["Try a digit with them"]
    assert "with=3" in links["Try a digit with them"]


def test_a_single_run_trained_on_digits_cannot_be_compared_on_try_a_digit(open_page: Open, db: Database) -> None:
    for dataset in ("digits", "iris"):
        make_run(db, spec_of(epochs=3, dataset=dataset))
    at = click_rows(open_page(sort="created_at", order="up"), 0, 1)
    assert "Try a digit with them" not in [link.proto.label for link in at.get("page_link")]


def test_a_run_without_a_network_is_not_offered_for_digits(open_page: Open, db: Database) -> None:
    make_run(db, spec_of(epochs=4), status="failed")
    at = click_rows(open_page(), 0)
    assert "Try a digit with it" not in [link.proto.label for link in at.get("page_link")]


def test_a_failed_run_shows_its_reason_and_the_end_of_its_log(open_page: Open, db: Database) -> None:
    reason = Message("The dataset {name} is **not** here.", {"name": "<b>x</b>"})
    make_run(db, spec_of(name="[broken](http://x)", epochs=4), status="failed", message=reason, log="Traceback: boom")
    at = click_rows(open_page(), 0)
    assert "is \\*\\*not\\*\\* here" in at.error[0].value
    assert "\\[broken\\]" in at.error[0].value
    assert at.code[0].value == "Traceback: boom"


def test_a_diverged_run_states_the_reason_in_the_users_language(open_page: Open, db: Database) -> None:
    make_run(db, spec_of(name="wild", epochs=4), status="diverged")
    at = click_rows(open_page(lang="ja"), 0)
    assert "学習率" in at.error[0].value


def test_a_run_is_starred_and_unstarred(open_page: Open, db: Database) -> None:
    best, middle, _ = three_runs(db)
    at = press(click_rows(open_page(), 0, 1), "Star")
    assert runs.get(db, best).starred
    assert runs.get(db, middle).starred
    assert listed(at)[0] == "★ best"
    at = press(at, "Remove star")
    assert not runs.get(db, best).starred
    assert ticked_rows(at) == [0, 1]


def test_a_run_is_renamed_and_noted(open_page: Open, db: Database) -> None:
    best, _, _ = three_runs(db)
    at = click_rows(open_page(), 0)
    at.text_input(key=f"leaderboard_name_{best}").set_value("  Meister\u202e ")
    at.text_area(key=f"leaderboard_note_{best}").set_value("two\nlines")
    at = press(at, "Save")
    run = runs.get(db, best)
    assert (run.name, run.note) == ("Meister", "two\nlines")
    assert listed(at)[0] == "Meister"
    assert "Saved." in texts(at)


def test_several_runs_get_one_note(open_page: Open, db: Database) -> None:
    best, middle, worst = three_runs(db)
    at = click_rows(open_page(), 0, 1)
    assert "It replaces the notes of 2 runs." in texts(at)
    at.text_area(key=f"leaderboard_note_{best}-{middle}").set_value("lecture 3")
    press(at, "Save")
    assert [runs.get(db, run).note for run in (best, middle, worst)] == ["lecture 3", "lecture 3", ""]


def test_a_name_that_is_too_long_is_cut_to_what_fits(open_page: Open, db: Database) -> None:
    best, _, _ = three_runs(db)
    at = click_rows(open_page(), 0)
    at.text_input(key=f"leaderboard_name_{best}").set_value("x" * 500)
    press(at, "Save")
    assert runs.get(db, best).name == "x" * 80


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
    assert not clean(at.run()).error, "it is shown once"


def in_trash(at: AppTest, db: Database, *rows: int) -> AppTest:
    """Tick rows of the trash's table."""
    at.session_state[table_key(runs.trashed(db))] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return clean(at.run())


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
    at = clean(at.run())
    assert listed(at) == ["middle", "worst"]
    assert overlaid(at) == ["middle"]
    assert runs.find(db, middle) is not None


@pytest.mark.parametrize("label", ["Star", "Move to the trash", "Save"])
@pytest.mark.parametrize("deleted", [False, True])
def test_a_button_for_a_run_that_somebody_else_removed_meanwhile_says_why_it_does_nothing(
    open_page: Open, db: Database, label: str, deleted: bool
) -> None:
    best, _, _ = three_runs(db)
    at = click_rows(open_page(), 0)
    runs.trash(db, [best])
    if deleted:
        runs.purge(db, [best])
    at = press(at, label)
    assert f"Run #{best} is no longer selected: it was moved to the trash or deleted" in unescaped(at.warning[0].value)
    assert listed(at) == ["middle", "worst"]
    assert not clean(at.run()).warning, "it is shown once"


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
