"""Where the settings of several runs differ, as it is shown."""

from __future__ import annotations

from typing import Any

from mlpcore.ui.leaderboard.selected_runs import differing
from tests.factory.runs import spec_of


def layers(*units: int, activation: str = "relu", dropout: float = 0.0) -> list[dict[str, Any]]:
    return [{"units": n, "activation": activation, "dropout": dropout} for n in units]


def test_runs_with_the_same_settings_do_not_differ_whatever_their_names() -> None:
    assert differing([spec_of(name="a", note="x"), spec_of(name="b")]) == {}


def test_differences_of_the_layers_are_readable() -> None:
    specs = [
        spec_of(hidden=layers(128, 64, dropout=0.2)),
        spec_of(hidden=layers(1024, activation="silu")),
        spec_of(hidden=[]),
    ]
    assert differing(specs) == {
        "hidden": ["128 → 64", "1,024", "none"],
        "activation": ["ReLU", "Swish/SiLU", "–"],
        "dropout": ["0.2", "0", "–"],
    }


def test_layers_that_differ_among_themselves_are_listed_one_by_one() -> None:
    mixed = [{"units": 8, "activation": "tanh", "dropout": 0.5}, {"units": 8, "activation": "relu"}]
    assert differing([spec_of(hidden=mixed), spec_of(hidden=layers(8, 8))]) == {
        "activation": ["tanh → ReLU", "ReLU"],
        "dropout": ["0.5 → 0", "0"],
    }


def test_optimizer_settings_are_shown_only_where_they_are_not_the_default() -> None:
    adam, rmsprop = spec_of(optimizer="adam"), spec_of(optimizer="rmsprop")
    assert differing([adam, rmsprop]) == {"optimizer": ["Adam", "RMSprop"]}
    sgd = spec_of(optimizer={"name": "sgd", "learning_rate": 0.001, "momentum": 0.9, "nesterov": True})
    assert differing([adam, sgd]) == {
        "optimizer": ["Adam", "SGD"],
        "momentum": ["–", "0.9"],
        "nesterov": ["–", "yes"],
    }


def test_differences_of_every_other_setting_are_readable() -> None:
    changed: dict[str, Any] = {
        "loss": "mse",
        "l1": 0.001,
        "l2": 0.01,
        "batch_size": 64,
        "epochs": 1000,
        "validation_split": 0,
        "training_images": 1000,
        "early_stopping": 1,
        "seed": 7,
        "dataset": "iris",
        "repeats": 5,
        "schedule": {"name": "plateau", "factor": 0.2},
        "augment": {"shift": 0.1, "zoom": 0.25},
        "prepare": "deskew",
    }
    expected = {
        "loss": ["Cross-entropy", "Mean squared error"],
        "l1": ["0", "0.001"],
        "l2": ["0", "0.01"],
        "batch_size": ["32", "64"],
        "epochs": ["30", "1,000"],
        "validation_split": ["10 %", "none"],
        "training_images": ["all", "1,000"],
        "early_stopping": ["off", "1 epoch"],
        "seed": ["1", "7"],
        "dataset": ["Digits 8×8", "Iris"],
        "repeats": ["1", "5"],
        "schedule": ["Constant", "Reduce on plateau (Factor 0.2, Patience 3)"],
        "augment": ["off", "Shift 0.1, Zoom 0.25"],
        "prepare": ["As it is", "Straightened"],
    }
    for field, value in changed.items():
        assert differing([spec_of(), spec_of(**{field: value})]) == {field: expected[field]}


def test_with_folds_no_validation_split_is_shown() -> None:
    assert differing([spec_of(), spec_of(folds=5)]) == {"validation_split": ["10 %", "–"], "folds": ["off", "5"]}
