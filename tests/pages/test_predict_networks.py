"""The saved networks of a run on the page Try a digit: their mean, each by itself, every epoch, and damaged ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sqlite_utils import Database

from mlpcore import paths
from mlpcore.inference import save_network
from mlpcore.serving import ensembles
from mlpcore.store import runs
from tests.app_pages import ended, parameters
from tests.factory.networks import constant, make_run_of_network
from tests.predict_page import (
    PREDICTS_3,
    PREDICTS_7,
    assert_above_the_bars,
    choose_tab,
    headline,
    prediction,
    shown,
)

PAGE = "pages/predict.py"


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "text", "another dataset"])
def test_a_missing_or_damaged_network_is_reported_and_another_run_still_predicts(
    open_page, db: Database, damage: str
) -> None:
    good = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.5)
    bad = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.9)
    path = paths.data_folder() / runs.snapshots(db, bad)[1]
    if damage == "missing":
        path.unlink()
    elif damage == "another dataset":
        save_network(path, constant("mnist", PREDICTS_3))
    else:
        path.write_bytes({"empty": b"", "cut": path.read_bytes()[:-100], "text": b"hello" * 99}[damage])
    for tab in ("draw", "upload", "camera", "test"):
        at = choose_tab(open_page(run=str(bad)), tab)
        assert "train this run again" in at.error[0].value
    ended(at.selectbox(key="predict_run").set_value(good).run())
    assert not at.error
    assert prediction(at)["top"] == 3


def make_ensemble(db: Database, *networks: list[float], dataset: str = "digits", **facts: Any) -> int:
    """A run of several networks, each of which answers everything with its probabilities, untrained with others."""
    run = make_run_of_network(db, constant(dataset, networks[0]), repeats=len(networks), **facts)
    for member, probabilities in enumerate(networks):
        for epoch, answered in ((0, [0.1] * 10), (1, probabilities)):
            file = f"models/run-{run}/{epoch}-{member}.safetensors"
            save_network(paths.data_folder() / file, replace(constant(dataset, answered), epoch=epoch))
            db.execute(
                "REPLACE INTO snapshots (run, member, epoch, file) VALUES (?, ?, ?, ?)", [run, member, epoch, file]
            )
        db.execute(
            "REPLACE INTO members (run, member, seed, status, kept_epoch) VALUES (?, ?, ?, 'finished', 1)",
            [run, member, member],
        )
    db.conn.commit()
    return run


def test_the_networks_of_a_run_predict_their_mean_with_its_deviation(open_page, db: Database, drawn) -> None:
    run = make_ensemble(db, PREDICTS_3, PREDICTS_3, PREDICTS_7)
    at = open_page(run=str(run))
    assert headline(at) == "On average the 3 networks predict 3 (55.3 %)."
    data = prediction(at)
    assert data["probabilities"][3] == pytest.approx((0.82 * 2 + 0.02) / 3, abs=1e-4)
    assert data["deviations"][3] == pytest.approx(np.std([0.82, 0.82, 0.02], ddof=1), abs=1e-4)
    assert data["percents"][3].replace("\u00a0", " ") == "55.3 ± 46.2 %"
    assert data["votes"] == "2 of 3 networks predict 3"
    assert "The bars are the means of 3 networks." in shown(at)["which"]


def test_one_network_of_several_can_predict_alone_and_is_in_the_address(open_page, db: Database, drawn) -> None:
    run = make_ensemble(db, PREDICTS_3, PREDICTS_3, PREDICTS_7)
    at = open_page(run=str(run), member="3")
    assert headline(at) == "The network predicts 7 (82.0 %)."
    assert "votes" not in prediction(at)
    assert at.selectbox(key="predict_member").value == 2
    ended(at.selectbox(key="predict_member").set_value(-1).run())
    assert parameters(at) == {"run": str(run)}
    assert headline(at).startswith("On average the 3 networks")
    ended(at.selectbox(key="predict_member").set_value(0).run())
    assert parameters(at) == {"run": str(run), "member": "1"}


@pytest.mark.parametrize("requested", ["0", "4", "１", "9" * 400])
def test_for_a_network_that_the_run_does_not_have_all_of_them_predict_and_the_page_says_so(
    open_page, db: Database, drawn, requested: str
) -> None:
    run = make_ensemble(db, PREDICTS_3, PREDICTS_3, PREDICTS_7)
    at = open_page(run=str(run), member=requested)
    assert headline(at).startswith("On average the 3 networks")
    assert at.warning[0].value.startswith("The address names a network that run")
    assert not open_page(run=str(run), member="3").warning


def test_a_damaged_network_of_a_run_is_named_and_the_others_predict(open_page, db: Database, drawn) -> None:
    run = make_ensemble(db, PREDICTS_3, PREDICTS_3, PREDICTS_7)
    (paths.data_folder() / runs.snapshots(db, run, 2)[1]).write_bytes(b"")
    at = open_page(run=str(run))
    assert headline(at) == "On average the 2 networks predict 3 (82.0 %)."
    assert_above_the_bars(at, f"Run #{run} predicts without some of its saved networks: ", "1-2.safetensors")


def test_the_slider_has_each_saved_epoch_and_starts_at_the_kept_one(open_page, db: Database, drawn) -> None:
    run = make_ensemble(db, PREDICTS_3, epochs=4)
    data = shown(open_page(run=str(run)))
    assert [epoch["short"] for epoch in data["epochs"]["saved"]] == ["0", "1"]
    assert data["epochs"]["saved"][0]["text"] == "Epoch 0: before any training"
    assert data["start"] == 1
    assert [prediction["probabilities"][3] for prediction in data["variants"][0]["predictions"][0]] == pytest.approx(
        [0.1, 0.82]
    )
    assert data["variants"][0]["headlines"][0].startswith("The network is not sure")


def test_networks_too_large_for_the_memory_have_no_slider_and_the_page_says_so(
    open_page, db: Database, drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ensembles, "HISTORY_BYTES", 1)
    run = make_ensemble(db, PREDICTS_3)
    at = open_page(run=str(run))
    assert "epochs" not in shown(at)
    assert shown(at)["which"] == "The networks of this run are too large to show its training."
    assert headline(at) == "The network predicts 3 (82.0 %)."


def test_a_run_with_a_single_saved_network_has_no_slider(open_page, db: Database, drawn) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    data = shown(open_page())
    assert ("epochs" in data, data["which"]) == (False, "")
