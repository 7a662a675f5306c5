"""The form's address: a complete round trip, short, and proof against what anyone may put into it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest

from mlpcore import choices, datasets
from mlpcore.spec import RunSpec
from mlpcore.ui.form.address import KEYS, to_params, to_spec
from tests.making import varied_spec

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
    "learning_rate": ["0", "-1", "nan", "inf", "1e999", "101", "ten", "9" * 5000, "１０", "0x10", "1_0"],
    "beta_1": ["1", "-0.1", "x", "true"],
    "epochs": ["0", "1001", "2.5", "true", "99999999999999999999", "1e1000"],
    "batch_size": ["0", "60001", "None"],
    "validation_split": ["0.6", "-0.1", "half"],
    "training_images": ["1", "1000000", "all"],
    "early_stopping": ["0", "off"],
    "seed": ["-1", "2147483648"],
    "loss": ["hinge"],
    "l1": ["2"],
    "l2": ["-1"],
    "name": ["n" * 81],
    "note": ["n" * 2001],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in WRONG.items() for text in texts])
def test_a_wrong_value_gets_a_sentence_and_its_default(name: str, text: str) -> None:
    spec, sentences = to_spec({"epochs": "7", name: text}, "digits")

    assert spec == RunSpec.from_dict({"epochs": 7} if name != "epochs" else {})
    assert sentences
    assert all(str(sentence) for sentence in sentences)


def test_all_values_wrong_at_once_still_make_a_spec() -> None:
    assert to_spec({name: "?" * 81 for name in KEYS if name != "note"}, "digits")[0] == RunSpec()


def test_settings_of_another_optimizer_are_ignored() -> None:
    assert to_spec({"optimizer": "adam", "momentum": "0.5"}, "digits") == (RunSpec(), [])


def test_nesterov_without_momentum_is_said_and_switched_off() -> None:
    spec, sentences = to_spec({"optimizer": "sgd", "nesterov": "true"}, "digits")

    assert spec.optimizer.parameters["nesterov"] is False
    assert "needs a momentum above 0" in str(sentences[0])
