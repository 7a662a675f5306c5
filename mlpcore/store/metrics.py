"""What a training tells, recorded behind the fence, and read from a cursor on."""

from __future__ import annotations

import json
import time
from functools import singledispatch
from typing import Any

from sqlite_utils import Database

from mlpcore.events import Ended, EpochEnd, Event, Finished, Progress, Snapshot, Started, deviation
from mlpcore.store import epochs, members
from mlpcore.store.connection import transaction
from mlpcore.store.queue import Claim, lease_lost

LOG_TAIL = 8_000
_OF_LAST_EPOCH = (*epochs.METRICS, "accuracy_sd", "val_accuracy_sd")


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
    members.enroll(run.db, run.run, event.members)
    for snapshot in event.snapshots:
        run.add_snapshot(snapshot)


@_record.register
def _(event: Progress, run: _Fenced, now: float) -> None:
    run.update(
        {"step": event.step, "steps": event.steps, "running_loss": epochs.finite(event.loss), "progress_at": now}
    )


@_record.register
def _(event: EpochEnd, run: _Fenced, now: float) -> None:
    told = epochs.summary(event)
    values: dict[str, Any] = {name: told[name] for name in _OF_LAST_EPOCH}
    values |= {"epoch": event.epoch, "step": 0, "running_loss": None, "progress_at": now, "message": None, "log": ""}
    if event.checkpoint is not None:
        values["checkpoint"] = event.checkpoint
    run.update(values)
    if epochs.add(run.db, run.run, event, told):
        # Only new epochs forgive crashes: one that was trained again after a crash is no progress.
        run.db.execute("UPDATE runs SET seconds = seconds + ?, crashes = 0 WHERE id = ?", [event.seconds, run.run])
    members.note_epoch(run.db, run.run, event)
    _update_best(run, event.epoch, told)
    for snapshot in event.snapshots:
        run.add_snapshot(snapshot)
    for snapshot in event.dropped:
        run.drop_snapshot(snapshot)


def _update_best(run: _Fenced, epoch: int, told: dict[str, float | None]) -> None:
    """Remember the epoch with the best validation accuracy (training accuracy where nothing validates).

    Of equals it is the one with the lower loss, then the earliest. Of several members, their means decide.
    """
    score, tie = ("val_accuracy", "val_loss") if told["val_accuracy"] is not None else ("accuracy", "loss")
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
        {"epoch": epoch, "run": run.run, **told},
    )


@_record.register
def _(event: Finished, run: _Fenced, now: float) -> None:
    results = event.results
    accuracies = [result.test_accuracy for result in results]
    run.update(
        {
            "test_loss": epochs.finite(sum(result.test_loss for result in results) / len(results)),
            "test_accuracy": sum(accuracies) / len(results),
            "test_accuracy_sd": deviation(accuracies),
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
    members.settle(run.db, run.run, event.members)
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
    if event.status == "diverged":
        members.all_diverged(run.db, run.run)


def epochs_after(db: Database, run_id: int, after: int = 0, member: int | None = None) -> list[dict[str, Any]]:
    """A run's epochs behind the cursor `after`, in order; accuracies are 0 to 1, None is what is not known.

    Each has epoch, loss, accuracy, val_loss, val_accuracy, loss_sd, accuracy_sd, val_loss_sd, val_accuracy_sd, seconds
    and learning_rate. They are the means over the run's networks with their standard deviations, which are None for
    a run of one network; or with `member` those of this network alone, while it trained.
    """
    if member is None:
        return list(db.query(_EPOCHS_OF_RUN, {"run": run_id, "after": after}))
    return list(db.query(_EPOCHS_OF_MEMBER, {"run": run_id, "member": member, "after": after}))


_EPOCHS_OF_MEMBER = """
SELECT epoch, loss, accuracy, val_loss, val_accuracy,
    NULL AS loss_sd, NULL AS accuracy_sd, NULL AS val_loss_sd, NULL AS val_accuracy_sd, seconds, learning_rate
FROM epochs WHERE run = :run AND member = :member AND epoch > :after ORDER BY epoch
"""
_EPOCHS_OF_RUN = """
SELECT epoch, loss, accuracy, val_loss, val_accuracy,
    loss_sd, accuracy_sd, val_loss_sd, val_accuracy_sd, seconds, learning_rate
FROM epoch_summaries WHERE run = :run AND epoch > :after ORDER BY epoch
"""
