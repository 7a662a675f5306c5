"""The comparison of runs on the leaderboard: their curves, and the settings that differ."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from mlpcore.events import EpochEnd, Metrics
from mlpcore.store import metrics, queue
from mlpcore.ui.leaderboard import selected_runs
from tests import app_pages
from tests.app_pages import Open, ended
from tests.factory.runs import finished_event, make_run, make_runs, spec_of
from tests.leaderboard_page import (
    click_rows,
    colors,
    differing,
    listed,
    overlaid,
    press,
    texts,
    three_runs,
    ticked_rows,
)

PAGE = "pages/leaderboard.py"


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
    at = ended(at.selectbox(key="leaderboard_sort").set_value("created_at").run())
    assert overlaid(at) == ["worst", "best", "middle"]
    assert colors(at) == before == {"best": 0, "middle": 1, "worst": 2}


def test_no_more_than_twenty_runs_are_overlaid(open_page: Open, db: Database) -> None:
    make_runs(db, 30, epochs=2)
    at = click_rows(open_page(), *range(25))
    assert len(overlaid(at)) == 20
    assert "Only the first 20 of them are compared." in texts(at)


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


def test_what_surprises_in_the_curves_of_an_ended_run_is_explained_here_and_on_train(
    open_page: Open, db: Database
) -> None:
    spec = spec_of(epochs=6, hidden=[{"units": 8, "dropout": 0.5}], name="with dropout")
    run = make_run(db, spec, status="running", done=0)
    claim = queue.Claim(run, 1, spec, None)
    for epoch in range(1, 7):
        shares = Metrics(1 / epoch, 0.8, 0.5 / epoch, 0.9)
        metrics.record(db, claim, EpochEnd(epoch, (shares,), 0.1, 0.001))
    sentence = "dropout switches neurons off only during training"
    assert sentence not in texts(click_rows(open_page(), 0))

    metrics.record(db, claim, finished_event(run, shares, 6))

    at = click_rows(open_page(), 0)
    assert sentence in texts(at)
    assert "**with dropout**: Validation lies above training in epochs 1 to 6" in texts(at)
    assert sentence in texts(app_pages.open_page("dashboard.py", run=run))
