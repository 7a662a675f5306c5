"""The run queue: enqueue, claim with a lease, renew, cancel, and give back. `queue_order` says which run is next.

Invariants: one worker at a time trains a run, the one whose claim has the run's `attempt`; every write of a worker is
conditional on it. A lease that is not renewed expires, and the next claim takes the run over from its checkpoint.
A run whose worker died `MAX_CRASHES` times without finishing an epoch in between fails. A run whose row is damaged, or
whose settings cannot be used, fails when it is its turn, and the next one is claimed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from mlpcore.errors import LeaseLostError, QueueFullError
from mlpcore.i18n.messages import N_, Message
from mlpcore.paths import highest_run_folder
from mlpcore.spec import RunSpec
from mlpcore.spec.cost import nominal_seconds
from mlpcore.spec.parameters import count_parameters
from mlpcore.store import queue_order
from mlpcore.store.clock import Moment
from mlpcore.store.connection import transaction
from mlpcore.store.queue_order import ABANDONED
from mlpcore.store.run_record import from_row

LEASE_SECONDS = 15.0
MAX_CRASHES = 3
MAX_WAITING = 1000
"""More runs than a class needs; the limit stops a script that floods a public page."""

NO_LEASE = "lease_until = NULL, lease_monotonic = NULL, lease_boot = NULL"
"""What an UPDATE of `runs` assigns where no worker has the run any more."""
_LEASE = "lease_until = :lease_until, lease_monotonic = :lease_monotonic, lease_boot = :boot"

STOPPED_BY_USER = Message(N_("Stopped by hand."))
"""The reason stored with a run that its user stopped."""


@dataclass(frozen=True)
class Claim:
    """The right of a worker to train a run until the lease ends; training resumes from `checkpoint` if there is one."""

    run: int
    attempt: int
    spec: RunSpec
    checkpoint: str | None


def _dropout_rates(spec: RunSpec) -> str:
    rates = [layer.dropout for layer in spec.hidden]
    return ", ".join(f"{rate:g}" for rate in rates) if any(rates) else ""


SPEC_COLUMNS: dict[str, Callable[[RunSpec], Any]] = {
    "dataset": lambda spec: spec.dataset,
    "layers": lambda spec: "-".join(str(layer.units) for layer in spec.hidden) or "0",
    "activation": lambda spec: ", ".join(dict.fromkeys(layer.activation for layer in spec.hidden)),
    "optimizer": lambda spec: spec.optimizer.name,
    "learning_rate": lambda spec: spec.optimizer.learning_rate,
    "dropout": _dropout_rates,
    "batch_size": lambda spec: spec.batch_size,
    "epochs": lambda spec: spec.epochs,
    "parameters": count_parameters,
    "cost": nominal_seconds,
    "validated": lambda spec: int(spec.validation_count > 0),
    "members": lambda spec: spec.members,
}
"""The columns of `runs` that repeat what lists show of a run's settings and are sorted and filtered by."""


def enqueue(db: Database, spec: RunSpec, owner: str = "", study: int | None = None, now: float | None = None) -> int:
    """Queue a run and return its id; raises `QueueFullError` where `MAX_WAITING` runs wait already.

    The id is higher than that of every folder of networks: where the database is new or an old copy, a run that it does
    not know keeps its networks.
    """
    row = {
        "owner": owner,
        "study": study,
        "spec": spec.to_json(),
        "name": spec.name,
        "note": spec.note,
        "created_at": now or time.time(),
        **{column: value(spec) for column, value in SPEC_COLUMNS.items()},
    }
    columns = ", ".join(("id", *row))
    placeholders = ", ".join(f":{name}" for name in ("id", *row))
    with transaction(db):
        waiting = db.execute("SELECT count(*) FROM runs WHERE status = 'queued'").fetchone()[0]
        if waiting >= MAX_WAITING:
            raise QueueFullError(
                N_("{count} runs are waiting already: stop some of them, or try again when they are done."),
                count=waiting,
            )
        row["id"] = _next_id(db)
        rows = list(db.query(f"INSERT INTO runs ({columns}) VALUES ({placeholders}) RETURNING id", row))
    return int(rows[0]["id"])


def _next_id(db: Database) -> int | None:
    """The id for the next run above all folders of networks; None where SQLite's own next id is above them."""
    highest = highest_run_folder()
    last = db.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = 'runs'").fetchone()[0] or 0
    return highest + 1 if highest > last else None


def claim(db: Database, worker: str, now: float | None = None, run_id: int | None = None) -> Claim | None:
    """Take the next run that waits, or that a dead worker left; None if there is none.

    With `run_id`, only that run is taken, if it waits.
    """
    moment = Moment.now(now)
    if not _anything_to_claim(db, moment):
        return None
    with transaction(db):
        _end_abandoned(db, moment)
        return _claim_next(db, worker, moment, run_id)


def enqueue_and_claim(db: Database, spec: RunSpec, worker: str, owner: str = "", now: float | None = None) -> Claim:
    """Queue a run and claim it in one transaction, so that no other worker can take it first."""
    moment = Moment.now(now)
    with transaction(db):
        claimed = _claim_next(db, worker, moment, enqueue(db, spec, owner, now=moment.wall))
    assert claimed is not None
    return claimed


def _claim_next(db: Database, worker: str, moment: Moment, run_id: int | None) -> Claim | None:
    """Claim the next run whose row can be used; those before it fail. Part of a transaction."""
    while row := queue_order.next_row(db, moment, run_id):
        run = from_row(row)
        if (problem := run.problem) is None:
            db.execute(
                "UPDATE runs SET crashes = crashes + (status = 'running'), status = 'running', worker = :worker,"
                f" attempt = attempt + 1, {_LEASE}, started_at = COALESCE(started_at, :now), step = 0, steps = 0,"
                " running_loss = NULL, waiting_for = NULL, resumed_epoch = checkpoint_epoch WHERE id = :run",
                {"worker": worker, "run": run.id, **_lease(moment)},
            )
            if run.attempt == 0:
                queue_order.end_turn(db, run.owner)
            return Claim(run.id, run.attempt + 1, run.spec, row["checkpoint"])
        db.execute(
            f"UPDATE runs SET status = 'failed', message = ?, ended_at = ?, {NO_LEASE}, checkpoint = NULL WHERE id = ?",
            [problem.to_json(), moment.wall, run.id],
        )
    return None


def renew(db: Database, claim: Claim, now: float | None = None) -> bool:
    """Extend the lease; return whether the user has requested to stop the run. Raises `LeaseLostError`."""
    rows = list(
        db.query(
            f"UPDATE runs SET {_LEASE} WHERE id = :run AND attempt = :attempt AND status = 'running'"
            " RETURNING cancel_requested",
            {"run": claim.run, "attempt": claim.attempt, **_lease(Moment.now(now))},
        )
    )
    if not rows:
        raise lease_lost(claim)
    return bool(rows[0]["cancel_requested"])


def _lease(moment: Moment) -> dict[str, float | str | None]:
    """The parameters of `_LEASE` for one that begins at this moment."""
    return {
        **moment.values(),
        "lease_until": moment.wall + LEASE_SECONDS,
        "lease_monotonic": moment.monotonic + LEASE_SECONDS,
    }


def cancel_requested(db: Database, claim: Claim) -> bool:
    """Whether the user has requested to stop this run; it only reads."""
    rows = list(db.query("SELECT cancel_requested FROM runs WHERE id = ?", [claim.run]))
    return bool(rows and rows[0]["cancel_requested"])


def cancel(db: Database, run_id: int, now: float | None = None) -> None:
    """Stop a run: at once if it waits, else by its worker. Ended runs stay as they are."""
    with transaction(db):
        db.execute(
            "UPDATE runs SET status = 'stopped', ended_at = ?, message = ? WHERE id = ? AND status = 'queued'",
            [now or time.time(), STOPPED_BY_USER.to_json(), run_id],
        )
        db.execute("UPDATE runs SET cancel_requested = 1 WHERE id = ? AND status = 'running'", [run_id])


def give_back(db: Database, claim: Claim) -> None:
    """Put a run back into the queue, to continue from its checkpoint; for a worker that must end."""
    db.execute(
        f"UPDATE runs SET status = 'queued', worker = NULL, {NO_LEASE}"
        " WHERE id = ? AND attempt = ? AND status = 'running'",
        [claim.run, claim.attempt],
    )


def worker_died(db: Database, worker: str, reason: Message, log: str, now: float | None = None) -> list[int]:
    """Let the runs of a dead worker be claimed at once; return their ids.

    Runs that crash repeatedly fail with the reason.
    """
    with transaction(db):
        rows = list(
            db.query(
                f"UPDATE runs SET {NO_LEASE}, message = ?, log = ? WHERE worker = ? AND status = 'running'"
                " RETURNING id",
                [reason.to_json(), log, worker],
            )
        )
        _end_abandoned(db, Moment.now(now))
    return [row["id"] for row in rows]


def waiting_of(db: Database, owner: str) -> int:
    """How many runs of this owner wait."""
    sql = "SELECT count(*) FROM runs WHERE status = 'queued' AND owner = ?"
    return int(db.execute(sql, [owner]).fetchone()[0])


def open_counts(db: Database, now: float | None = None) -> tuple[int, int]:
    """The number of runs that wait (or were left by a dead worker), and of those in training."""
    row = next(
        db.query(
            f"SELECT COALESCE(sum(status = 'queued' OR ({ABANDONED})), 0) AS waiting,"
            f" COALESCE(sum(status = 'running' AND NOT ({ABANDONED})), 0) AS training"
            " FROM runs WHERE status IN ('queued', 'running')",
            Moment.now(now).values(),
        )
    )
    return row["waiting"], row["training"]


def lease_lost(claim: Claim) -> LeaseLostError:
    """The error for a worker whose run is no longer its own."""
    return LeaseLostError(N_("Run {run} was taken over by another worker."), run=claim.run)


def _anything_to_claim(db: Database, moment: Moment) -> bool:
    sql = f"SELECT 1 FROM runs WHERE status IN ('queued', 'running') AND (status = 'queued' OR ({ABANDONED})) LIMIT 1"
    return db.execute(sql, moment.values()).fetchone() is not None


def _end_abandoned(db: Database, moment: Moment) -> None:
    """End the abandoned runs that no worker should take over: stopped meanwhile, or crashing repeatedly.

    Crashes are forgiven where the last attempt saved a checkpoint beyond the one from which it resumed: the next one
    resumes later, so the run comes to its end, even if these epochs had been trained before.
    """
    db.execute(
        "UPDATE runs SET status = 'stopped', ended_at = :now, message = :message"
        f" WHERE {ABANDONED} AND cancel_requested = 1",
        {**moment.values(), "message": STOPPED_BY_USER.to_json()},
    )
    db.execute(f"UPDATE runs SET crashes = 0 WHERE {ABANDONED} AND checkpoint_epoch > resumed_epoch", moment.values())
    fallback = Message(
        N_(
            "The worker process ended {times} times while it trained this run, for an unknown reason. Try a"
            " smaller network or batch, and look at the log."
        ),
        {"times": MAX_CRASHES},
    )
    db.execute(
        "UPDATE runs SET status = 'failed', ended_at = :now, crashes = :most,"
        f" message = COALESCE(message, :message) WHERE {ABANDONED} AND crashes >= :most - 1",
        {**moment.values(), "message": fallback.to_json(), "most": MAX_CRASHES},
    )
