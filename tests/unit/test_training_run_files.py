"""What a training leaves on the disk: snapshots of every member, and Keras models that plain Keras reads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mlpcore import datasets
from mlpcore.events import Finished, Result, Started
from mlpcore.inference import Network
from mlpcore.spec import choices
from tests.factory.trainings import ACTIVATIONS, SMALL, Recorded, deep, ends, kept_snapshots, recorded, trained

pytestmark = pytest.mark.slow

PLAIN_KERAS = """
import json, sys, warnings, numpy as np, keras
folder, models = sys.argv[1], sys.argv[2:]
inputs, labels = np.load(folder + "/inputs.npy"), np.load(folder + "/labels.npy")
for number, path in enumerate(models):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        keras.models.load_model(path, compile=False)
    model = keras.models.load_model(path)
    np.save(f"{folder}/keras-{number}.npy", model.predict(inputs, verbose=0))
    print(json.dumps(model.evaluate(inputs, labels, verbose=0)))
"""
"""Each model's predictions, and its loss and accuracy: a process that knows nothing of this project."""


def assert_plain_keras_agrees(results: list[tuple[Result, Path, Network]], folder: Path) -> None:
    """Models in plain Keras, snapshots in NumPy and the results of the run agree on the test set."""
    data = datasets.load("digits")
    inputs = data.test_inputs.astype(np.float32) / data.info.scale
    folder.mkdir(exist_ok=True)
    np.save(folder / "inputs.npy", inputs)
    np.save(folder / "labels.npy", data.test_labels)
    command = [sys.executable, "-c", PLAIN_KERAS, str(folder), *(str(path) for _, path, _ in results)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
    evaluated = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]

    assert len(evaluated) == len(results)
    for number, ((result, _, network), (loss, accuracy)) in enumerate(zip(results, evaluated, strict=True)):
        predicted = np.load(folder / f"keras-{number}.npy")
        np.testing.assert_allclose(network.probabilities(inputs), predicted, atol=2e-5)
        assert accuracy == pytest.approx(result.test_accuracy, abs=1e-6)
        assert loss == pytest.approx(result.test_loss, rel=1e-4)


def kept(run: Recorded) -> list[tuple[Result, Path, Network]]:
    return [
        (result, run.folder / result.model_file, run.networks[member, result.kept_epoch])
        for member, result in enumerate(run.finished.results)
    ]


def test_for_every_activation_the_snapshot_in_numpy_and_the_keras_file_in_plain_keras_agree(tmp_path: Path):
    assert {name for names in ACTIVATIONS for name in names} == set(choices.ACTIVATIONS)

    kept_files = [part for names in ACTIVATIONS for part in kept(recorded(deep(names)))]
    assert_plain_keras_agrees(kept_files, tmp_path / "plain")


def test_each_members_keras_file_is_the_network_of_its_snapshot(tmp_path: Path):
    kept_files = kept(recorded(SMALL | {"repeats": 3}))

    assert [path.name for _, path, _ in kept_files] == ["network-001.keras", "network-002.keras", "network-003.keras"]
    assert_plain_keras_agrees(kept_files, tmp_path / "plain")


def test_snapshots_keep_the_untrained_the_best_the_last_and_some_between(data_folder: Path):
    events = trained(SMALL | {"epochs": 40})
    epochs = {epoch for _, epoch in kept_snapshots(events)}
    scores = {e.epoch: (e.mean.val_accuracy, -e.mean.val_loss) for e in ends(events)}

    assert {0, 40, max(scores, key=scores.__getitem__)} <= epochs
    assert 8 <= len(epochs) <= 11
    on_disk = {int(p.stem.split("-")[1]) for p in (data_folder / "models" / "1").glob("epoch-*.safetensors")}
    assert on_disk == epochs


def test_each_member_has_snapshots_of_its_own(data_folder: Path):
    events = trained(SMALL | {"epochs": 40, "repeats": 2})
    named = kept_snapshots(events)

    for member in (0, 1):
        own = {epoch for number, epoch in named if number == member}
        scores = {e.epoch: e.members[member].score for e in ends(events)}
        assert {0, 40, max(scores, key=scores.__getitem__)} <= own
    on_disk = {path.name for path in (data_folder / "models" / "1").glob("epoch-*.safetensors")}
    assert on_disk == {f"epoch-{epoch:04}-{member + 1:03}.safetensors" for member, epoch in named}


def test_each_snapshot_says_whose_network_it_holds():
    run = recorded(SMALL | {"repeats": 3})

    assert run.networks
    for (member, epoch), network in run.networks.items():
        assert (network.run, network.member, network.epoch) == ("1", member, epoch)


def test_large_networks_of_a_run_with_many_keep_only_the_last_of_each(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("mlpcore.training.run_files.SNAPSHOT_BYTES", 20_000)
    events = trained(SMALL | {"repeats": 3})

    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Finished)
    assert sorted(kept_snapshots(events)) == [(0, 3), (1, 3), (2, 3)]
    assert [result.snapshot.epoch for result in events[-1].results] == [3, 3, 3]
    assert len(list((data_folder / "models" / "1").glob("epoch-*.safetensors"))) == 3


def test_a_run_that_is_over_leaves_no_checkpoint(data_folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mlpcore.training.loop.CHECKPOINT_SECONDS", 0)
    monkeypatch.setattr("mlpcore.training.loop.CHECKPOINT_SHARE", 1e9)
    events = trained(SMALL | {"repeats": 3})

    assert [bool(end.checkpoint) for end in ends(events)] == [True, True, False]
    assert not list((data_folder / "models" / "1").glob("*checkpoint*"))
