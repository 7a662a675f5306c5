"""A run of several networks on the Train page: all of them together, and each by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore.store import members
from tests.app_pages import Open, ended, parameters
from tests.factory.runs import make_run, spec_of
from tests.train_page import texts

PAGE = "dashboard.py"


SEVERAL = spec_of(dataset="digits", epochs=6, repeats=2, folds=2)


def picker(at: AppTest) -> Any:
    return next((box for box in at.selectbox if str(box.key).startswith("member_picker.")), None)


def test_a_run_of_several_networks_shows_their_mean_and_explains_the_band(open_page: Open, db: Database) -> None:
    at = open_page(run=make_run(db, SEVERAL, diverged=1))

    assert "Lines: the mean of 3 networks. Bands: one standard deviation above and below" in texts(at)
    assert "1 network that diverged is left out." in texts(at)
    assert picker(at).options == [
        "All 4 networks together",
        "Network 1 · seed 1 · fold 1",
        "Network 2 · seed 1 · fold 2",
        "Network 3 · seed 2 · fold 1",
        "Network 4 · seed 2 · fold 2",
    ]


def test_a_run_of_one_network_has_nothing_to_pick(open_page: Open, db: Database) -> None:
    at = open_page(run=make_run(db, spec_of(epochs=3)), member=1)

    assert picker(at) is None
    assert "Bands:" not in texts(at)
    assert "member" not in parameters(at)


def test_a_network_is_opened_by_itself_and_the_address_carries_it(open_page: Open, db: Database) -> None:
    run = make_run(db, SEVERAL, diverged=1, stopped_early=2)
    at = open_page(run=run)

    picker(at).set_value(2)
    ended(at.run())

    row = members.members(db, run)[2]
    right = round((row.test_accuracy or 0) * 360)
    assert parameters(at) == {**parameters(open_page(run=run)), "member": "3"}
    assert f"Of 360 test examples, network 3 classifies **{right}** correctly and {360 - right} wrongly." in texts(at)
    assert "Early stopping ended its training after epoch 3" in texts(at)
    assert [metric.label for metric in at.metric] == ["Test accuracy", "Validation accuracy", "Training accuracy"]

    picker(at).set_value(-1)
    ended(at.run())
    assert "member" not in parameters(at)
    assert "Bands:" in texts(at)


def test_a_link_opens_a_network_and_a_diverged_one_says_why_it_has_no_result(open_page: Open, db: Database) -> None:
    at = open_page(run=make_run(db, SEVERAL, diverged=1), member=2)

    assert picker(at).value == 1
    assert "Network 2 diverged in epoch 4" in "\n".join(e.value for e in at.error)
    assert not at.metric


@pytest.mark.parametrize("text", ["0", "5", "-1", "1.0", "abc", "9" * 40, "<script>alert(1)</script>", ""])
def test_a_network_that_the_run_does_not_have_is_not_shown(open_page: Open, db: Database, text: str) -> None:
    at = open_page(run=make_run(db, SEVERAL), member=text)

    assert picker(at).value == -1
    assert "member" not in parameters(at)
    assert "Bands:" in texts(at)


@pytest.mark.parametrize("value", [99, -7])
def test_a_hostile_choice_of_a_network_shows_all(
    open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch, value: int
) -> None:
    at = open_page(run=make_run(db, SEVERAL))
    at.session_state["current_run.member"] = value

    assert picker(ended(at.run())).value == -1


def test_another_run_begins_with_all_its_networks(open_page: Open, db: Database) -> None:
    first, second = make_run(db, SEVERAL), make_run(db, SEVERAL)
    at = open_page(run=second, member=2)

    next(box for box in at.selectbox if str(box.key).startswith("current_run.picker.")).set_value(first)
    ended(at.run())

    assert parameters(at)["run"] == str(first)
    assert picker(at).value == -1


@pytest.mark.parametrize("status", ["queued", "running", "stopped", "failed", "diverged"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_network_can_be_opened_in_each_state_of_its_run(
    open_page: Open, db: Database, status: str, language: str
) -> None:
    at = open_page(run=make_run(db, SEVERAL, status=status), member=2, lang=language)

    assert picker(at).value == 1


def test_a_kept_network_can_be_downloaded(open_page: Open, db: Database, data_folder: Path) -> None:
    run = make_run(db, SEVERAL)
    model = members.members(db, run)[1].model
    assert model is not None

    assert "Network 2 as .keras" not in [b.label for b in open_page(run=run, member=2).get("download_button")]
    (data_folder / model).parent.mkdir(parents=True)
    (data_folder / model).write_bytes(b"network")

    assert "Network 2 as .keras" in [b.label for b in open_page(run=run, member=2).get("download_button")]


def test_the_networks_of_a_run_are_listed_in_a_table(open_page: Open, db: Database) -> None:
    at = open_page(run=make_run(db, SEVERAL, diverged=1))
    at.session_state["details.networks"] = True

    ended(at.run())

    assert at.main.dataframe[-1].value["network"].tolist()[-1] == "Network 2 · seed 1 · fold 2"


def test_the_epochs_of_one_network_are_its_own(open_page: Open, db: Database) -> None:
    run = make_run(db, SEVERAL, stopped_early=1)
    tables = []
    for member in (None, 2):
        at = open_page(run=run, **({} if member is None else {"member": member}))
        at.session_state["details.epochs"] = True
        tables.append(ended(at.run()).main.dataframe[-1].value)

    assert (len(tables[0]), len(tables[1])) == (6, 3)
    assert "val_accuracy_sd" in tables[0]
    assert "val_accuracy_sd" not in tables[1]
