"""The form's address: a complete round trip, short, and proof against what anyone may put into it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest

from mlpcore import datasets
from mlpcore.spec import RunSpec, choices
from mlpcore.spec.fields import SETTINGS
from mlpcore.ui.train.form.address import KEYS, to_params, to_spec
from tests.factory.runs import varied_spec

SPECS = [
    RunSpec(),
    *(varied_spec(index, epochs=index + 1) for index in range(12)),
    *(RunSpec.from_dict({"dataset": name}) for name in datasets.REGISTRY),
    *(RunSpec.from_dict({"optimizer": name}) for name in choices.OPTIMIZERS),
    *(RunSpec.from_dict({"hidden": [{"activation": name, "dropout": 1 / 3}]}) for name in choices.ACTIVATIONS),
    *(RunSpec.from_dict({"loss": name}) for name in choices.LOSSES),
    RunSpec.from_dict({"hidden": []}),
    RunSpec.from_dict({"hidden": [{"units": 4096, "dropout": 1e-9}] * 8}),
    RunSpec.from_dict({"optimizer": {"name": "sgd", "learning_rate": 1e-7, "momentum": 0.9, "nesterov": True}}),
    RunSpec.from_dict({"optimizer": {"name": "adamw", "weight_decay": 0, "epsilon": 1}}),
    RunSpec.from_dict(
        {"l1": 1e-5, "l2": 1, "seed": 2**31 - 1, "early_stopping": 3, "training_images": 2, "batch_size": 1}
    ),
    RunSpec.from_dict({"name": "日本語 & =?#%+,-", "note": "two\nlines, <b>\"'"}),
    *(RunSpec.from_dict({"schedule": name}) for name in choices.SCHEDULES),
    RunSpec.from_dict({"schedule": {"name": "plateau", "patience": 2, "factor": 0.1}, "early_stopping": 9}),
    RunSpec.from_dict({"schedule": {"name": "cosine", "floor": 1e-6}}),
    *(RunSpec.from_dict({"augment": {name: 0.5}}) for name in SETTINGS["augment"].parts),
    RunSpec.from_dict({"augment": {name: row.proposed for name, row in SETTINGS["augment"].parts.items()}}),
    *(RunSpec.from_dict({"prepare": name}) for name in choices.PREPARE),
    RunSpec.from_dict({"repeats": 100, "seed": 2**31 - 100}),
    RunSpec.from_dict({"folds": 20, "repeats": 5, "validation_split": 0.3}),
    RunSpec.from_dict({"folds": 2, "training_images": 7, "batch_size": 3}),
    RunSpec.from_dict({"dataset": "iris", "folds": 2}),
]


@pytest.mark.parametrize("spec", SPECS, ids=repr)
@pytest.mark.parametrize("default", ["digits", "mnist"])
def test_a_spec_survives_its_address_on_any_machine(spec: RunSpec, default: str) -> None:
    text = urlencode(to_params(spec, default))

    assert to_spec(dict(parse_qsl(text, keep_blank_values=True)), default) == (spec, [])


@pytest.mark.parametrize("spec", SPECS, ids=repr)
def test_a_shared_link_names_the_dataset_so_that_it_means_the_same_everywhere(spec: RunSpec) -> None:
    params = to_params(spec)

    assert params["dataset"] == spec.dataset
    assert to_spec(params, "iris") == (spec, [])


def test_defaults_are_left_out() -> None:
    assert to_params(RunSpec(), "digits") == {}
    assert to_params(RunSpec.from_dict({"epochs": 3}), "digits") == {"dataset": "digits", "epochs": "3"}
    assert to_params(RunSpec.from_dict({"optimizer": "sgd"})) == {"dataset": "digits", "optimizer": "sgd"}


def test_layers_are_a_compact_text() -> None:
    hidden = [{"units": 128, "dropout": 0.2}, {"units": 64, "activation": "tanh"}]

    assert to_params(RunSpec.from_dict({"hidden": hidden}))["hidden"] == "128-relu-0.2,64-tanh"


def test_a_layer_may_be_given_by_its_units_alone() -> None:
    spec, sentences = to_spec({"hidden": "128,64-tanh"}, "digits")

    assert [(h.units, h.activation, h.dropout) for h in spec.hidden] == [(128, "relu", 0), (64, "tanh", 0)]
    assert not sentences


def test_repeats_folds_schedule_and_augmentation_have_short_names_too() -> None:
    spec = RunSpec.from_dict(
        {
            "repeats": 10,
            "folds": 5,
            "schedule": {"name": "plateau", "patience": 2},
            "augment": {"shift": 0.08, "rotation": 15},
        }
    )

    assert to_params(spec) == {
        "dataset": "digits",
        "repeats": "10",
        "folds": "5",
        "schedule": "plateau",
        "patience": "2",
        "shift": "0.08",
        "rotation": "15",
    }


def test_each_name_in_an_address_is_unique() -> None:
    assert len(KEYS) == len(set(KEYS))


WRONG = {
    "dataset": ["../../etc/passwd", "<img src=x onerror=alert(1)>", "MNIST", ""],
    "hidden": [
        "0-relu",
        "1-foo",
        "8-relu-7",
        ",,,",
        "-",
        "4097",
        "1," * 9,
        "relu-12",
        "\x00",
        "",
        "1" * 100_000,
        "," * 99,
    ],
    "optimizer": ["magic", "adam,sgd", "\ud800"],
    "learning_rate": ["0", "-1", "nan", "inf", "1e999", "101", "ten", "9" * 5000, "0x10", "1_0"],
    "beta_1": ["1", "-0.1", "x", "true"],
    "epochs": ["0", "1001", "2.5", "true", "99999999999999999999", "1e1000"],
    "batch_size": ["0", "60001", "None"],
    "validation_split": ["0.6", "-0.1", "half"],
    "training_images": ["1", "1000000", "all"],
    "early_stopping": ["0", "off"],
    "seed": ["-1", "2147483648"],
    "schedule": ["magic", "plateau,cosine", "{}", "\ud800"],
    "repeats": ["0", "101", "1.5", "many", "9" * 400],
    "folds": ["1", "21", "-2", "off", "2.5", "nan"],
    "shift": ["0.6", "-0.1", "far", "inf"],
    "rotation": ["181", "90°"],
    "shear": ["2"],
    "zoom": ["0.95", "true"],
    "loss": ["hinge"],
    "l1": ["2"],
    "l2": ["-1"],
    "name": ["n" * 81],
    "note": ["n" * 2001],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in WRONG.items() for text in texts])
def test_a_wrong_value_is_reported_and_becomes_the_default(name: str, text: str) -> None:
    spec, sentences = to_spec({"epochs": "7", name: text}, "digits")

    assert spec == RunSpec.from_dict({"epochs": 7} if name != "epochs" else {})
    assert sentences
    assert all(str(sentence) for sentence in sentences)


def test_all_values_wrong_at_once_still_make_a_spec() -> None:
    assert to_spec({name: "?" * 81 for name in KEYS if name != "note"}, "digits")[0] == RunSpec()


def test_settings_of_another_optimizer_are_ignored() -> None:
    assert to_spec({"optimizer": "adam", "momentum": "0.5"}, "digits") == (RunSpec(), [])


def test_settings_of_another_schedule_are_ignored() -> None:
    assert to_spec({"patience": "2", "decay": "x"}, "digits") == (RunSpec(), [])
    assert to_spec({"schedule": "cosine", "patience": "0"}, "digits")[0] == RunSpec.from_dict({"schedule": "cosine"})


def test_a_wrong_strength_or_schedule_setting_leaves_the_others() -> None:
    spec, sentences = to_spec(
        {"schedule": "plateau", "factor": "0.1", "patience": "1.5", "shift": "0.1", "zoom": "9"}, "digits"
    )

    assert spec.schedule.parameters == {"factor": 0.1, "patience": 3}
    assert spec.augment is not None
    assert (spec.augment.shift, spec.augment.zoom) == (0.1, 0)
    assert len(sentences) == 2


def test_augmentation_of_measurements_is_reported_and_left_out() -> None:
    spec, sentences = to_spec({"dataset": "iris", "rotation": "15"}, "digits")

    assert spec == RunSpec.from_dict({"dataset": "iris"})
    assert "this dataset has none" in str(sentences[0])


def test_straightening_without_digits_is_reported_and_left_out() -> None:
    spec, sentences = to_spec({"dataset": "fashion_mnist", "prepare": "deskew"}, "digits")

    assert spec == RunSpec.from_dict({"dataset": "fashion_mnist"})
    assert "this dataset has none" in str(sentences[0])


def test_too_many_networks_are_reported() -> None:
    spec, sentences = to_spec({"repeats": "50", "folds": "10"}, "digits")

    assert (spec.repeats, spec.folds) == (50, 0)
    assert "500 networks" in str(sentences[0])


def test_nesterov_without_momentum_is_reported_and_switched_off() -> None:
    spec, sentences = to_spec({"optimizer": "sgd", "nesterov": "true"}, "digits")

    assert spec.optimizer.parameters["nesterov"] is False
    assert "needs a momentum above 0" in str(sentences[0])
