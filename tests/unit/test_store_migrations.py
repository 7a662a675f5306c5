"""Databases of former versions: they are brought up to date, and their runs stay as they were."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from sqlite_utils import Database

from mlpcore.events import EpochEnd, Finished, Metrics
from mlpcore.store import leaderboard, members, metrics, queue, runs
from mlpcore.store.connection import opened
from mlpcore.store.leaderboard import Query
from mlpcore.store.schema import migrations
from tests.making import finished, make_run, spec_of

OLD_SPEC = {
    "dataset": "digits",
    "hidden": [{"units": 32, "activation": "relu", "dropout": 0.0}],
    "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07},
    "loss": "crossentropy",
    "l1": 0.0,
    "l2": 0.0,
    "batch_size": 32,
    "epochs": 3,
    "validation_split": 0.1,
    "training_images": None,
    "early_stopping": None,
    "seed": 4,
    "name": "before members",
    "note": "",
}


def old_database(path: Path) -> None:
    """A file as the first version left it: a finished run, and one that waits."""
    path.parent.mkdir(parents=True)
    db = Database(sqlite3.connect(path))
    migrations.apply(db, stop_before="m0002_members")
    common = {
        "spec": json.dumps(OLD_SPEC), "name": "before members", "created_at": 5.0, "dataset": "digits", "layers": "32",
        "activation": "relu", "optimizer": "adam", "learning_rate": 0.001, "dropout": "", "batch_size": 32, "epochs": 3,
        "parameters": 2410, "validated": 1,
    }  # fmt: skip
    ended = {
        "status": "finished", "attempt": 1, "epoch": 3, "loss": 0.3, "accuracy": 0.9, "val_loss": 0.4,
        "val_accuracy": 0.85, "best_epoch": 2, "best_val_accuracy": 0.87, "test_loss": 0.41, "test_accuracy": 0.86,
        "kept_epoch": 3, "seconds": 2.1, "model": "models/run-000001/network.keras", "device": "CPU",
    }  # fmt: skip
    db["runs"].insert({**common, **ended})
    db["runs"].insert({**common, "status": "queued"})
    db["epochs"].insert_all(
        {"run": 1, "member": 0, "epoch": number, "loss": 1 / number, "accuracy": 0.3 * number, "val_loss": 1.1 / number,
         "val_accuracy": 0.28 * number, "seconds": 0.7, "learning_rate": 0.001}
        for number in (1, 2, 3)
    )  # fmt: skip
    db["snapshots"].insert({"run": 1, "member": 0, "epoch": 3, "file": "models/run-000001/epoch-0003.safetensors"})
    db.conn.commit()
    db.close()


def test_the_runs_of_an_old_database_are_intact(data_folder: Path) -> None:
    old_database(data_folder / "mlplab.db")

    with opened() as db:
        assert migrations.pending(db) == []
        run = runs.get(db, 1)
        assert (run.name, run.status, run.members, run.test_accuracy) == ("before members", "finished", 1, 0.86)
        assert (run.test_accuracy_sd, run.best_val_accuracy_sd, members.members(db, 1)) == (None, None, [])
        assert (run.spec.repeats, run.spec.folds, run.spec.seed) == (1, 0, 4)
        assert [(row["epoch"], row["loss"], row["loss_sd"]) for row in metrics.epochs_after(db, 1)] == [
            (1, 1.0, None),
            (2, 1 / 2, None),
            (3, 1 / 3, None),
        ]
        assert len(leaderboard.sparklines(db, [1])[1]) == 3
        assert [row["epoch"] for row in leaderboard.curves(db, [1])[1]] == [1, 2, 3]
        assert [run.id for run in leaderboard.page(db, Query())] == [1, 2]
        assert runs.snapshots(db, 1) == {3: "models/run-000001/epoch-0003.safetensors"}


def test_what_waited_in_an_old_database_is_trained_and_new_runs_of_members_beside_it(data_folder: Path) -> None:
    old_database(data_folder / "mlplab.db")

    with opened() as db:
        claim = queue.claim(db, "w")
        assert claim is not None
        last = Metrics(0.5, 0.8, 0.4, 0.9)
        metrics.record(db, claim, EpochEnd(1, (last,), 0.7, 0.001))
        metrics.record(db, claim, Finished(finished(2, last, 1).members))
        several = make_run(db, spec_of(epochs=2, repeats=3))
        assert runs.get(db, 2).status == "finished"
        assert [row["epoch"] for row in metrics.epochs_after(db, 2)] == [1]
        assert len(members.members(db, several)) == 3


def test_an_old_database_is_brought_up_to_date_once(data_folder: Path) -> None:
    path = data_folder / "mlplab.db"
    old_database(path)
    for _ in range(2):
        with opened(path) as db:
            assert [applied.name for applied in migrations.applied(db)] == [
                "m0001_runs_epochs_snapshots_workers",
                "m0002_members",
            ]
