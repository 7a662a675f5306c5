"""Adding a setting, an activation or an optimizer takes one place: it is then found wherever there are such."""

from __future__ import annotations

import json
from typing import Any

import added_settings
import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore import paths
from mlpcore.spec import RunSpec
from mlpcore.spec.choices import ACTIVATIONS, OPTIMIZERS, Activation, Optimizer
from mlpcore.spec.setting import Range, Setting, table
from mlpcore.store import runs
from mlpcore.ui.leaderboard.columns import cells
from mlpcore.ui.leaderboard.selected_runs import differing
from mlpcore.ui.train.form.address import to_params, to_spec
from tests.factory.project_copy import copy_project, insert, run_python
from tests.factory.runs import make_run, spec_of
from tests.waiting import DEADLINE_SECONDS


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a copy of the project says of four more settings: each is a field of `RunSpec` and a row of the table."""
    project = copy_project(tmp_path_factory.mktemp("project"))
    insert(project / "mlpcore/spec/run_spec.py", after='    note: str = ""\n', text=added_settings.FIELDS)
    fields = project / "mlpcore/spec/fields.py"
    insert(fields, after="SETTINGS: dict[str, Setting] = table(\n", text=added_settings.ROWS)
    insert(fields, after="from mlpcore.spec.setting import ", text="Choice, ")
    found: dict[str, Any] = json.loads(run_python(project, added_settings.__file__).splitlines()[-1])
    return found


def test_an_added_setting_is_part_of_the_json_and_of_the_hash(report: dict[str, Any]) -> None:
    assert report["json"]
    assert report["hash"]


def test_an_added_setting_is_validated_with_a_sentence(report: dict[str, Any]) -> None:
    assert report["problems"] == {
        "jitter": "Jitter: 0.6 was given; allowed is a number from 0 to 0.5.",
        "initializer": "Initializer: 'zeros' was given; allowed are glorot, he.",
        "shuffle": "Shuffle: 'no' was given; allowed are true and false.",
        "warmup": "Warm-up: 10 was given; allowed is a whole number from 1 to 9.",
    }


def test_an_added_setting_goes_into_the_address_and_comes_back(report: dict[str, Any]) -> None:
    assert report["address"] == {
        "dataset": "digits",
        "noise": "0.25",
        "initializer": "he",
        "shuffle": "false",
        "warmup": "3",
    }
    assert report["back"]


def test_an_added_setting_has_a_field_in_the_form_that_the_address_fills(report: dict[str, Any]) -> None:
    assert report["exception"] is None
    assert report["form"] == {
        "jitter": ["Jitter", 0.25],
        "initializer": ["Initializer", "he"],
        "shuffle": ["Shuffle", False],
        "warmup": ["Warm-up", 3],
    }
    assert report["written"] == report["address"]


def test_an_added_setting_is_shown_for_a_run_and_among_differences(report: dict[str, Any]) -> None:
    assert report["settings"] == {"jitter": "0", "initializer": "Glorot", "shuffle": "yes", "warmup": "off"}
    assert report["differences"] == {
        "jitter": ["0", "0.25"],
        "initializer": ["Glorot", "He"],
        "shuffle": ["yes", "no"],
        "warmup": ["off", "3"],
    }


def test_an_added_setting_is_in_the_csv_of_the_leaderboard_and_where_its_row_says_so_in_its_table(
    report: dict[str, Any],
) -> None:
    assert report["columns"] == {"jitter": ["0.25"], "initializer": ["He"]}
    assert {name: report["csv"][name] for name in ("jitter", "initializer", "shuffle", "warmup")} == {
        "jitter": "0.25",
        "initializer": "he",
        "shuffle": "0",
        "warmup": "3",
    }


def test_an_added_setting_is_part_of_the_automatic_name_where_it_is_not_the_default(report: dict[str, Any]) -> None:
    name = report["csv"]["automatic_name"]
    assert all(part in name.split(" · ") for part in ("Jitter 0.25", "Initializer He", "Shuffle no", "Warm-up 3"))


def test_an_added_setting_of_a_run_whose_settings_are_damaged_is_empty(report: dict[str, Any]) -> None:
    assert report["damaged"] == [[None], ""]


def test_an_added_setting_stands_at_the_head_of_exported_code_where_its_row_says_so(report: dict[str, Any]) -> None:
    lines = report["script"].splitlines()

    assert {"jitter = 0.25", "warmup = 3"} <= set(lines)
    assert not [line for line in lines if line.startswith("shuffle = ")]
    assert "warmup" not in report["script_default"]


def test_an_added_setting_has_compiled_steps_of_its_own_unless_its_row_says_otherwise(report: dict[str, Any]) -> None:
    assert report["same_steps"] == {"jitter": False, "initializer": False, "shuffle": True, "warmup": True}


@pytest.fixture
def wobbly(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more activation and one more optimizer, in memory."""
    monkeypatch.setitem(ACTIVATIONS, "wobble", Activation("Wobble", warning="It wobbles."))
    wobbliness = Setting("momentum", "Momentum", "How much.", allowed=Range(0, 1), default=0.5)
    monkeypatch.setitem(OPTIMIZERS, "wobbly", Optimizer("Wobbly", learning_rate=0.25, parameters=table(wobbliness)))


@pytest.mark.usefixtures("wobbly")
def test_an_added_activation_and_optimizer_are_validated_and_go_into_the_address_and_back() -> None:
    spec = RunSpec.from_dict({"hidden": [{"activation": "wobble"}], "optimizer": {"name": "wobbly", "momentum": 0.75}})

    assert spec.optimizer.learning_rate == 0.25
    assert to_params(spec) == {
        "dataset": "digits",
        "hidden": "32-wobble",
        "optimizer": "wobbly",
        "momentum": "0.75",
    }
    assert to_spec(to_params(spec), "digits") == (spec, [])


@pytest.mark.usefixtures("wobbly", "data_folder")
def test_an_added_activation_and_optimizer_are_in_the_form() -> None:
    at = AppTest.from_file(str(paths.PROJECT / "dashboard.py"), default_timeout=DEADLINE_SECONDS)
    for name, text in {"dataset": "digits", "hidden": "32-wobble", "optimizer": "wobbly"}.items():
        at.query_params[name] = text
    at.run()

    assert not at.exception
    (optimizer,) = [box for box in at.selectbox if box.key == "form.optimizer"]
    assert "Wobbly" in optimizer.options
    values = {number.key: number.value for number in at.number_input}
    assert (values["form.learning_rate"], values["form.optimizer.wobbly.momentum"]) == (0.25, 0.5)
    assert "It wobbles." in [warning.value for warning in at.warning]


@pytest.mark.usefixtures("wobbly")
def test_an_added_activation_and_optimizer_have_their_names_on_the_leaderboard(db: Database) -> None:
    spec = spec_of(hidden=[{"activation": "wobble"}], optimizer="wobbly")
    run = runs.get(db, make_run(db, spec, status="queued"))

    assert cells("activation", [run], "best") == ["Wobble"]
    assert cells("optimizer", [run], "best") == ["Wobbly"]
    assert differing([spec_of(), spec]) == {
        "activation": ["ReLU", "Wobble"],
        "optimizer": ["Adam", "Wobbly"],
        "learning_rate": ["0.001", "0.25"],
    }
