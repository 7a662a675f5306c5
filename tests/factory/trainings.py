"""Trainings in this process as values, and how two of them are compared."""

from __future__ import annotations

import atexit
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from mlpcore.events import EpochEnd, Event, Finished, Metrics, Snapshot
from mlpcore.inference import Network, load_network
from mlpcore.paths import data_folder
from mlpcore.spec import RunSpec

SMALL: dict[str, Any] = {
    "dataset": "digits",
    "hidden": [{"units": 16, "dropout": 0.2}],
    "training_images": 110,
    "epochs": 3,
    "batch_size": 32,
    "seed": 5,
}
"""99 images train and 11 validate: three whole batches and one of three images."""

PENALISED: dict[str, Any] = SMALL | {
    "hidden": [{"units": 12, "activation": "prelu"}],
    "l1": 0.0005,
    "l2": 0.001,
    "epochs": 2,
}
"""Without dropout, so that plain Keras can be compared; with all that adds to a loss or to the weights."""

OPTIMIZERS: dict[str, dict[str, Any]] = {
    "sgd": {"name": "sgd", "learning_rate": 0.05, "momentum": 0.9, "nesterov": True},
    "adam": {"name": "adam"},
    "adamw": {"name": "adamw", "weight_decay": 0.1},
    "nadam": {"name": "nadam"},
    "rmsprop": {"name": "rmsprop", "momentum": 0.5},
    "adagrad": {"name": "adagrad", "learning_rate": 0.05},
    "adadelta": {"name": "adadelta", "learning_rate": 1.0},
    "adamax": {"name": "adamax"},
    "lion": {"name": "lion"},
}

# The step function passes no gradient on, so it comes first; the exponential function follows a bounded one.
ACTIVATIONS = [
    ["step", "linear", "relu", "leaky_relu", "prelu", "elu", "selu", "gelu"],
    ["sigmoid", "tanh", "softplus", "softsign", "silu", "mish", "hard_sigmoid", "exponential"],
]


def deep(activations: list[str]) -> dict[str, Any]:
    """A network with a layer of each of these activations."""
    return SMALL | {"hidden": [{"units": 16, "activation": name} for name in activations], "epochs": 2}


def optimized(name: str) -> dict[str, Any]:
    """The settings with which an optimizer is compared: no image validates."""
    return PENALISED | {"optimizer": OPTIMIZERS[name], "training_images": 99, "validation_split": 0}


def trained(settings: Mapping[str, Any], run: str = "1", **options: Any) -> list[Event]:
    """All events of a training, whose files stay in the data folder of the test."""
    from mlpcore.training import train

    return list(train(RunSpec.from_dict(settings), run, **options))


def ends(events: list[Event]) -> list[EpochEnd]:
    return [event for event in events if isinstance(event, EpochEnd)]


def epochs(events: list[Event]) -> list[tuple[Any, ...]]:
    """The values of each epoch, without its time."""
    return [(e.epoch, e.members, e.learning_rate, e.member_rates, e.kept_epochs) for e in ends(events)]


def kept_snapshots(events: list[Event]) -> dict[tuple[int, int], Snapshot]:
    """The snapshots that are recorded after these events, by member and epoch."""
    kept: dict[tuple[int, int], Snapshot] = {}
    for event in events:
        kept |= {(s.member, s.epoch): s for s in getattr(event, "snapshots", ())}
        for dropped in getattr(event, "dropped", ()):
            del kept[dropped.member, dropped.epoch]
    if isinstance(events[-1], Finished):
        kept |= {(r.snapshot.member, r.snapshot.epoch): r.snapshot for r in events[-1].results}
    return kept


def bits(events: list[Event]) -> dict[tuple[int, int, str], bytes]:
    """The bits of all weights in a run's snapshots, by member, epoch and name."""
    return {
        (*key, name): array.tobytes()
        for key, snapshot in kept_snapshots(events).items()
        for name, array in load_file(data_folder() / snapshot.file).items()
    }


@dataclass(frozen=True)
class Recorded:
    """A training that is over: its events, its snapshots by member and epoch, and its data folder."""

    events: list[Event]
    networks: dict[tuple[int, int], Network]
    folder: Path

    @property
    def finished(self) -> Finished:
        assert isinstance(self.events[-1], Finished)
        return self.events[-1]

    def curve(self, member: int = 0) -> list[Metrics | None]:
        return [end.members[member] for end in ends(self.events)]

    def weights(self, member: int = 0, epoch: int | None = None) -> list[np.ndarray]:
        """A member's kernels, biases and slopes after an epoch, or those of the network that it keeps."""
        result = self.finished.members[member]
        assert result is not None
        network = self.networks[member, result.kept_epoch if epoch is None else epoch]
        arrays = [array for layer in network.layers for array in (layer.kernel, layer.bias, layer.alpha)]
        return [array for array in arrays if array is not None]


def recorded(settings: Mapping[str, Any]) -> Recorded:
    """A training with these settings; each is trained once, however many tests look at it."""
    return _recorded(json.dumps(settings, sort_keys=True))


@cache
def _recorded(settings: str) -> Recorded:
    folder = mkdtemp(prefix="trainings-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLPCORE_DATA", folder)
        events = trained(json.loads(settings))
        networks = {key: load_network(data_folder() / s.file) for key, s in kept_snapshots(events).items()}
    return Recorded(events, networks, Path(folder))


def killed_after(settings: Mapping[str, Any], epoch: int, run: str) -> tuple[list[Event], str]:
    """A training that ends like a killed process after an epoch, and the checkpoint that it leaves."""
    from mlpcore.training import train

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mlpcore.training.loop.CHECKPOINT_SECONDS", 0)
        patch.setattr("mlpcore.training.loop.CHECKPOINT_SHARE", 1e9)
        events: list[Event] = []
        running = train(RunSpec.from_dict(settings), run)
        for event in running:
            events.append(event)
            if isinstance(event, EpochEnd) and event.epoch == epoch:
                assert event.checkpoint is not None
                running.close()
                return events, event.checkpoint
    raise AssertionError("the run ended before")


def assert_alike(first: list[Metrics | None], second: list[Metrics | None], images: int = 99, rel: float = 1e-4):
    """Two curves are the same up to rounding: of this many images, two may be classified otherwise."""
    assert len(first) == len(second) > 0
    for metrics, other in zip(first, second, strict=True):
        assert metrics is not None
        assert other is not None
        assert metrics.loss == pytest.approx(other.loss, rel=rel)
        assert metrics.accuracy == pytest.approx(other.accuracy, abs=2.01 / images)
        assert (metrics.val_loss is None) == (other.val_loss is None)
        if metrics.val_loss is not None:
            assert metrics.val_loss == pytest.approx(other.val_loss, rel=rel)
            assert metrics.val_accuracy == pytest.approx(other.val_accuracy, abs=0.2)


def assert_close(first: list[np.ndarray], second: list[np.ndarray], atol: float = 1e-4, share: float = 0.995):
    """Weights are the same up to rounding.

    Where a gradient is next to 0, optimizers that take its sign make a step of the rounding: so a few may be off.
    """
    assert [array.shape for array in first] == [array.shape for array in second]
    near = [np.abs(array - other) <= atol for array, other in zip(first, second, strict=True)]
    assert np.mean(np.concatenate([array.ravel() for array in near])) >= share
