"""The page Try a digit: which runs are offered, and which one predicts at first."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from mlpcore.store import runs
from tests.app_pages import ended, parameters
from tests.factory.networks import constant, make_run_of_network
from tests.factory.runs import make_run, spec_of
from tests.predict_page import (
    PREDICTS_3,
    PREDICTS_7,
    headline,
)

PAGE = "pages/predict.py"


def test_without_any_network_the_page_leads_to_the_training(open_page) -> None:
    at = open_page()
    assert at.subheader[0].value.endswith("There is no trained network yet")
    assert not at.get("bidi_component")
    assert not at.selectbox


def test_runs_that_have_no_network_are_not_offered(open_page, db: Database) -> None:
    for status in ("queued", "running", "failed", "diverged"):
        make_run(db, spec_of(dataset="digits"), status=status)
    assert open_page().subheader[0].value.endswith("There is no trained network yet")


def test_the_best_network_for_digits_is_chosen_though_another_dataset_has_a_better_one(open_page, db: Database) -> None:
    make_run_of_network(db, constant("iris", [0.2, 0.3, 0.5]), accuracy=1.0)
    make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.7)
    best = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.9, name="group A")
    make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.8)
    at = open_page()
    assert at.selectbox(key="predict_run").value == best
    label = f"#{best} group A · Digits 8×8 · no hidden layer · validation 90.0\u00a0% (epoch 1)"
    assert at.selectbox(key="predict_run").options[0] == label


def test_mnist_is_listed_before_the_small_digits(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.99)
    mnist = make_run_of_network(db, constant("mnist", PREDICTS_3), accuracy=0.9)
    assert open_page().selectbox(key="predict_run").value == mnist


def test_the_address_chooses_the_run_and_picking_another_one_changes_the_address(open_page, db: Database) -> None:
    first = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.7)
    second = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.9)
    at = open_page(run=str(first), lang="en")
    assert at.selectbox(key="predict_run").value == first
    ended(at.selectbox(key="predict_run").set_value(second).run())
    assert parameters(at) == {"run": str(second), "lang": "en"}


@pytest.mark.parametrize(
    "requested", ["999", "-1", "0", "", "1e3", "９", "9" * 400, "<b>7</b>", "1; DROP TABLE runs", "\x00"]
)
def test_an_address_without_a_valid_run_gets_a_message_and_the_best_run(
    open_page, db: Database, requested: str
) -> None:
    best = make_run_of_network(db, constant("digits", PREDICTS_3))
    at = open_page(run=requested)
    assert at.warning[0].value.startswith("The address names a run that does not exist.")
    assert at.selectbox(key="predict_run").value == best


def test_a_run_in_the_trash_is_not_used_and_the_page_says_where_it_is(open_page, db: Database) -> None:
    trashed = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.99)
    best = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.5)
    runs.trash(db, [trashed])
    at = open_page(run=str(trashed))
    assert at.warning[0].value.startswith(f"Run {trashed} is in the trash.")
    assert at.selectbox(key="predict_run").value == best


def test_an_address_of_a_queued_run_gets_a_message_and_the_best_run(open_page, db: Database) -> None:
    waiting = make_run(db, spec_of(dataset="digits"), status="queued")
    make_run_of_network(db, constant("digits", PREDICTS_3))
    assert open_page(run=str(waiting)).warning[0].value.startswith(f"Run {waiting} has no trained network yet.")


@pytest.mark.parametrize("status", ["stopped", "running", "diverged"])
def test_the_address_may_name_a_run_that_has_a_network_but_has_not_ended(open_page, db: Database, status: str) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    run = make_run_of_network(db, constant("digits", PREDICTS_3), status=status)
    at = open_page(run=str(run))
    assert not at.warning
    assert at.selectbox(key="predict_run").value == run
    assert "this run did not finish" in at.caption[0].value or "this run is still training" in at.caption[0].value


def test_a_finished_run_comes_before_a_better_one_that_was_stopped(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3), status="stopped", accuracy=0.99)
    finished = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.9)
    assert open_page().selectbox(key="predict_run").value == finished


def test_many_runs_can_be_searched_and_the_list_stays_short(open_page, db: Database) -> None:
    sought = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.2, name="the sought one")
    for _index in range(55):
        make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.9)
    at = open_page()
    assert len(at.selectbox(key="predict_run").options) == 50
    ended(at.text_input(key="predict_search").set_value("sought").run())
    assert at.selectbox(key="predict_run").value == sought
    ended(at.text_input(key="predict_search").set_value("%' OR 1=1 --").run())
    assert "No run matches this search" in at.subheader[0].value


def test_a_run_of_a_dataset_that_is_no_longer_known_is_left_out(open_page, db: Database) -> None:
    run = make_run_of_network(db, constant("digits", PREDICTS_3))
    db.execute("UPDATE runs SET dataset = 'gone' WHERE id = ?", [run])
    db.conn.commit()
    assert open_page(run=str(run)).subheader[0].value.endswith("There is no trained network yet")


def test_names_that_users_gave_are_shown_as_typed(open_page, db: Database) -> None:
    name = "<img src=x onerror=alert(1)> **bold** :red[x] {count} %s"
    run = make_run_of_network(db, constant("digits", PREDICTS_3), name=name)
    assert open_page().selectbox(key="predict_run").options[0].startswith(f"#{run} {name} · ")


def test_a_run_in_training_is_offered_once_a_network_of_it_is_saved(open_page, db: Database, drawn) -> None:
    finished = make_run_of_network(db, constant("digits", PREDICTS_3))
    training = make_run_of_network(db, constant("digits", PREDICTS_7), status="running", epochs=5)
    make_run(db, spec_of(dataset="digits"), status="running")
    at = open_page()
    assert at.selectbox(key="predict_run").value == finished
    assert len(at.selectbox(key="predict_run").options) == 2
    ended(at.selectbox(key="predict_run").set_value(training).run())
    assert headline(at) == "The network predicts 7 (82.0 %)."


def test_returning_to_the_page_shows_the_runs_of_the_last_visit(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.95)
    first, other = (make_run_of_network(db, constant("digits", PREDICTS_3)) for _index in range(2))
    at = open_page(run=str(first), **{"with": str(other)})
    at.switch_page("dashboard.py")
    at.query_params.clear()
    ended(at.run())
    at.switch_page("pages/predict.py")
    at.query_params.clear()
    ended(at.run())
    assert at.selectbox(key="predict_run").value == first
    assert at.multiselect(key="predict_with").value == [other]


def test_ones_own_runs_come_first_and_are_marked_where_there_are_others(open_page, db: Database) -> None:
    other = make_run_of_network(db, constant("mnist", PREDICTS_3), accuracy=0.9)
    at = open_page()
    assert "mine" not in at.selectbox(key="predict_run").options[0]
    own = make_run_of_network(db, constant("digits", PREDICTS_7), accuracy=0.7)
    db.execute("UPDATE runs SET owner = ? WHERE id = ?", [at.session_state["visitor"].id, own])

    options = ended(at.run()).selectbox(key="predict_run").options

    assert [option.split(" ")[0] for option in options] == [f"#{own}", f"#{other}"]
    assert [option.endswith(" · mine") for option in options] == [True, False]
