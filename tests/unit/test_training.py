"""The training room, with real TensorFlow in this process."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from mlpcore import choices, datasets
from mlpcore.errors import TrainingError
from mlpcore.events import Ended, EpochEnd, Event, Finished, Progress, Started
from mlpcore.inference import load_network
from mlpcore.spec import RunSpec
from mlpcore.training import seeds
from mlpcore.training.pieces import pieces

pytestmark = pytest.mark.slow

SMALL = {"dataset": "digits", "hidden": [{"units": 16, "dropout": 0.2}], "epochs": 3, "batch_size": 32, "seed": 5}


def trained(settings: dict, run: str = "1", **options) -> list[Event]:
    from mlpcore.training import train

    return list(train(RunSpec.from_dict(settings), run, **options))


def epochs(events: list[Event]) -> list[tuple]:
    return [(e.epoch, e.members, e.learning_rate) for e in events if isinstance(e, EpochEnd)]


def test_a_run_tells_where_it_is_and_ends_with_a_result(data_folder: Path):
    events = trained(SMALL | {"epochs": 15})

    assert isinstance(events[0], Started)
    assert events[0].parameters == (64 + 1) * 16 + (16 + 1) * 10
    assert any(isinstance(e, Progress) for e in events)
    assert [e.epoch for e in events if isinstance(e, EpochEnd)] == list(range(1, 16))
    assert isinstance(events[-1], Finished)
    assert events[-1].members[0].test_accuracy > 0.8
    losses = [e.mean.loss for e in events if isinstance(e, EpochEnd)]
    assert losses[-1] < losses[0] / 2


def test_the_same_spec_gives_the_same_bits_and_another_seed_gives_others(data_folder: Path):
    first, second = trained(SMALL), trained(SMALL, "2")

    assert epochs(first) == epochs(second)
    assert first[-1].members[0].test_loss == second[-1].members[0].test_loss
    assert epochs(trained(SMALL | {"seed": 6}, "3")) != epochs(first)


def test_pieces_do_not_change_a_result(data_folder: Path, monkeypatch: pytest.MonkeyPatch):
    whole = epochs(trained(SMALL))
    monkeypatch.setattr("mlpcore.training.group.pieces", lambda total: ((i, i + 1) for i in range(total)))

    assert epochs(trained(SMALL, "2")) == whole


@pytest.mark.parametrize("optimizer", choices.OPTIMIZERS)
def test_resuming_from_any_checkpoint_gives_the_same_bits(
    optimizer: str, data_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("mlpcore.training.loop.CHECKPOINT_SECONDS", 0)
    monkeypatch.setattr("mlpcore.training.loop.CHECKPOINT_SHARE", 1e9)
    from mlpcore.training import train

    settings = SMALL | {"epochs": 5, "optimizer": {"name": optimizer}, "early_stopping": 4}
    undisturbed = trained(settings)
    interrupted: list[Event] = []
    running = train(RunSpec.from_dict(settings), "2")
    for event in running:
        interrupted.append(event)
        if isinstance(event, EpochEnd) and event.epoch == 3:
            running.close()
    name = interrupted[-1].checkpoint

    resumed = trained(settings, "2", attempt=2, checkpoint=name)

    assert [e.epoch for e in resumed if isinstance(e, EpochEnd)] == [4, 5]
    assert epochs(interrupted) + epochs(resumed) == epochs(undisturbed)
    assert asdict(resumed[-1].members[0])["test_loss"] == undisturbed[-1].members[0].test_loss
    assert not list((data_folder / "models" / "2").glob("checkpoint*"))


def test_a_checkpoint_cut_short_starts_the_run_afresh_with_the_same_result(data_folder: Path):
    whole = epochs(trained(SMALL))
    (data_folder / "models" / "cut.safetensors").write_bytes(b"\x10\x00")

    assert epochs(trained(SMALL, "2", checkpoint="models/cut.safetensors")) == whole


PLAIN_KERAS = """
import json, sys, numpy as np, keras
folder, models = sys.argv[1], sys.argv[2:]
inputs, labels = np.load(folder + "/inputs.npy"), np.load(folder + "/labels.npy")
for number, path in enumerate(models):
    model = keras.models.load_model(path)
    np.save(f"{folder}/keras-{number}.npy", model.predict(inputs, verbose=0))
    print(json.dumps(model.evaluate(inputs, labels, verbose=0)))
"""


def test_for_every_activation_the_snapshot_in_numpy_and_the_keras_file_in_plain_keras_agree(data_folder: Path):
    results = []
    for activation in choices.ACTIVATIONS:
        layers = [{"units": 12, "activation": activation, "dropout": 0.1}, {"units": 8}]
        results.append(trained(SMALL | {"hidden": layers, "epochs": 2}, activation)[-1].members[0])
    data = datasets.load("digits")
    inputs = data.test_inputs.astype(np.float32) / data.info.scale
    np.save(data_folder / "inputs.npy", inputs)
    np.save(data_folder / "labels.npy", data.test_labels)
    models = [str(data_folder / result.model_file) for result in results]
    command = [sys.executable, "-c", PLAIN_KERAS, str(data_folder), *models]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    evaluated = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]

    assert len(evaluated) == len(results)
    for number, (result, (loss, accuracy)) in enumerate(zip(results, evaluated, strict=True)):
        own = load_network(data_folder / result.snapshot.file).probabilities(inputs)
        np.testing.assert_allclose(own, np.load(data_folder / f"keras-{number}.npy"), atol=2e-5)
        assert accuracy == pytest.approx(result.test_accuracy, abs=1e-6)
        assert loss == pytest.approx(result.test_loss, rel=1e-4)


@pytest.mark.parametrize("name", [name for name in datasets.REGISTRY if datasets.is_here(name)])
@pytest.mark.parametrize("loss", choices.LOSSES)
def test_every_dataset_trains_with_every_loss(name: str, loss: str, data_folder: Path):
    size = min(600, datasets.REGISTRY[name].train_count)
    events = trained({"dataset": name, "loss": loss, "epochs": 2, "training_images": size, "batch_size": 16})

    assert isinstance(events[-1], Finished)


def test_no_hidden_layer_and_no_validation_set_train_too(data_folder: Path):
    events = trained(SMALL | {"hidden": [], "validation_split": 0, "epochs": 10})

    assert events[-2].mean.val_loss is None
    assert events[-1].members[0].test_accuracy > 0.7


def test_the_last_smaller_batch_is_trained_too(data_folder: Path):
    events = trained(SMALL | {"training_images": 33, "validation_split": 0, "batch_size": 32, "epochs": 1})

    assert events[0].steps == 2
    assert [e.step for e in events if isinstance(e, Progress)][-1] == 2


def test_a_learning_rate_far_too_large_ends_as_diverged_with_advice(data_folder: Path):
    layers = [{"units": 64, "activation": "exponential"}, {"units": 64, "activation": "linear"}]
    events = trained(SMALL | {"hidden": layers, "optimizer": {"name": "sgd", "learning_rate": 100}})

    assert isinstance(events[-1], Ended)
    assert events[-1].status == "diverged"
    assert "smaller learning rate, such as 10" in str(events[-1].message)


def test_a_stop_takes_effect_within_the_epoch(data_folder: Path):
    events = trained(SMALL | {"epochs": 1000, "batch_size": 1}, should_stop=lambda: True)

    assert [type(e) for e in events] == [Started, Ended]
    assert events[-1].status == "stopped"


def test_early_stopping_keeps_the_network_of_the_lowest_validation_loss(data_folder: Path):
    settings = SMALL | {"training_images": 60, "hidden": [{"units": 64}], "epochs": 300, "early_stopping": 3}
    settings |= {"optimizer": {"name": "adam", "learning_rate": 0.02}, "validation_split": 0.3, "batch_size": 16}
    events = trained(settings)
    losses = {e.epoch: e.mean.val_loss for e in events if isinstance(e, EpochEnd)}
    best = min(losses, key=losses.__getitem__)

    assert events[-1].stopped_early
    assert events[-1].members[0].kept_epoch == best == max(losses) - 3
    assert load_network(data_folder / events[-1].members[0].snapshot.file).epoch == best


def test_snapshots_keep_the_untrained_the_best_the_last_and_some_between(data_folder: Path):
    events = trained(SMALL | {"epochs": 40})
    kept = set()
    for event in events:
        kept |= {s.epoch for s in getattr(event, "snapshots", ())}
        kept -= {s.epoch for s in getattr(event, "dropped", ())}
    scores = {e.epoch: (e.mean.val_accuracy, -e.mean.val_loss) for e in events if isinstance(e, EpochEnd)}

    assert {0, 40, max(scores, key=scores.__getitem__)} <= kept
    assert 8 <= len(kept) <= 11
    on_disk = {int(p.stem.split("-")[1]) for p in (data_folder / "models" / "1").glob("epoch-*.safetensors")}
    assert on_disk == kept


def test_a_network_that_cannot_fit_is_refused_before_training(data_folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mlpcore.training.memory.available", lambda: 2**20)

    with pytest.raises(TrainingError, match=r"needs about .* GB of memory"):
        trained(SMALL | {"hidden": [{"units": 4096}, {"units": 4096}]})


def test_pieces_cover_the_work_once_and_grow_or_shrink_with_the_time_they_take():
    times = iter(i * 0.015 for i in range(10_000))
    quick = list(pieces(1000, clock=lambda: next(times)))
    slow_times = iter(range(10_000))
    slow = list(pieces(40, clock=lambda: next(slow_times)))

    for found, total in ((quick, 1000), (slow, 40)):
        assert [i for first, behind in found for i in range(first, behind)] == list(range(total))
    assert max(b - a for a, b in quick) > 100
    assert min(b - a for a, b in slow) == 1


def test_training_and_validation_set_share_no_image_and_follow_the_seed():
    training, validation = seeds.split(3, 1000, 500, 50)

    assert (len(training), len(validation)) == (450, 50)
    assert len({*training, *validation}) == 500
    assert (seeds.split(3, 1000, 500, 50)[0] == training).all()
    assert (seeds.split(4, 1000, 500, 50)[0] != training).any()
