"""The Train page on a phone: layers as cards, the way to the form, and what a newcomer sees."""

from __future__ import annotations

import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore.actions import Visitor
from tests.app_pages import Open, ended, parameters
from tests.factory.runs import make_run, spec_of
from tests.train_page import all_runs, button, keys

PAGE = "dashboard.py"


@pytest.fixture(autouse=True)
def phone(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("layers_table", "run_actions"):
        part = "form." if module == "layers_table" else ""
        monkeypatch.setattr(f"mlpcore.ui.train.{part}{module}.on_phone", lambda: True)


def card(at: AppTest, layer: int, name: str) -> object:
    """The field of a layer's card; layers count from 0."""
    fields = [*at.number_input, *at.selectbox]
    return next(f for f in fields if f.key.startswith("form.layer.") and f.key.endswith(f".{layer}.{name}"))


def contents(at: AppTest) -> list[tuple[object, object, object]]:
    """What the cards hold: units, activation and dropout of each layer."""
    count = len([key for key in keys(at) if key and key.startswith("form.delete_layer.")])
    names = ("units", "activation", "dropout")
    return [tuple(card(at, layer, name).value for name in names) for layer in range(count)]  # type: ignore[misc,attr-defined]


def test_cards_hold_the_layers_of_the_address_and_their_edits_reach_it(open_page: Open) -> None:
    at = open_page(dataset="digits", hidden="16-tanh-0.3,8-relu")
    assert contents(at) == [(16, "tanh", 0.3), (8, "relu", 0.0)]

    ended(card(at, 0, "units").set_value(20).run())  # type: ignore[attr-defined]
    ended(card(at, 1, "activation").set_value("sigmoid").run())  # type: ignore[attr-defined]
    ended(card(at, 1, "dropout").set_value(0.5).run())  # type: ignore[attr-defined]

    assert parameters(at)["hidden"] == "20-tanh-0.3,8-sigmoid-0.5"
    at.segmented_control(key="language_switch").set_value("ja")
    assert parameters(ended(at.run()))["hidden"] == "20-tanh-0.3,8-sigmoid-0.5"
    assert contents(at) == [(20, "tanh", 0.3), (8, "sigmoid", 0.5)]


def test_a_card_is_added_like_the_last_and_each_can_be_deleted(open_page: Open) -> None:
    at = open_page(dataset="digits", hidden="16-tanh-0.3,8-relu")

    ended(button(at, "form.add_layer").click().run())
    ended(button(at, "form.delete_layer.0").click().run())
    assert contents(at) == [(8, "relu", 0.0), (8, "relu", 0.0)]
    assert parameters(at)["hidden"] == "8-relu,8-relu"

    for _layer in range(2):
        ended(button(at, "form.delete_layer.0").click().run())
    assert parameters(at)["hidden"] == "none"
    ended(button(at, "form.add_layer").click().run())
    assert contents(at) == [(32, "relu", 0.0)]


def test_an_empty_field_of_a_card_is_a_problem_of_the_form_and_nothing_trains(open_page: Open, db: Database) -> None:
    at = open_page(dataset="digits", hidden="16-tanh")
    ended(card(at, 0, "units").set_value(None).run())  # type: ignore[attr-defined]

    ended(button(at, "train_here").click().run())

    assert "This cannot be trained yet" in at.error[0].value
    assert all_runs(db) == []


def test_layers_stay_when_one_leaves_the_page_and_comes_back(open_page: Open) -> None:
    at = open_page(dataset="digits", hidden="16-tanh-0.3")
    ended(card(at, 0, "units").set_value(24).run())  # type: ignore[attr-defined]

    ended(at.switch_page("pages/leaderboard.py").run())
    at.query_params.clear()
    ended(at.switch_page("dashboard.py").run())

    assert contents(at) == [(24, "tanh", 0.3)]


def test_a_newcomer_sees_the_network_of_the_form_and_a_visitor_the_own_run_under_way(
    open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = Visitor.new()
    monkeypatch.setattr("mlpcore.ui.train.current_run.visitor", lambda: me)
    make_run(db, spec_of(dataset="iris"), status="queued", owner="a" * 32)
    assert "run" not in parameters(open_page())
    assert {"settings", "train_here"} <= keys(open_page())

    own = make_run(db, spec_of(dataset="iris"), status="running", owner=me.id)
    make_run(db, spec_of(dataset="iris"), status="queued", owner="a" * 32)
    assert parameters(open_page())["run"] == str(own)
