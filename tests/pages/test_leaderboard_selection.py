"""The selected runs of the leaderboard: ticks that stay with their runs, links, stars, names and notes."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from mlpcore.i18n.messages import Message
from mlpcore.store import runs
from tests.app_pages import Open, ended, go_back
from tests.factory.runs import make_run, spec_of
from tests.leaderboard_page import (
    button,
    click_rows,
    listed,
    overlaid,
    press,
    query_parameters,
    texts,
    three_runs,
    ticked_rows,
    unescaped,
)

PAGE = "pages/leaderboard.py"


def test_ticks_follow_their_runs_through_orders_filters_and_pages(open_page: Open, db: Database) -> None:
    three_runs(db)
    make_run(db, spec_of(name="flowers", dataset="iris", epochs=20), final=0.7)
    at = click_rows(open_page(), listed(open_page()).index("best"))
    at = ended(at.selectbox(key="leaderboard_sort").set_value("created_at").run())
    assert [listed(at)[row] for row in ticked_rows(at)] == ["best"]
    at = ended(at.pills(key="leaderboard_datasets").set_value(["iris"]).run())
    assert ticked_rows(at) == []
    assert "1 run selected" in texts(at)
    at = click_rows(at, 0)
    assert overlaid(at) == ["best", "flowers"]
    at = ended(at.switch_page("pages/predict.py").run())
    at = ended(at.switch_page(PAGE).run())
    assert overlaid(at) == ["best", "flowers"]
    assert listed(at) == ["flowers"], "the page opens as it was left"


def test_a_removed_tick_stays_removed(open_page: Open, db: Database) -> None:
    three_runs(db)
    at = click_rows(open_page(), 0, 1, 2)
    at = click_rows(at, 0, 2)
    assert overlaid(at) == ["best", "worst"]


def test_rows_that_are_not_there_are_ignored(open_page: Open, db: Database) -> None:
    three_runs(db)
    at = open_page()
    at.session_state["leaderboard_table"] = {
        "selection": {"rows": [1, 400, -3, "2", None], "columns": [7], "cells": []}
    }
    assert overlaid(ended(at.run())) == ["middle"]


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
    assert not ended(at.run()).warning, "it is shown once"


def test_runs_of_other_visitors_are_not_changed_and_the_buttons_say_why(
    open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    best, _, _ = three_runs(db)
    keys = ("leaderboard_star", "leaderboard_trash")
    pressed = [click_rows(open_page(), 0).button(key=key).click() for key in keys]
    monkeypatch.delenv("MLPCORE_OPEN")
    at = click_rows(open_page(), 0)
    for key in keys:
        assert at.button(key=key).disabled
        assert f"Run {best} is not yours" in at.button(key=key).help
    for press_button in pressed:
        ended(press_button.run())
    assert (runs.get(db, best).starred, runs.get(db, best).trashed_at) == (False, None)
    fields = [field.key for field in (*at.text_input, *at.text_area)]
    assert fields == ["leaderboard_search"], "the popover with name and note is empty"


def test_an_address_ticks_its_runs_and_ticks_are_written_into_the_address(open_page: Open, db: Database) -> None:
    best, middle, worst = three_runs(db)
    at = open_page(compare=f"{worst},{best}")

    assert overlaid(at) == ["worst", "best"]
    assert [listed(at)[row] for row in ticked_rows(at)] == ["best", "worst"]
    at = click_rows(at, 0, 1, 2)
    assert query_parameters(at)["compare"] == [f"{worst},{best},{middle}"]
    at = click_rows(at)
    assert "compare" not in query_parameters(at)


def test_parts_of_an_address_that_are_no_runs_are_ignored_with_a_sentence(open_page: Open, db: Database) -> None:
    best, _, _ = three_runs(db)
    at = open_page(compare=f"x<b>,{best},-3,9999")

    assert overlaid(at) == ["best"]
    sentences = [unescaped(warning.value) for warning in at.warning]
    assert "Parts of the address name nothing on this page and were ignored: compare=x<b>, compare=-3" in sentences
    assert any(sentence.startswith("Run #9999 is no longer selected") for sentence in sentences)
    assert query_parameters(at)["compare"] == [str(best)]


def test_an_older_address_that_comes_with_a_click_takes_no_tick_away(open_page: Open, db: Database) -> None:
    best, middle, worst = three_runs(db)
    at = click_rows(open_page(), 0)
    del at.query_params["compare"]
    at = click_rows(at, 0, 1)
    assert query_parameters(at)["compare"] == [f"{best},{middle}"]

    at.query_params["compare"] = str(best)
    at = ended(button(at, "Star").click().run())
    assert [runs.get(db, run_id).starred for run_id in (best, middle, worst)] == [True, True, False]

    at.query_params["compare"] = str(best)
    at = ended(at.text_input(key="leaderboard_search").set_value("worst").run())
    assert (listed(at), query_parameters(at)["compare"]) == (["worst"], [f"{best},{middle}"])


def test_an_older_address_that_comes_with_a_run_of_the_page_takes_no_tick_away(open_page: Open, db: Database) -> None:
    best, middle, worst = three_runs(db)
    at = click_rows(click_rows(click_rows(open_page(), 0), 0, 1), 0, 1, 2)

    for stale in (str(best), f"{best},{middle}"):
        at.query_params["compare"] = stale
        at = ended(at.run())
        assert query_parameters(at)["compare"] == [f"{best},{middle},{worst}"]


def test_the_way_back_in_the_browser_takes_the_last_tick_away(open_page: Open, db: Database) -> None:
    best, _, _ = three_runs(db)
    at = go_back(click_rows(click_rows(open_page(), 0), 0, 1), compare=str(best))

    assert overlaid(at) == ["best"]
    assert ticked_rows(at) == [0]


def test_ones_own_runs_are_marked_and_can_be_listed_alone(open_page: Open, db: Database) -> None:
    three_runs(db)
    at = open_page()
    me = at.session_state["visitor"].id
    for name in ("mine", "mine too"):
        make_run(db, spec_of(name=name, epochs=20), final=0.7, owner=me)
    at = ended(at.run())
    assert sorted(listed(at)) == ["best", "middle", "worst", "● mine", "● mine too"]

    at = ended(at.toggle(key="leaderboard_mine").set_value(True).run())

    assert sorted(listed(at)) == ["mine", "mine too"], "nobody else's runs are there to tell them from"
    assert query_parameters(at)["mine"] == ["1"]
    assert me not in str(at.query_params)
    assert "2 matching runs" in texts(at)
    assert len(listed(press(at, "Show all runs"))) == 5


def test_a_list_of_ones_own_runs_that_somebody_else_opens_shows_theirs(open_page: Open, db: Database) -> None:
    three_runs(db)
    assert "No run matches these filters." in texts(open_page(mine=1))


def test_a_page_that_the_stream_draws_again_ticks_no_run_that_took_the_place_of_another(
    open_page: Open, db: Database
) -> None:
    _, middle, _ = three_runs(db)
    at = press(click_rows(open_page(), 0), "Move to the trash")
    at.session_state["overview_stream.changed"] = True

    at = click_rows(at, 0)
    assert "compare" not in query_parameters(at)

    at = click_rows(at, 0)
    assert query_parameters(at)["compare"] == [str(middle)]
