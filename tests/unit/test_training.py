"""The training package, with the real engine in this process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlpcore import datasets
from mlpcore.events import Ended, Finished, Progress, Started
from mlpcore.spec import RunSpec, choices
from tests.factory.trainings import SMALL, ends, epochs, trained

pytestmark = pytest.mark.slow


def test_a_run_reports_its_progress_and_ends_with_a_result(data_folder: Path):
    events = trained(SMALL | {"epochs": 15, "training_images": None})

    assert isinstance(events[0], Started)
    assert events[0].parameters == (64 + 1) * 16 + (16 + 1) * 10
    assert any(isinstance(e, Progress) for e in events)
    assert [e.epoch for e in ends(events)] == list(range(1, 16))
    assert isinstance(events[-1], Finished)
    assert events[-1].members[0].test_accuracy > 0.8
    losses = [e.mean.loss for e in ends(events)]
    assert losses[-1] < losses[0] / 2


def test_the_same_spec_gives_the_same_bits_and_another_seed_gives_others(data_folder: Path):
    first, second = trained(SMALL), trained(SMALL, "2")

    assert epochs(first) == epochs(second)
    assert first[-1].members[0].test_loss == second[-1].members[0].test_loss
    assert epochs(trained(SMALL | {"seed": 6}, "3")) != epochs(first)


@pytest.mark.parametrize("name", [name for name in datasets.REGISTRY if datasets.is_available(name)])
@pytest.mark.parametrize("loss", choices.LOSSES)
def test_every_dataset_trains_with_every_loss(name: str, loss: str, data_folder: Path):
    size = min(600, datasets.REGISTRY[name].train_count)
    events = trained({"dataset": name, "loss": loss, "epochs": 2, "training_images": size, "batch_size": 16})

    assert isinstance(events[-1], Finished)


def test_no_hidden_layer_and_no_validation_set_train_too(data_folder: Path):
    events = trained(SMALL | {"hidden": [], "training_images": None, "validation_split": 0, "epochs": 10})

    assert events[-2].mean.val_loss is None
    assert events[-1].members[0].test_accuracy > 0.7


def test_the_last_smaller_batch_is_trained_too(data_folder: Path):
    events = trained(SMALL | {"training_images": 33, "validation_split": 0, "batch_size": 32, "epochs": 1})

    assert events[0].steps == 2
    assert [e.step for e in events if isinstance(e, Progress)][-1] == 2


def test_a_stop_takes_effect_within_the_epoch(data_folder: Path):
    events = trained(SMALL | {"training_images": None, "epochs": 1000, "batch_size": 1}, should_stop=lambda: True)

    assert [type(e) for e in events] == [Started, Ended]
    assert events[-1].status == "stopped"


def test_a_spec_that_an_older_version_has_stored_trains_as_it_did(data_folder: Path):
    from mlpcore.training import train

    spec = RunSpec.from_dict(SMALL)
    stored = {
        name: value
        for name, value in json.loads(spec.to_json()).items()
        if name not in ("schedule", "augment", "prepare", "repeats", "folds")
    }
    older = RunSpec.from_stored(json.dumps(stored | {"forgotten": 1}))

    assert older == spec
    assert epochs(list(train(older, "2"))) == epochs(trained(SMALL))
