import copy
import json
import math
import pickle
from pathlib import Path

import pytest

from mlpcore import datasets
from mlpcore.errors import SpecError
from mlpcore.spec import Layer, OptimizerSpec, RunSpec, choices, complete_optimizer

LECTURE = {
    "dataset": "mnist",
    "hidden": [{"units": 128, "activation": "relu", "dropout": 0.2}],
    "optimizer": {"name": "adam", "learning_rate": 0.001},
    "loss": "crossentropy",
    "l1": 0,
    "l2": 0,
    "batch_size": 32,
    "epochs": 5,
    "validation_split": 0.1,
    "seed": 1,
}


def problems(plain: object) -> dict[str, str]:
    with pytest.raises(SpecError) as caught:
        RunSpec.from_dict(plain)
    return {path: str(message) for path, message in caught.value.problems.items()}


def test_the_lectures_network_is_read():
    spec = RunSpec.from_dict(LECTURE)

    assert spec.hidden == (Layer(128, "relu", 0.2),)
    assert spec.optimizer == complete_optimizer("adam")
    assert (spec.train_count, spec.validation_count, spec.steps_per_epoch) == (54_000, 6_000, 1_688)


def test_only_what_differs_from_the_defaults_is_needed():
    assert RunSpec.from_dict({}) == RunSpec()


@pytest.mark.parametrize("name", choices.OPTIMIZERS)
def test_every_optimizer_comes_with_keras_defaults_and_survives_json(name):
    spec = RunSpec.from_dict({"optimizer": {"name": name}})

    assert spec.optimizer.learning_rate == choices.OPTIMIZERS[name].learning_rate
    assert set(spec.optimizer.parameters) == set(choices.OPTIMIZERS[name].parameters)
    assert RunSpec.from_json(spec.to_json()) == spec
    assert RunSpec.from_stored(spec.to_json()) == spec


@pytest.mark.parametrize("name", choices.ACTIVATIONS)
def test_every_activation_is_allowed(name):
    assert RunSpec.from_dict({"hidden": [{"activation": name}]}).hidden[0].activation == name


@pytest.mark.parametrize("name", datasets.REGISTRY)
def test_every_dataset_is_allowed_with_a_batch_up_to_its_training_set(name):
    whole = RunSpec.from_dict({"dataset": name, "validation_split": 0}).train_count

    assert RunSpec.from_dict({"dataset": name, "validation_split": 0, "batch_size": whole}).steps_per_epoch == 1
    assert "batch_size" in problems({"dataset": name, "validation_split": 0, "batch_size": whole + 1})


@pytest.mark.parametrize(
    ("given", "path", "words"),
    [
        ({"dataset": "cifar"}, "dataset", ["Dataset", "cifar", "mnist"]),
        ({"hidden": [{"units": 0}]}, "hidden.0.units", ["Units (layer 1)", "0", "1", "4,096"]),
        ({"hidden": [{}, {"units": 2.5}]}, "hidden.1.units", ["Units (layer 2)", "2.5", "whole number"]),
        ({"hidden": [{"activation": "rleu"}]}, "hidden.0.activation", ["Activation (layer 1)", "rleu", "relu"]),
        ({"hidden": [{"dropout": 1}]}, "hidden.0.dropout", ["Dropout", "1", "0.95"]),
        ({"hidden": [{}] * 9}, "hidden", ["9", "8"]),
        ({"hidden": 3}, "hidden", ["list"]),
        ({"hidden": ["relu"]}, "hidden.0", ["Hidden layer 1"]),
        ({"optimizer": {"name": "adamm"}}, "optimizer.name", ["Optimizer", "adamm", "adam"]),
        ({"optimizer": {"name": "sgd", "learning_rate": 0}}, "optimizer.learning_rate", ["Learning rate", "0", "100"]),
        ({"optimizer": {"learning_rate": math.nan}}, "optimizer.learning_rate", ["nan"]),
        ({"optimizer": {"learning_rate": 10**400}}, "optimizer.learning_rate", ["Learning rate", "…"]),
        ({"optimizer": {"name": "sgd", "nesterov": 1}}, "optimizer.nesterov", ["true"]),
        ({"optimizer": {"name": "sgd", "nesterov": True}}, "optimizer.nesterov", ["momentum"]),
        ({"optimizer": {"name": "adam", "momentum": 0.9}}, "optimizer.'momentum'", ["momentum"]),
        ({"loss": "hinge"}, "loss", ["Loss", "hinge", "mse"]),
        ({"l1": -1}, "l1", ["L1", "-1"]),
        ({"epochs": True}, "epochs", ["Epochs", "True", "1,000"]),
        ({"epochs": 1001}, "epochs", ["1001", "1,000"]),
        ({"validation_split": 0.6}, "validation_split", ["0.6", "0.5"]),
        ({"training_images": 10**9}, "training_images", ["1000000000"]),
        ({"early_stopping": 0}, "early_stopping", ["0"]),
        ({"prepare": "straight"}, "prepare", ["Preprocessing", "straight", "deskew"]),
        ({"prepare": ["deskew"]}, "prepare", ["Preprocessing", "deskew"]),
        ({"dataset": "fashion_mnist", "prepare": "deskew"}, "prepare", ["digits", "switch it off"]),
        ({"dataset": "iris", "prepare": "deskew"}, "prepare", ["digits", "switch it off"]),
        ({"seed": -1}, "seed", ["-1"]),
        ({"name": "x" * 81}, "name", ["81", "80"]),
        ({"name": 3}, "name", ["3", "text"]),
        ({"epoch": 3}, "'epoch'", ["epoch", "epochs"]),
        ({"batch_size": 10_000}, "batch_size", ["10000", "left after the split"]),
    ],
)
def test_a_wrong_value_gets_a_sentence_that_names_field_value_and_what_is_allowed(given, path, words):
    sentences = problems(given)

    assert list(sentences) == [path]
    assert all(word in sentences[path] for word in words), sentences[path]


def test_all_wrong_fields_are_named_at_once():
    assert set(problems({"epochs": 0, "seed": "x", "loss": None})) == {"epochs", "seed", "loss"}


@pytest.mark.parametrize("text", ["", "{", "[1", "\x00", "[" * 100_000])
def test_what_is_no_json_gets_a_sentence(text):
    with pytest.raises(SpecError, match="not valid JSON"):
        RunSpec.from_json(text)


@pytest.mark.parametrize("plain", [None, 3, "mnist", [1]])
def test_what_is_no_object_gets_a_sentence(plain):
    assert "JSON object" in problems(plain)[""]


def test_control_and_direction_signs_are_taken_out_of_names_and_kept_lines_in_notes():
    spec = RunSpec.from_dict({"name": "a\x00b\u202ec\n", "note": "one\ntwo\x07"})

    assert (spec.name, spec.note) == ("abc", "one\ntwo")


def test_few_images_leave_at_least_one_for_training_and_one_for_validation():
    spec = RunSpec.from_dict({"training_images": 2, "validation_split": 0.5, "batch_size": 1})

    assert (spec.train_count, spec.validation_count) == (1, 1)


def test_a_stored_spec_of_another_version_is_read_with_defaults():
    stored = RunSpec().to_dict()
    del stored["early_stopping"], stored["prepare"]
    stored["of_tomorrow"] = 1

    assert RunSpec.from_stored(json.dumps(stored)) == RunSpec()


STORED = (Path(__file__).parents[1] / "data" / "stored_specs.jsonl").read_text().splitlines()


@pytest.mark.parametrize("text", STORED, ids=range(len(STORED)))
def test_the_json_of_a_spec_is_the_same_as_ever(text):
    assert RunSpec.from_json(text).to_json() == text
    assert RunSpec.from_stored(text).to_json() == text
    assert RunSpec.from_stored(text) == RunSpec.from_json(text)


@pytest.mark.parametrize("text", STORED, ids=range(len(STORED)))
def test_equal_specs_have_the_same_hash(text):
    assert len({RunSpec.from_json(text), RunSpec.from_stored(text)}) == 1


def test_the_settings_of_an_optimizer_count_whatever_their_order_and_cannot_change():
    adam = OptimizerSpec("adam", 0.1, {"beta_1": 0.9, "beta_2": 0.99})

    assert adam == OptimizerSpec("adam", 0.1, {"beta_2": 0.99, "beta_1": 0.9})
    assert adam != OptimizerSpec("adam", 0.1, {"beta_1": 0.9, "beta_2": 0.9})
    assert adam.parameters == {"beta_1": 0.9, "beta_2": 0.99}
    assert pickle.loads(pickle.dumps(adam)) == copy.deepcopy(adam) == adam
    with pytest.raises(TypeError):
        adam.parameters["beta_1"] = 0.5


def test_the_rate_of_every_optimizer_is_within_the_limits():
    assert all(optimizer.learning_rate in choices.LEARNING_RATE for optimizer in choices.OPTIMIZERS.values())
