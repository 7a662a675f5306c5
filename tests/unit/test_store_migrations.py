"""Databases of former versions: they are brought up to date, and their runs stay as they were."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from mlpcore.events import EpochEnd, Finished, Metrics
from mlpcore.paths import PROJECT
from mlpcore.serving.kept_networks import kept_metrics
from mlpcore.store import leaderboard, members, metrics, queue, runs
from mlpcore.store.connection import opened
from mlpcore.store.leaderboard import Query
from mlpcore.store.run_record import from_row
from mlpcore.store.schema import migrations
from tests.factory.runs import finished_event, make_run, spec_of, training_events

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


def database_at_migration_2(path: Path) -> None:
    """A file as the code wrote it when runs of one network had no members; runs of every status, named by it."""
    path.parent.mkdir(parents=True)
    db = sqlite3.connect(path)
    db.executescript((PROJECT / "tests" / "data" / "database_at_migration_2.sql").read_text(encoding="utf-8"))
    db.close()


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
        assert (run.test_accuracy_sd, run.best_val_accuracy_sd) == (None, None)
        (member,) = members.members(db, 1)
        assert (member.seed, member.status, member.epoch, member.kept_epoch) == (4, "finished", 3, 3)
        assert (member.test_loss, member.test_accuracy, member.model) == (run.test_loss, run.test_accuracy, run.model)
        assert members.members(db, 2) == []
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
        metrics.record(db, claim, Finished(finished_event(2, last, 1).members))
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
                "m0003_members_of_every_run",
                "m0004_order_of_possible_values",
                "m0005_running_losses",
                "m0006_fair_queue",
            ]


ONE_NETWORK = {
    "finished": (11, "finished", 4, 4),
    "stopped early": (12, "stopped early", 4, 2),
    "running": (13, "training", 2, None),
    "stopped": (15, "training", 2, None),
    "diverged": (16, "diverged", 3, None),
    "failed": (17, "training", 2, None),
    "in the trash": (24, "finished", 3, 3),
    "検証なし": (25, "finished", 3, 3),
    "given back": (26, "training", 3, None),
}
NOT_STARTED = ("queued", "claimed, not started", "stopped while it waited")
SEVERAL = {
    "repeats, one diverged": ["finished", "diverged", "finished"],
    "folds, one stopped early": ["finished", "finished", "stopped early"],
    "repeats, running": ["training", "training"],
    "repeats, diverged": ["diverged", "diverged"],
}


def test_old_runs_of_one_network_get_their_member(data_folder: Path) -> None:
    database_at_migration_2(data_folder / "mlplab.db")

    with opened() as db:
        ids = {row["name"]: row["id"] for row in db.query("SELECT id, name FROM runs")}
        assert set(ids) == {*ONE_NETWORK, *NOT_STARTED, *SEVERAL}
        for name, (seed, status, epoch, kept_epoch) in ONE_NETWORK.items():
            run, (member,) = runs.get(db, ids[name]), members.members(db, ids[name])
            assert (member.member, member.seed, member.fold) == (0, seed, None), name
            assert (member.status, member.epoch, member.kept_epoch) == (status, epoch, kept_epoch), name
            assert member.test_loss == run.test_loss
            assert (member.test_accuracy, member.model) == (run.test_accuracy, run.model)
            assert [row["epoch"] for row in kept_metrics(db, run) if run.kept_epoch] == (
                [kept_epoch] if kept_epoch else []
            )
        for name in NOT_STARTED:
            assert members.members(db, ids[name]) == []
        for name, statuses in SEVERAL.items():
            assert [member.status for member in members.members(db, ids[name])] == statuses


def test_old_epochs_of_one_network_are_read_like_those_of_several(data_folder: Path) -> None:
    database_at_migration_2(data_folder / "mlplab.db")

    with opened() as db:
        for run in map(from_row, list(db.query("SELECT * FROM runs WHERE members = 1"))):
            history = metrics.epochs_after(db, run.id)
            assert history == metrics.epochs_after(db, run.id, member=0)
            assert [row["epoch"] for row in history] == list(range(1, run.epoch + 1))
            assert [row["loss"] for row in history[-1:]] == ([run.loss] if run.epoch else [])
            assert len(leaderboard.curves(db, [run.id]).get(run.id, [])) == run.epoch


def test_nothing_else_of_an_old_database_changes(data_folder: Path) -> None:
    database_at_migration_2(data_folder / "mlplab.db")
    tables = {
        "runs": "TRUE", "epochs": "TRUE", "snapshots": "TRUE", "members": "run IN (8, 9, 10, 11)",
        "epoch_summaries": "run IN (8, 9, 10, 11)",
    }  # fmt: skip
    old = sqlite3.connect(data_folder / "mlplab.db")
    before = {table: old.execute(f"SELECT * FROM {table} WHERE {where}").fetchall() for table, where in tables.items()}
    old.close()

    with opened() as db:
        for table, where in tables.items():
            rows = db.execute(f"SELECT * FROM {table} WHERE {where}").fetchall()
            assert [row[: len(old_row)] for row, old_row in zip(rows, before[table], strict=True)] == before[table]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_an_old_run_of_one_network_goes_on_where_it_was(data_folder: Path) -> None:
    database_at_migration_2(data_folder / "mlplab.db")

    with opened() as db:
        run_id = next(row["id"] for row in db.query("SELECT id FROM runs WHERE name = 'given back'"))
        claim = queue.claim(db, "w", run_id=run_id)
        assert claim is not None
        for event in training_events(claim.spec, run_id):
            metrics.record(db, claim, event)
        (member,) = members.members(db, run_id)
        assert (member.status, member.epoch, member.kept_epoch) == ("finished", 6, 6)
        assert [row["epoch"] for row in metrics.epochs_after(db, run_id)] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "spec", ["no JSON", "[]", '{"seed": "x"}', '{"seed": 1e400}', '{"seed": 99999999999999999999}']
)
def test_a_damaged_spec_does_not_prevent_the_migration(spec: str, data_folder: Path) -> None:
    database_at_migration_2(data_folder / "mlplab.db")
    old = sqlite3.connect(data_folder / "mlplab.db")
    old.execute("UPDATE runs SET spec = ? WHERE id = 1", [spec])
    old.commit()
    old.close()

    with opened() as db:
        assert [member.seed for member in members.members(db, 1)] == [0]
