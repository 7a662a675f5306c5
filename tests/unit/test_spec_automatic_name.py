"""The automatic names of runs say what their settings are where those are not the defaults."""

from __future__ import annotations

import string
from typing import Any

import pytest

from benchmarks.lecture_table import TABLE
from mlpcore.i18n.catalogues import translations
from mlpcore.spec import RunSpec
from mlpcore.spec.automatic_name import MAX_LENGTH, automatic_name, name_parts, safe_file_name
from mlpcore.spec.fields import SETTINGS, every_setting

LECTURE = [
    RunSpec.from_dict(
        {
            "dataset": "mnist",
            "hidden": list(row.hidden),
            "optimizer": row.optimizer,
            "epochs": row.epochs,
            "validation_split": 0,
        }
    )
    for row in TABLE
]
EVERYTHING = {
    "dataset": "mnist",
    "hidden": [{"units": 4096, "activation": "hard_sigmoid", "dropout": 0.1 + index / 10} for index in range(8)],
    "optimizer": {"name": "sgd", "momentum": 0.9, "nesterov": True, "learning_rate": 0.123},
    "augment": dict.fromkeys(SETTINGS["augment"].parts, 0.1),
    "schedule": {"name": "cosine", "floor": 0.25},
    "early_stopping": 3,
    "prepare": "deskew",
    "folds": 4,
}


def name(**settings: Any) -> str:
    return automatic_name(RunSpec.from_dict(settings))


def test_the_rows_of_the_lecture_have_different_readable_names() -> None:
    assert [automatic_name(spec).removesuffix(" · no validation") for spec in LECTURE] == [
        "64 · Sigmoid · SGD · 5 epochs",
        "64 · SGD · 5 epochs",
        "128 · SGD · 5 epochs",
        "128 · 5 epochs",
        "128-64 · 5 epochs",
        "128 · 10 epochs",
        "128 · dropout 0.2 · 5 epochs",
        "128 · dropout 0.4 · 5 epochs",
    ]


def test_the_rows_of_the_lecture_have_different_names_in_japanese() -> None:
    names = [automatic_name(spec, translations("ja")) for spec in LECTURE]

    assert len(set(names)) == len(TABLE)
    assert names[0] == "64 · シグモイド · SGD · 5 エポック · 検証なし"


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({}, "32 · 10 epochs"),
        ({"dataset": "mnist", "seed": 7}, "32 · 10 epochs"),
        ({"hidden": []}, "no hidden layer · 10 epochs"),
        ({"epochs": 1}, "32 · 1 epoch"),
        ({"hidden": [{"units": 64, "dropout": 0.2}, {"units": 32}]}, "64-32 · dropout 0.2 → 0 · 10 epochs"),
        ({"optimizer": {"name": "sgd", "learning_rate": 0.01}}, "32 · SGD · 10 epochs"),
        ({"optimizer": {"name": "sgd", "learning_rate": 0.5}}, "32 · SGD · learning rate 0.5 · 10 epochs"),
        ({"optimizer": {"name": "sgd", "momentum": 0.9}}, "32 · SGD · momentum 0.9 · 10 epochs"),
        ({"schedule": {"name": "cosine", "floor": 0.1}}, "32 · 10 epochs · Cosine schedule · Floor 0.1"),
        ({"dataset": "mnist", "augment": {"rotation": 15}}, "32 · 10 epochs · augmentation (Rotation 15)"),
        ({"validation_split": 0.2}, "32 · 10 epochs · validation 20 %"),
        ({"validation_split": 0.2, "folds": 5}, "32 · 10 epochs · 5 folds"),
        ({"batch_size": 64, "l2": 0.001, "early_stopping": 2, "repeats": 3},
         "32 · 10 epochs · batch size 64 · L2 0.001 · early stopping 2 · 3 repeats"),
    ],
)  # fmt: skip
def test_a_name_says_the_layers_the_epochs_and_what_is_not_as_usual(settings: dict[str, Any], text: str) -> None:
    assert name(**settings) == text


def test_the_default_batch_of_a_small_dataset_is_not_named() -> None:
    assert name(dataset="iris") == "32 · 10 epochs"


def test_a_name_of_many_settings_ends_between_two_of_them() -> None:
    text = name(**EVERYTHING)

    assert len(text) <= MAX_LENGTH
    assert text.endswith(" …")
    parts = {part.text for part in name_parts(RunSpec.from_dict(EVERYTHING)).values()}
    assert set(text.removesuffix(" …").split(" · ")) <= parts


def test_the_name_of_a_file_has_only_characters_that_every_system_allows() -> None:
    for spec in (*LECTURE, RunSpec.from_dict(EVERYTHING), RunSpec.from_dict({"hidden": []})):
        assert set(safe_file_name(spec)) <= set(string.ascii_lowercase + string.digits + ".-")
    assert safe_file_name(LECTURE[7]) == "128-dropout-0.4-5-epochs-no-validation"


def test_every_setting_but_texts_and_the_units_has_a_part_of_names() -> None:
    spec = RunSpec.from_dict(EVERYTHING)
    variants = {name for name, row in every_setting().items() if row.kind == "text"} | {"units"}
    own = set(every_setting()) - variants - set(SETTINGS["augment"].parts)
    unused = {
        row
        for setting in SETTINGS.values()
        for option in setting.options.values()
        for row in getattr(option, "parameters", {})
    }

    assert own - unused <= set(name_parts(spec))


def test_a_short_form_has_a_place_for_the_value() -> None:
    for row in every_setting().values():
        assert not row.short or "{value}" in row.short
