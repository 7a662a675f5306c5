"""Curves in the session: what was read once is not read again, and a run's ghost is the one before it."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st
from sqlite_utils import Database

from mlpcore.events import EpochEnd
from mlpcore.store import metrics, queue, runs
from mlpcore.ui import curves
from mlpcore.ui.run_details import as_csv
from tests.making import curve, make_run, spec_of

SPEC = spec_of(epochs=6)


@pytest.fixture(autouse=True)
def _session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The cursors with which the store was asked for epochs."""
    cursors: list[int] = []
    original = metrics.epochs_after

    def noted(db: Database, run_id: int, after: int = 0) -> list[dict[str, Any]]:
        cursors.append(after)
        return original(db, run_id, after)

    monkeypatch.setattr(metrics, "epochs_after", noted)
    return cursors


def test_only_epochs_that_are_new_are_read(db: Database, asked: list[int]) -> None:
    run = make_run(db, SPEC, status="running", done=2)
    assert curves.columns(db, run)["epoch"] == [1, 2]

    for epoch, means in enumerate(curve(SPEC)[2:4], start=3):
        metrics.record(db, queue.Claim(run, 1, SPEC, None), EpochEnd(epoch, (means,), 0.5, 0.001))

    assert curves.columns(db, run)["epoch"] == [1, 2, 3, 4]
    assert curves.columns(db, run)["val_accuracy"] == [means.val_accuracy for means in curve(SPEC)[:4]]
    assert asked == [0, 2, 4]


def test_another_run_starts_from_its_own_beginning(db: Database, asked: list[int]) -> None:
    first, second = make_run(db, SPEC), make_run(db, spec_of(epochs=3))

    curves.columns(db, first)

    assert curves.columns(db, second)["epoch"] == [1, 2, 3]
    assert asked == [0, 0]


def test_the_ghost_is_the_run_before_on_the_same_dataset_and_is_read_once(db: Database, asked: list[int]) -> None:
    before = make_run(db, spec_of(dataset="iris", epochs=4, name="the one before"))
    make_run(db, spec_of(dataset="wine", epochs=2))
    run = runs.get(db, make_run(db, spec_of(dataset="iris"), status="queued"))

    ghosts = [curves.ghost(db, run) for _look in range(3)]

    assert ghosts[0] is not None
    assert (ghosts[0].id, ghosts[0].name) == (str(before), "the one before")
    assert ghosts[0].columns["epoch"] == [1, 2, 3, 4]
    assert asked == [0]


def test_the_first_run_has_no_ghost(db: Database) -> None:
    assert curves.ghost(db, runs.get(db, make_run(db, SPEC))) is None


def test_the_csv_holds_every_epoch_with_empty_cells_where_nothing_validates(db: Database) -> None:
    run = make_run(db, spec_of(epochs=2, validation_split=0))

    head, first, _second = as_csv(metrics.epochs_after(db, run)).splitlines()

    assert head == "epoch,loss,accuracy,val_loss,val_accuracy,seconds,learning_rate"
    assert first.split(",")[0] == "1"
    assert first.split(",")[3:5] == ["", ""]
