"""What surprises in learning curves is explained where they show it, on curves of real trainings and on noise."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlpcore.analysis.curve_remarks import STRETCH, remarks
from mlpcore.spec import RunSpec

FILE = Path(__file__).parents[1] / "data" / "learning_curves.json"
REAL: dict[str, dict[str, list[float]]] = json.loads(FILE.read_text(encoding="utf-8"))
"""Trainings of digits and MNIST with this version, each named after what its curves show."""
PLAIN = RunSpec()
WITH_DROPOUT = RunSpec.from_dict({"hidden": [{"units": 64, "dropout": 0.5}]})
AUGMENTED = RunSpec.from_dict({"dataset": "mnist", "augment": {"rotation": 15}})
NAMES = ("loss", "accuracy", "val_loss", "val_accuracy")


def curves(columns: dict[str, Any], epochs: int | None = None) -> dict[str, list[Any]]:
    whole = {name: list(columns[name])[:epochs] for name in NAMES}
    return {"epoch": list(range(1, len(whole["loss"]) + 1)), **whole}


def texts(columns: dict[str, Any], spec: RunSpec = PLAIN, epochs: int | None = None) -> list[str]:
    return [str(remark) for remark in remarks(curves(columns, epochs), spec)]


def test_dropout_explains_a_validation_above_the_training() -> None:
    (text,) = texts(REAL["dropout"], WITH_DROPOUT)
    assert text.startswith("Validation lies above training in epochs 1 to 15")
    assert "dropout switches neurons off only during training" in text


def test_without_dropout_the_mean_over_the_epoch_explains_it_while_the_network_improves() -> None:
    (text,) = texts(REAL["early epochs"])
    assert text.startswith("Validation lies above training in epochs 1 to 9")
    assert "the mean over all of its steps" in text
    assert "dropout" not in text


def test_augmentation_explains_it_too() -> None:
    (text,) = texts(REAL["dropout"], AUGMENTED)
    assert "the training images are changed at random" in text


def test_confident_mistakes_explain_a_loss_that_rises_with_the_accuracy() -> None:
    (text,) = texts(REAL["confident mistakes"])
    assert text.startswith("Validation loss and validation accuracy rise together from epoch 3 on.")
    assert "confident mistakes" in text


@pytest.mark.parametrize("name", ["plain SGD", "noisy plateau"])
def test_curves_without_anything_surprising_are_not_explained(name: str) -> None:
    assert texts(REAL[name]) == []


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("spec", [PLAIN, WITH_DROPOUT], ids=["plain", "dropout"])
def test_a_remark_does_not_come_and_go_from_epoch_to_epoch(name: str, spec: RunSpec) -> None:
    shown = [
        {remark.text for remark in remarks(curves(REAL[name], epochs), spec)}
        for epochs in range(len(REAL[name]["loss"]) + 1)
    ]

    assert all(before <= after for before, after in pairwise(shown))
    assert not any(shown[:STRETCH])


@pytest.mark.parametrize("seed", range(10))
def test_noise_alone_is_not_explained(seed: int) -> None:
    rng = np.random.default_rng(seed)
    noise = {name: rng.normal(0, 0.01, 300) for name in NAMES}
    assert texts({"loss": 0.3 + noise["loss"], "accuracy": 0.9 + noise["accuracy"],
                  "val_loss": 0.31 + noise["val_loss"], "val_accuracy": 0.9 + noise["val_accuracy"]}) == []  # fmt: skip


def test_a_validation_set_that_is_merely_easy_is_not_explained() -> None:
    epochs = np.arange(40)
    loss = 0.3 * 0.999**epochs
    easy = {"loss": loss, "accuracy": np.full(40, 0.9), "val_loss": loss - 0.05, "val_accuracy": np.full(40, 0.95)}

    assert texts(easy) == []
    assert len(texts(easy, WITH_DROPOUT)) == 1


def test_plain_overfitting_where_the_accuracy_does_not_rise_has_no_remark() -> None:
    epochs = np.arange(40)
    rising = {
        "loss": 0.9**epochs,
        "accuracy": 1 - 0.5 * 0.9**epochs,
        "val_loss": 1 + 0.02 * epochs,
        "val_accuracy": np.full(40, 0.8),
    }

    assert texts(rising) == []


def test_missing_and_few_values_give_no_remark() -> None:
    missing = [None] * 10
    assert texts(dict.fromkeys(NAMES, missing)) == []
    assert texts({**dict.fromkeys(NAMES, [0.5] * 10), "val_loss": missing, "val_accuracy": missing}) == []
    assert texts({name: [] for name in NAMES}) == []
