"""The networks of runs: how each of them trains, and the result of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from mlpcore.events import EpochEnd, Member, Result
from mlpcore.store.connection import finite_or_none
from mlpcore.store.run_record import METRICS, possible_metric, possible_or_null


@dataclass(frozen=True)
class MemberRow:
    """One network of a run. `status` is `training`, `finished`, `stopped early` or `diverged`.

    A network whose run was stopped or failed stays `training`. `epoch` is the last one that it trained; for a diverged
    network, the one in which it diverged. `kept_epoch` is the epoch after which it was saved for good: it is known once
    the network was stopped early or has a result. `fold` is None without folds; the fields after `kept_epoch` are None
    without a result.
    """

    member: int
    seed: int
    fold: int | None
    status: str
    epoch: int
    kept_epoch: int | None
    test_loss: float | None
    test_accuracy: float | None
    model: str | None


def members(db: Database, run_id: int) -> list[MemberRow]:
    """The networks of a run, in order; empty until its training has started for the first time."""
    rows = db.query(
        "SELECT member, seed, fold, status, epoch, kept_epoch, test_loss, test_accuracy, model FROM members"
        " WHERE run = ? ORDER BY member",
        [run_id],
    )
    results = ("test_loss", "test_accuracy")
    return [MemberRow(**row | {name: possible_metric(name, row[name]) for name in results}) for row in rows]


def metrics_after(db: Database, run_id: int, epochs: Mapping[int, int]) -> list[dict[str, Any]]:
    """The metrics of members after one epoch each, in order; `epochs` maps the member to the epoch.

    Each has member, epoch, loss, accuracy, val_loss and val_accuracy. Members without metrics of that epoch, such as 0,
    are left out.
    """
    columns = ", ".join(f"{possible_or_null(f'e.{name}')} AS {name}" for name in METRICS)
    return list(
        db.query(
            f"SELECT e.member, e.epoch, {columns}"
            " FROM json_each(:epochs) AS requested JOIN epochs AS e"
            " ON e.run = :run AND e.member = CAST(requested.key AS INTEGER) AND e.epoch = requested.value"
            " ORDER BY e.member",
            {"run": run_id, "epochs": json.dumps(epochs)},
        )
    )


def add_members(db: Database, run_id: int, networks: Sequence[Member]) -> None:
    """Add the networks of a run that starts; after a crash they are there already and stay as they are."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO members (run, member, seed, fold) VALUES (?, ?, ?, ?)",
        [[run_id, index, member.seed, member.fold] for index, member in enumerate(networks)],
    )


def record_epoch(db: Database, run_id: int, event: EpochEnd) -> None:
    """Record the status of each network after an epoch; also after one that is trained again after a crash."""
    diverged = [index for index, metrics in enumerate(event.members) if metrics is None]
    training = set(range(len(event.members))) - event.stopped_members - set(diverged)
    _update(db, run_id, training, "status = 'training', epoch = :epoch, kept_epoch = NULL", "TRUE", event.epoch)
    _update(db, run_id, diverged, "status = 'diverged', epoch = :epoch", "status != 'diverged'", event.epoch)
    db.conn.executemany(
        "UPDATE members SET status = 'stopped early', kept_epoch = ? WHERE run = ? AND member = ?"
        " AND (status != 'stopped early' OR kept_epoch IS NULL)",
        [[epoch, run_id, member] for member, epoch in event.kept_epochs.items() if member not in diverged],
    )


def record_results(db: Database, run_id: int, results: Sequence[Result | None]) -> None:
    """Record the results of a finished run; a network that ended before the last epoch was stopped early."""
    db.conn.executemany(
        "UPDATE members SET kept_epoch = ?, test_loss = ?, test_accuracy = ?, model = ?,"
        " status = CASE WHEN epoch < (SELECT epochs FROM runs WHERE id = run) THEN 'stopped early' ELSE 'finished' END"
        " WHERE run = ? AND member = ?",
        [
            [
                result.kept_epoch,
                finite_or_none(result.test_loss),
                result.test_accuracy,
                result.model_file,
                run_id,
                index,
            ]
            for index, result in enumerate(results)
            if result is not None
        ],
    )
    diverged = [index for index, result in enumerate(results) if result is None]
    _update(db, run_id, diverged, "status = 'diverged'", "status != 'diverged'")


def record_all_diverged(db: Database, run_id: int) -> None:
    """Record that the networks still in training have diverged in the epoch after the last recorded one."""
    db.execute(
        "UPDATE members SET status = 'diverged', epoch = (SELECT epoch + 1 FROM runs WHERE id = run)"
        " WHERE run = ? AND status = 'training'",
        [run_id],
    )


def _update(
    db: Database, run_id: int, indices: Iterable[int], values: str, condition: str, epoch: int | None = None
) -> None:
    members = json.dumps(sorted(indices))
    if members != "[]":
        db.execute(
            f"UPDATE members SET {values} WHERE run = :run AND member IN (SELECT value FROM json_each(:members))"
            f" AND {condition}",
            {"run": run_id, "members": members, "epoch": epoch},
        )
