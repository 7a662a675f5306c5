"""Real workers with the real engine are killed in mid-training; the run must end with the very same numbers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from safetensors.numpy import load_file
from sqlite_utils import Database

from mlpcore.paths import PROJECT, data_folder
from mlpcore.spec import RunSpec
from mlpcore.store import liveness, metrics, queue, runs
from mlpcore.store.connection import opened
from tests.unit.fake_workers import MODULE
from tests.waiting import DEADLINE_SECONDS, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

DIGITS = {
    "dataset": "digits",
    "hidden": [{"units": 48, "activation": "prelu", "dropout": 0.3}, {"units": 24, "activation": "tanh"}],
    "optimizer": {"name": "nadam", "learning_rate": 0.002},
    "l2": 0.0001,
    "batch_size": 16,
    "epochs": 120,
    "early_stopping": 60,
    "validation_split": 0.2,
    "seed": 3,
}
MNIST = {
    "dataset": "mnist",
    "hidden": [{"units": 128, "activation": "relu", "dropout": 0.2}],
    "training_images": 5000,
    "batch_size": 8,
    "epochs": 12,
    "seed": 4,
}


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen]:
    """Two real workers on a data folder that the tests of this module share."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLPCORE_DATA", str(tmp_path_factory.mktemp("data")))
        patch.setenv("TOY_ENGINE", "real")
        patch.setattr(liveness, "WORKER_SECONDS", 10 * DEADLINE_SECONDS)
        command = [sys.executable, *MODULE, "pool", "2"]
        process = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL)
        yield process
        process.terminate()
        assert process.wait(timeout=DEADLINE_SECONDS) == 0


@pytest.fixture
def store(pool) -> Iterator[Database]:
    with opened() as db:
        yield db


def trained(db: Database, settings: dict[str, Any], kill_at: tuple[int, ...] = ()) -> runs.Run:
    """Train to the end; kill the worker that trains in the middle of the epoch after each of `kill_at`."""
    note = f"hold after {', '.join(map(str, kill_at))}" if kill_at else ""
    run = queue.enqueue(db, RunSpec.from_dict(settings | {"note": note}))
    for epoch in kill_at:
        wait_until(lambda epoch=epoch: epochs_recorded(db, run) >= epoch)
        name = runs.get(db, run).worker
        os.kill(next(worker.pid for worker in liveness.workers(db) if worker.id == name), signal.SIGKILL)
        wait_until(lambda name=name: runs.get(db, run).worker != name)
    wait_until(lambda: runs.get(db, run).ended)
    return runs.get(db, run)


def epochs_recorded(db: Database, run: int) -> int:
    return len(metrics.epochs_after(db, run))


def figures(db: Database, run: runs.Run) -> dict[str, Any]:
    """All numbers of a run but its times, and the weights of its snapshots."""
    columns = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate")
    kept = ("best_epoch", "best_loss", "best_val_loss", "best_val_accuracy", "test_loss", "test_accuracy", "kept_epoch")
    snapshots = runs.snapshots(db, run.id)
    return {
        "curve": [[row[name] for name in columns] for row in metrics.epochs_after(db, run.id)],
        "result": [getattr(run, name) for name in (*kept, "stopped_early", "status", "epoch")],
        "weights": {
            (epoch, name): tensor.tobytes()
            for epoch, file in snapshots.items()
            for name, tensor in load_file(data_folder() / file).items()
        },
    }


@pytest.mark.parametrize(("settings", "kill_at"), [(DIGITS, (1, 25, 55)), (MNIST, (2, 5, 9))], ids=["digits", "mnist"])
def test_a_run_whose_workers_are_killed_ends_with_the_numbers_of_an_undisturbed_one(store, settings, kill_at):
    disturbed = trained(store, settings, kill_at)
    undisturbed = trained(store, settings)

    assert (disturbed.status, disturbed.attempt, undisturbed.attempt) == ("finished", len(kill_at) + 1, 1)
    assert figures(store, disturbed) == figures(store, undisturbed)
    assert len(figures(store, disturbed)["weights"]) > 4


def test_a_run_is_stopped_within_a_step_that_takes_seconds_and_the_next_one_trains(store):
    huge = {"dataset": "digits", "hidden": [{"units": 4096}] * 3, "batch_size": 1200, "epochs": 1000}
    run = queue.enqueue(store, RunSpec.from_dict(huge))
    wait_until(lambda: runs.get(store, run).device)
    queue.cancel(store, run)
    wait_until(lambda: runs.get(store, run).ended)

    assert runs.get(store, run).status == "stopped"
    assert trained(store, DIGITS | {"epochs": 1}).status == "finished"
