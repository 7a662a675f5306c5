"""What a training tells, recorded behind the fence, and read from a cursor on."""

from __future__ import annotations

import json
import math
import time
from functools import singledispatch
from typing import Any

from sqlite_utils import Database

from mlpcore.events import Ended, EpochEnd, Event, Finished, Metrics, Progress, Snapshot, Started
from mlpcore.store.connection import transaction
from mlpcore.store.queue import Claim, lease_lost

LOG_TAIL = 8_000


def record(db: Database, claim: Claim, event: Event, now: float | None = None) -> None:
    """Record an event of the run that `claim` holds, durably; raises `LeaseLostError` if it no longer does."""
    with transaction(db):
        _record(event, _Fenced(db, claim), now or time.time())


class _Fenced:
    """Updates of one claimed run that fail when the claim is no longer good."""

    def __init__(self, db: Database, claim: Claim) -> None:
        self.db = db
        self.run = claim.run
        self._claim = claim

    def update(self, values: dict[str, Any]) -> None:
        columns = ", ".join(f"{name} = :{name}" for name in values)
        cursor = self.db.execute(
            f"UPDATE runs SET {columns} WHERE id = :_run AND attempt = :_attempt AND status = 'running'",
            {**values, "_run": self._claim.run, "_attempt": self._claim.attempt},
        )
        if cursor.rowcount != 1:
            raise lease_lost(self._claim)

    def add_snapshot(self, snapshot: Snapshot) -> None:
        self.db.execute(
            "INSERT OR REPLACE INTO snapshots (run, member, epoch, file) VALUES (?, ?, ?, ?)",
            [self.run, snapshot.member, snapshot.epoch, snapshot.file],
        )

    def drop_snapshot(self, snapshot: Snapshot) -> None:
        self.db.execute(
            "DELETE FROM snapshots WHERE run = ? AND member = ? AND epoch = ?",
            [self.run, snapshot.member, snapshot.epoch],
        )


@singledispatch
def _record(event: Any, run: _Fenced, now: float) -> None:
    raise TypeError(f"no training event: {event!r}")


@_record.register
def _(event: Started, run: _Fenced, now: float) -> None:
    run.update(
        {
            "device": event.device,
            "engine": event.engine,
            "versions": json.dumps(event.versions),
            "parameters": event.parameters,
            "steps": event.steps,
            "progress_at": now,
        }
    )
    for snapshot in event.snapshots:
        run.add_snapshot(snapshot)


@_record.register
def _(event: Progress, run: _Fenced, now: float) -> None:
    run.update({"step": event.step, "steps": event.steps, "running_loss": _finite(event.loss), "progress_at": now})


@_record.register
def _(event: EpochEnd, run: _Fenced, now: float) -> None:
    last = dict(zip(_METRICS, _columns(event.mean), strict=True))
    values: dict[str, Any] = {**last, "epoch": event.epoch, "step": 0, "running_loss": None}
    values |= {"progress_at": now, "message": None, "log": ""}
    if event.checkpoint is not None:
        values["checkpoint"] = event.checkpoint
    run.update(values)
    inserted = run.db.conn.executemany(
        "INSERT INTO epochs (run, member, epoch, loss, accuracy, val_loss, val_accuracy, seconds, learning_rate)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            [
                run.run,
                member,
                event.epoch,
                *(_finite(getattr(m, name)) for name in last),
                event.seconds,
                event.learning_rate,
            ]
            for member, m in enumerate(event.members)
        ],
    )
    if inserted.rowcount > 0:
        # Only new epochs forgive crashes: one that was trained again after a crash is no progress.
        run.db.execute("UPDATE runs SET seconds = seconds + ?, crashes = 0 WHERE id = ?", [event.seconds, run.run])
    _update_best(run, event.epoch, last)
    for snapshot in event.snapshots:
        run.add_snapshot(snapshot)
    for snapshot in event.dropped:
        run.drop_snapshot(snapshot)


def _update_best(run: _Fenced, epoch: int, last: dict[str, float | None]) -> None:
    """Remember the epoch with the best validation accuracy (training accuracy where nothing validates).

    Of equals it is the one with the lower loss, then the earliest.
    """
    score, tie = ("val_accuracy", "val_loss") if last["val_accuracy"] is not None else ("accuracy", "loss")
    run.db.execute(
        f"""
        UPDATE runs SET best_epoch = :epoch, best_loss = :loss, best_accuracy = :accuracy,
            best_val_loss = :val_loss, best_val_accuracy = :val_accuracy
        WHERE id = :run AND (
            best_epoch IS NULL OR best_{score} IS NULL OR best_{score} < :{score}
            OR (best_{score} = :{score} AND best_{tie} > :{tie})
        )
        """,
        {"epoch": epoch, "run": run.run, **last},
    )


@_record.register
def _(event: Finished, run: _Fenced, now: float) -> None:
    results = event.members
    run.update(
        {
            "test_loss": _finite(sum(r.test_loss for r in results) / len(results)),
            "test_accuracy": sum(r.test_accuracy for r in results) / len(results),
            "kept_epoch": results[0].kept_epoch,
            "model": results[0].model_file,
            "stopped_early": int(event.stopped_early),
            "status": "finished",
            "ended_at": now,
            "lease_until": None,
            "checkpoint": None,
            "running_loss": None,
            "message": None,
        }
    )
    for result in results:
        run.add_snapshot(result.snapshot)


@_record.register
def _(event: Ended, run: _Fenced, now: float) -> None:
    run.update(
        {
            "status": event.status,
            "message": event.message.to_json(),
            "log": event.log[-LOG_TAIL:],
            "ended_at": now,
            "lease_until": None,
            "checkpoint": None,
            "running_loss": None,
        }
    )


_METRICS = ("loss", "accuracy", "val_loss", "val_accuracy")


def _columns(metrics: Metrics) -> list[float | None]:
    return [_finite(getattr(metrics, name)) for name in _METRICS]


def epochs_after(db: Database, run_id: int, after: int = 0, member: int = 0) -> list[dict[str, Any]]:
    """A member's epochs behind the cursor `after`, in order: epoch, loss, accuracy, val_loss, val_accuracy, ..."""
    return list(
        db.query(
            "SELECT epoch, loss, accuracy, val_loss, val_accuracy, seconds, learning_rate FROM epochs"
            " WHERE run = ? AND member = ? AND epoch > ? ORDER BY epoch",
            [run_id, member, after],
        )
    )


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
