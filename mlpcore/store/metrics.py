"""Training events, recorded only while the claim holds, and the epochs that were recorded after a cursor."""

from __future__ import annotations

import json
import time
from functools import singledispatch
from typing import Any

from sqlite_utils import Database

from mlpcore.events import Ended, EpochEnd, Event, Finished, Progress, Snapshot, Started, Waiting, deviation
from mlpcore.store import members, running_losses
from mlpcore.store.connection import finite_or_none, transaction
from mlpcore.store.queue import Claim, lease_lost
from mlpcore.store.run_record import METRICS, possible_or_null

LOG_TAIL = 8_000
"""How many characters of the end of a log are kept."""

_ENDED = {"lease_until": None, "lease_monotonic": None, "lease_boot": None, "waiting_for": None}
_LAST_EPOCH_COLUMNS = (*METRICS, "accuracy_sd", "val_accuracy_sd")


def record(db: Database, claim: Claim, event: Event, now: float | None = None) -> None:
    """Record an event of a claimed run; raises `LeaseLostError` if the claim no longer holds."""
    with transaction(db):
        _record(event, _FencedRun(db, claim), now or time.time())


def epoch_summary(event: EpochEnd) -> dict[str, float | None]:
    """An epoch's means over the members, and as `loss_sd` and so on their sample standard deviations.

    A mean that is not finite is None. A deviation is None without a mean, and where fewer than two members have one.
    """
    means, deviations = event.mean, event.deviation
    summary = {name: finite_or_none(getattr(means, name)) for name in METRICS}
    spread = {f"{name}_sd": getattr(deviations, name) if summary[name] is not None else None for name in METRICS}
    return summary | spread


class _FencedRun:
    """Updates of one claimed run, which raise `LeaseLostError` when the claim no longer holds."""

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
def _record(event: Any, run: _FencedRun, now: float) -> None:
    raise TypeError(f"no training event: {event!r}")


@_record.register
def _(event: Started, run: _FencedRun, now: float) -> None:
    run.update(
        {
            "device": event.device,
            "engine": event.engine,
            "versions": json.dumps(event.versions),
            "parameters": event.parameters,
            "steps": event.steps,
            "progress_at": now,
            "waiting_for": None,
        }
    )
    members.add_members(run.db, run.run, event.members)
    running_losses.continue_after(run.db, run.run, event.epoch)
    for snapshot in event.snapshots:
        run.add_snapshot(snapshot)


@_record.register
def _(event: Progress, run: _FencedRun, now: float) -> None:
    values = {"step": event.step, "steps": event.steps, "running_loss": finite_or_none(event.loss)}
    run.update(values | {"progress_at": now, "waiting_for": None})
    running_losses.record(run.db, run.run, event)


@_record.register
def _(event: Waiting, run: _FencedRun, now: float) -> None:
    run.update({"waiting_for": event.reason.to_json()})


@_record.register
def _(event: EpochEnd, run: _FencedRun, now: float) -> None:
    summary = epoch_summary(event)
    values: dict[str, Any] = {name: summary[name] for name in _LAST_EPOCH_COLUMNS}
    values |= {"epoch": event.epoch, "step": 0, "running_loss": None, "progress_at": now, "waiting_for": None}
    values |= {"message": None, "log": ""}
    if event.checkpoint is not None:
        values |= {"checkpoint": event.checkpoint, "checkpoint_epoch": event.epoch}
    run.update(values)
    if _add_epoch(run.db, run.run, event, summary):
        # Only a new epoch resets the count of crashes: one that was trained again after a crash is no progress.
        run.db.execute("UPDATE runs SET seconds = seconds + ?, crashes = 0 WHERE id = ?", [event.seconds, run.run])
    members.record_epoch(run.db, run.run, event)
    running_losses.thin(run.db, run.run, event.epoch)
    _update_best(run, event.epoch, summary)
    for snapshot in event.snapshots:
        run.add_snapshot(snapshot)
    for snapshot in event.dropped:
        run.drop_snapshot(snapshot)


def _add_epoch(db: Database, run_id: int, event: EpochEnd, summary: dict[str, float | None]) -> bool:
    """Add the missing rows of an epoch; return whether the epoch is new. `summary` is its `epoch_summary`."""
    rates = event.member_rates or [event.learning_rate] * len(event.members)
    db.conn.executemany(
        "INSERT INTO epochs (run, member, epoch, loss, accuracy, val_loss, val_accuracy, seconds, learning_rate)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            [run_id, member, event.epoch, *(finite_or_none(getattr(m, name)) for name in METRICS), event.seconds, rate]
            for member, (m, rate) in enumerate(zip(event.members, rates, strict=True))
            if m is not None and member not in event.stopped_members
        ],
    )
    added = db.execute(
        "INSERT INTO epoch_summaries (run, epoch, loss, accuracy, val_loss, val_accuracy, loss_sd, accuracy_sd,"
        " val_loss_sd, val_accuracy_sd, seconds, learning_rate) VALUES (:run, :epoch, :loss, :accuracy, :val_loss,"
        " :val_accuracy, :loss_sd, :accuracy_sd, :val_loss_sd, :val_accuracy_sd, :seconds, :learning_rate)"
        " ON CONFLICT DO NOTHING",
        {
            "run": run_id,
            "epoch": event.epoch,
            "seconds": event.seconds,
            "learning_rate": event.learning_rate,
            **summary,
        },
    )
    return added.rowcount > 0


def _update_best(run: _FencedRun, epoch: int, summary: dict[str, float | None]) -> None:
    """Record the epoch with the best validation accuracy (training accuracy without a validation set).

    Among equal ones it is the one with the lower loss, then the earliest. With several members their means decide.
    """
    score, tie = ("val_accuracy", "val_loss") if summary["val_accuracy"] is not None else ("accuracy", "loss")
    run.db.execute(
        f"""
        UPDATE runs SET best_epoch = :epoch, best_loss = :loss, best_accuracy = :accuracy,
            best_val_loss = :val_loss, best_val_accuracy = :val_accuracy,
            best_accuracy_sd = :accuracy_sd, best_val_accuracy_sd = :val_accuracy_sd
        WHERE id = :run AND (
            best_epoch IS NULL OR best_{score} IS NULL OR best_{score} < :{score}
            OR (best_{score} = :{score} AND best_{tie} > :{tie})
        )
        """,
        {"epoch": epoch, "run": run.run, **summary},
    )


@_record.register
def _(event: Finished, run: _FencedRun, now: float) -> None:
    results = event.results
    accuracies = [result.test_accuracy for result in results]
    run.update(
        {
            "test_loss": finite_or_none(sum(result.test_loss for result in results) / len(results)),
            "test_accuracy": sum(accuracies) / len(results),
            "test_accuracy_sd": deviation(accuracies),
            "kept_epoch": results[0].kept_epoch,
            "model": results[0].model_file,
            "stopped_early": int(event.stopped_early),
            "status": "finished",
            "ended_at": now,
            **_ENDED,
            "checkpoint": None,
            "running_loss": None,
            "message": None,
        }
    )
    members.record_results(run.db, run.run, event.members)
    for result in results:
        run.add_snapshot(result.snapshot)


@_record.register
def _(event: Ended, run: _FencedRun, now: float) -> None:
    run.update(
        {
            "status": event.status,
            "message": event.message.to_json(),
            "log": event.log[-LOG_TAIL:],
            "ended_at": now,
            **_ENDED,
            "checkpoint": None,
            "running_loss": None,
        }
    )
    if event.status == "diverged":
        members.record_all_diverged(run.db, run.run)


def epochs_after(db: Database, run_id: int, after: int = 0, member: int | None = None) -> list[dict[str, Any]]:
    """The epochs of a run after the cursor `after`, in order; accuracies are 0 to 1, unknown values None.

    Each has epoch, loss, accuracy, val_loss, val_accuracy, loss_sd, accuracy_sd, val_loss_sd, val_accuracy_sd, seconds
    and learning_rate. They are the means over the run's networks with their standard deviations, which are None for
    fewer than two networks; or, with `member`, the epochs that this network has trained, without deviations.
    """
    if member is None:
        return list(db.query(_EPOCHS_OF_RUN, {"run": run_id, "after": after}))
    return list(db.query(_EPOCHS_OF_MEMBER, {"run": run_id, "member": member, "after": after}))


_POSSIBLE_METRICS = ", ".join(f"{possible_or_null(name)} AS {name}" for name in METRICS)
_POSSIBLE_DEVIATIONS = ", ".join(f"{possible_or_null(f'{name}_sd')} AS {name}_sd" for name in METRICS)
_EPOCHS_OF_MEMBER = f"""
SELECT epoch, {_POSSIBLE_METRICS},
    NULL AS loss_sd, NULL AS accuracy_sd, NULL AS val_loss_sd, NULL AS val_accuracy_sd, seconds, learning_rate
FROM epochs WHERE run = :run AND member = :member AND epoch > :after ORDER BY epoch
"""
_EPOCHS_OF_RUN = f"""
SELECT epoch, {_POSSIBLE_METRICS}, {_POSSIBLE_DEVIATIONS}, seconds, learning_rate
FROM epoch_summaries WHERE run = :run AND epoch > :after ORDER BY epoch
"""
