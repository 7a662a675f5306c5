"""Runs and their settings in the user's language."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlite_utils import Database

from mlpcore.spec import OptimizerSpec, RunSpec, Schedule
from mlpcore.spec.setting import Setting
from mlpcore.store import runs
from mlpcore.ui.shell.run_text import (
    activations_text,
    choice_text,
    listed_accuracy,
    network_title,
    networks_text,
    settings_text,
    value_text,
)
from tests.factory.networks import make_run_saved_after
from tests.factory.runs import make_run, spec_of


def test_an_unknown_schedule_is_shown_by_its_name() -> None:
    spec = replace(RunSpec(), schedule=Schedule("staircase", {"width": 3}))

    assert settings_text(spec)["schedule"] == "staircase"


@pytest.mark.parametrize(
    ("settings", "text"),
    [({}, "1"), ({"repeats": 5}, "5"), ({"folds": 10}, "10"), ({"repeats": 3, "folds": 10}, "3 × 10")],
)
def test_the_networks_of_a_run_are_its_repeats_times_its_folds(
    db: Database, settings: dict[str, int], text: str
) -> None:
    assert networks_text(runs.get(db, make_run(db, spec_of(**settings), status="queued"))) == text


def test_an_unknown_choice_is_shown_by_its_name() -> None:
    assert choice_text("dataset", "letters") == "letters"
    assert choice_text("optimizer", "lamb") == "lamb"
    assert activations_text("relu, spike") == "ReLU, spike"


def test_an_unknown_optimizer_setting_is_shown_as_it_is() -> None:
    spec = replace(RunSpec(), optimizer=OptimizerSpec("lamb", 0.1, {"trust": 0.5, "clip": True}))

    texts = settings_text(spec)
    assert (texts["optimizer"], texts["trust"], texts["clip"]) == ("lamb", "0.5", "yes")


@pytest.mark.parametrize(
    ("row", "value", "text"),
    [
        (Setting("a", "A"), 1e-7, "1×10⁻⁷"),
        (Setting("a", "A", kind="integer"), 12000, "12,000"),
        (Setting("a", "A", kind="integer", written="digits"), 12000, "12000"),
        (Setting("a", "A", written="percent"), 0.125, "12.5 %"),
        (Setting("a", "A", kind="flag"), False, "no"),
        (Setting("a", "A", kind="integer", empty="off"), None, "off"),
        (Setting("a", "A", kind="integer", empty="off", off=0), 0, "off"),
        (Setting("a", "A"), "damaged", "damaged"),
    ],
)
def test_a_value_is_formatted_as_its_setting_defines(row: Setting, value: Any, text: str) -> None:
    assert value_text(row, value) == text


def test_lists_show_the_accuracy_of_the_kept_network_and_its_epoch(db: Database) -> None:
    kept_early = make_run_saved_after(
        db, {1}, accuracies=(0.8, 0.9, 0.7), status="finished", kept=[1], early_stopping=2
    )
    stopped = make_run_saved_after(db, {1}, accuracies=(0.8, 0.9, 0.7), status="stopped")
    several = make_run(db, spec_of(epochs=10, repeats=2, early_stopping=3), stopped_early=0)
    texts = [listed_accuracy(runs.get(db, run_id)) for run_id in (kept_early, stopped, several)]

    assert str(texts[0]).replace("\u00a0", " ") == "validation 80.0 % (epoch 1)"
    assert str(texts[1]).replace("\u00a0", " ") == "validation 90.0 % (epoch 2)"
    assert "epoch" not in str(texts[2]), "each network was kept after another one"


def test_a_run_in_a_list_has_its_number_its_dataset_and_its_name_or_settings(db: Database) -> None:
    named, nameless = (
        runs.get(db, make_run(db, spec_of(dataset="mnist", name=name), status="queued")) for name in ("my run", "")
    )

    assert network_title(named) == f"#{named.id} my run · MNIST · 32"
    assert network_title(nameless) == f"#{nameless.id} · MNIST · 32 · 30 epochs"
