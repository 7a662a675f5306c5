"""The address of the Train page: which run and which settings it names, and what it survives."""

from __future__ import annotations

import re

import pytest
from sqlite_utils import Database
from streamlit.proto.WidgetStates_pb2 import WidgetStates

from mlpcore import datasets
from mlpcore.spec import RunSpec
from mlpcore.ui.train.form.address import to_params
from tests.app_pages import Open, ended, go_back, parameters
from tests.factory.runs import make_run, spec_of
from tests.train_page import button, field, keys, texts

PAGE = "dashboard.py"


def test_a_link_with_settings_shows_their_network_although_a_run_is_under_way(open_page: Open, db: Database) -> None:
    make_run(db, status="running")

    at = open_page(dataset="iris")

    assert "run" not in parameters(at)
    assert at.table[0].value.iloc[0, 1] == "(4 + 1) × 32 = 160"


@pytest.mark.parametrize("text", ["99", "0", "１", "９９"])
def test_a_run_that_does_not_exist_gets_an_error_message(open_page: Open, db: Database, text: str) -> None:
    at = open_page(run=text)

    assert f"There is no run {int(text)}: it may have been deleted permanently." in texts(at)
    assert "run" not in parameters(at)
    assert at.table


@pytest.mark.parametrize("text", ["-1", "abc", "1e3", "9" * 40, "1 2", "<script>alert(1)</script>", ""])
def test_an_address_that_names_no_run_says_so_and_shows_the_network_of_the_form(
    open_page: Open, db: Database, text: str
) -> None:
    make_run(db)

    at = open_page(run=text, dataset="iris")

    assert [error.value.replace("\\", "") for error in at.error] == [
        "The link names no run: choose one here or train a network."
    ]
    assert parameters(at) == {"dataset": "iris"}
    assert at.table


def test_full_width_digits_in_an_address_mean_the_same_as_ascii_digits(open_page: Open, db: Database) -> None:
    make_run(db)

    at = open_page(
        dataset="digits", epochs="１２", hidden="１２８－ｒｅｌｕ－０．２，64-tanh", seed="７", name="実験２"
    )
    shown = open_page(run="１")

    assert not at.warning
    assert parameters(at) == {
        "dataset": "digits",
        "epochs": "12",
        "hidden": "128-relu-0.2,64-tanh",
        "seed": "7",
        "name": "実験２",
    }
    assert parameters(shown)["run"] == "1"


HOSTILE = [
    ("dataset", "../../etc/passwd"),
    ("dataset", "<img src=x onerror=alert(1)>"),
    ("hidden", "0-relu"),
    ("hidden", "1," * 9),
    ("hidden", "[$x$](http://x)"),
    ("optimizer", "magic"),
    ("learning_rate", "nan"),
    ("momentum", "1"),
    ("epochs", "99999999999999999999"),
    ("early_stopping", "off"),
    ("repeats", "0"),
    ("folds", "1"),
    ("folds", "<script>alert(1)</script>"),
    ("schedule", "${magic}"),
    ("shift", "0.9"),
    ("rotation", "nan"),
    ("name", "n" * 81),
]


@pytest.mark.parametrize(("name", "text"), HOSTILE)
def test_a_hostile_address_gets_an_error_message_and_the_default(open_page: Open, name: str, text: str) -> None:
    others = {"optimizer": "sgd"} if name == "momentum" else {}
    default = RunSpec.from_dict({"dataset": datasets.default() if name == "dataset" else "digits", **others})

    at = open_page(**{"dataset": "digits", **others, name: text})

    assert "The link contains settings that are not valid" in texts(at)
    assert parameters(at) == to_params(default, datasets.default())
    assert not re.search(r"(?<!\\)[<$\[]", "".join(w.value for w in at.warning))


def test_unknown_parameters_of_an_address_are_left_alone(open_page: Open) -> None:
    at = open_page(dataset="iris", utm_source="mail", epochs=12)

    assert parameters(at) == {"dataset": "iris", "utm_source": "mail", "epochs": "12"}
    assert not at.warning


def test_the_address_contains_only_what_differs_from_the_defaults(open_page: Open) -> None:
    at = open_page(dataset="iris")

    field(at, "epochs").set_value(33)
    ended(at.run())
    assert parameters(at) == {"dataset": "iris", "epochs": "33"}

    field(at, "epochs").set_value(RunSpec().epochs)
    ended(at.run())
    assert parameters(at) == {"dataset": "iris"}


def test_what_was_typed_survives_a_visit_to_another_page(open_page: Open) -> None:
    at = open_page(dataset="iris", hidden="4-step")
    field(at, "epochs").set_value(33)
    field(at, "name").set_value("kept")
    ended(at.run())

    ended(at.switch_page("pages/leaderboard.py").run())
    at.query_params.clear()
    ended(at.switch_page("dashboard.py").run())

    assert (field(at, "epochs").value, field(at, "name").value) == (33, "kept")
    assert parameters(at) == {"dataset": "iris", "hidden": "4-step", "epochs": "33", "name": "kept"}


def test_a_link_to_a_run_from_another_page_shows_it_and_keeps_the_form(open_page: Open, db: Database) -> None:
    first, second = make_run(db), make_run(db)
    at = open_page(dataset="iris", epochs=33, run=second)

    ended(at.switch_page("pages/leaderboard.py").run())
    at.query_params.clear()
    at.query_params["run"] = str(first)
    ended(at.switch_page("dashboard.py").run())

    assert parameters(at) == {"dataset": "iris", "epochs": "33", "run": str(first)}


@pytest.mark.parametrize("status", ["queued", "finished"])
def test_a_button_pressed_before_the_browser_has_the_new_address_leaves_the_run_on_the_page(
    open_page: Open, db: Database, status: str
) -> None:
    make_run(db, spec_of(dataset="iris", epochs=2), status=status)
    for key in sorted(key for key in keys(open_page(run=1)) if key):
        at = open_page(run=1)
        del at.query_params["run"]

        ended(button(at, key).click().run())

        assert parameters(at).get("run"), key


def test_a_page_that_runs_again_by_itself_reads_no_older_address_but_the_one_that_back_restores(
    open_page: Open, db: Database
) -> None:
    make_run(db, spec_of(dataset="iris", epochs=2), status="finished")
    at = open_page(run=1)
    del at.query_params["run"]

    ended(at.run())
    assert parameters(at)["run"] == "1"

    go_back(at, run=None)
    assert "run" not in parameters(at)


@pytest.mark.parametrize("shown", [None, 1])
def test_a_browser_that_has_not_received_a_new_run_yet_does_not_leave_it(
    open_page: Open, db: Database, shown: int | None
) -> None:
    make_run(db, spec_of(dataset="iris", epochs=2), status="finished")
    at = open_page(dataset="iris", **({} if shown is None else {"run": shown}))
    states = at._tree.get_widget_states().widgets
    before = WidgetStates(widgets=[state for state in states if state.WhichOneof("value") != "trigger_value"])

    at = ended(button(at, "train").click().run())
    assert parameters(at)["run"] == "2"

    assert parameters(ended(at._run(before)))["run"] == "2"
