"""Curves in the session: what was read once is not read again."""

from __future__ import annotations

import statistics
from typing import Any

import pytest
import streamlit as st
from sqlite_utils import Database

from mlpcore.events import EpochEnd
from mlpcore.live.curve_rows import COLUMNS
from mlpcore.store import metrics, queue, runs
from mlpcore.ui.train import run_panel
from mlpcore.ui.train.run_details import as_csv, epoch_columns
from tests.factory.runs import curve, make_run, member_curves, spec_of

SPEC = spec_of(epochs=6)
SEVERAL = spec_of(epochs=6, repeats=3)


@pytest.fixture(autouse=True)
def _session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})


@pytest.fixture
def cursors(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The cursors with which epochs were read from the store."""
    recorded: list[int] = []
    original = metrics.epochs_after

    def noted(db: Database, run_id: int, after: int = 0, member: int | None = None) -> list[dict[str, Any]]:
        recorded.append(after)
        return original(db, run_id, after, member)

    monkeypatch.setattr(metrics, "epochs_after", noted)
    return recorded


def test_only_epochs_that_are_new_are_read(db: Database, cursors: list[int]) -> None:
    run = runs.get(db, make_run(db, SPEC, status="running", done=2))
    assert run_panel.curves_of(db, run)["epoch"] == [1, 2]

    for epoch, means in enumerate(curve(SPEC)[2:4], start=3):
        metrics.record(db, queue.Claim(run.id, 1, SPEC, None), EpochEnd(epoch, (means,), 0.5, 0.001))

    assert run_panel.curves_of(db, run)["epoch"] == [1, 2, 3, 4]
    assert run_panel.curves_of(db, run)["val_accuracy"] == [means.val_accuracy for means in curve(SPEC)[:4]]
    assert cursors == [0, 2, 4]


def test_another_run_starts_from_its_own_beginning(db: Database, cursors: list[int]) -> None:
    first, second = (runs.get(db, make_run(db, spec)) for spec in (SPEC, spec_of(epochs=3)))

    run_panel.curves_of(db, first)

    assert run_panel.curves_of(db, second)["epoch"] == [1, 2, 3]
    assert cursors == [0, 0]


def test_means_of_several_networks_come_with_their_deviations_and_one_network_without(db: Database) -> None:
    run = runs.get(db, make_run(db, SEVERAL))

    means = dict(run_panel.curves_of(db, run))
    own = dict(run_panel.curves_of(db, run, member=2))

    curve_of_each = member_curves(SEVERAL)
    last = [whole[-1].val_accuracy for whole in curve_of_each]
    assert means["val_accuracy"][-1] == pytest.approx(statistics.mean(last))
    assert means["val_accuracy_sd"][-1] == pytest.approx(statistics.stdev(last))
    assert own["val_accuracy"] == [means.val_accuracy for means in curve_of_each[2]]
    assert set(own) == set(COLUMNS)


def test_a_run_of_one_network_has_no_deviations(db: Database) -> None:
    assert set(run_panel.curves_of(db, runs.get(db, make_run(db, SPEC)))) == set(COLUMNS)


def test_from_one_network_to_the_next_each_shows_its_own_epochs(db: Database) -> None:
    run = runs.get(db, make_run(db, SEVERAL, stopped_early=1, diverged=2))

    lengths = [len(run_panel.curves_of(db, run, member)["epoch"]) for member in (None, 0, 1, 2, None)]

    assert lengths == [6, 6, 3, 3, 6]


def test_the_csv_of_several_networks_holds_the_deviations_beside_the_means(db: Database) -> None:
    run = make_run(db, SEVERAL)

    head, first, *_more = as_csv(metrics.epochs_after(db, run), epoch_columns(spread=True)).splitlines()

    names = head.split(",")
    assert names[5:9] == ["loss_sd", "accuracy_sd", "val_loss_sd", "val_accuracy_sd"]
    assert float(first.split(",")[names.index("loss_sd")]) > 0


def test_the_csv_holds_every_epoch_with_empty_cells_where_nothing_validates(db: Database) -> None:
    run = make_run(db, spec_of(epochs=2, validation_split=0))

    head, first, _second = as_csv(metrics.epochs_after(db, run)).splitlines()

    assert head == "epoch,loss,accuracy,val_loss,val_accuracy,seconds,learning_rate"
    assert first.split(",")[0] == "1"
    assert first.split(",")[3:5] == ["", ""]
