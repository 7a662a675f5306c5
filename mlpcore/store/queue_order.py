"""The order in which waiting runs are claimed, and about when each of them starts.

The order is fair by owner: the owner whose last run was claimed longest ago comes next, and of its runs the oldest.
Runs whose training has begun already come before all others: first those that a dead worker left, then those that a
worker gave back. Claims change the `turns` of the owners, numbers that grow with each claim, so no clock matters.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from mlpcore.spec import RunSpec
from mlpcore.spec.cost import nominal_seconds
from mlpcore.store import liveness
from mlpcore.store.clock import LEASE_HOLDS, Moment

ABANDONED = f"status = 'running' AND NOT {LEASE_HOLDS}"
"""The runs whose worker is gone: their lease has expired, or is one that no worker has."""

_MEASURED_RUNS = 20
_MEASURED_WITHIN = 1_000
"""How many of the newest runs are searched for measured ones."""
_SLOWEST, _FASTEST = 20.0, 0.02
"""The bounds of a machine's speed: seconds in place of a nominal one."""
_START_SECONDS = 1.0
"""What a run takes before its first step: its data and the compiled code."""
_UNKNOWN_COST = 60.0
"""The seconds of a run of an earlier version, which stored no cost."""

_ORDER = """
WITH queued AS (
    SELECT id, owner, cost, attempt > 0 AS begun,
        row_number() OVER (PARTITION BY owner, attempt > 0 ORDER BY id) AS round,
        min(id) OVER (PARTITION BY owner, attempt > 0) AS oldest
    FROM runs WHERE status = 'queued'
)
SELECT id, owner, begun, cost FROM queued LEFT JOIN turns USING (owner)
ORDER BY begun DESC, CASE WHEN begun THEN id END, round, COALESCE(turn, 0), oldest
"""


@dataclass(frozen=True)
class Wait:
    """A waiting run's place: how many are claimed before it, and in about how many seconds it starts, if known."""

    before: int
    starts_in: float | None


def next_row(db: Database, moment: Moment, run_id: int | None) -> dict[str, Any] | None:
    """The row of the run that is claimed next, or of `run_id` if that can be claimed; None where there is none."""
    abandoned = f"SELECT id FROM runs WHERE {ABANDONED} AND (:run IS NULL OR id = :run) ORDER BY id LIMIT 1"
    queued = f"{_ORDER} LIMIT 1" if run_id is None else "SELECT id FROM runs WHERE id = :run AND status = 'queued'"
    for sql in (abandoned, queued):
        row = db.execute(sql, {**moment.values(), "run": run_id}).fetchone()
        if row is not None:
            return next(iter(list(db.query("SELECT * FROM runs WHERE id = ?", [row[0]]))))
    return None


def end_turn(db: Database, owner: str) -> None:
    """Let all other owners with waiting runs come before this one, who has had a run claimed."""
    db.execute(
        "INSERT INTO turns (owner, turn) VALUES (?, (SELECT COALESCE(max(turn), 0) + 1 FROM turns))"
        " ON CONFLICT (owner) DO UPDATE SET turn = excluded.turn",
        [owner],
    )


def waiting_before(db: Database, run_id: int, now: float | None = None) -> int:
    """How many runs will be claimed before this one, if no other owner comes; 0 where it does not wait."""
    order = [row[0] for row in db.execute(_ORDER)]
    return _abandoned_count(db, Moment.now(now)) + order.index(run_id) if run_id in order else 0


def waits(db: Database, now: float | None = None) -> dict[int, Wait]:
    """All waiting runs in the order of their claims, each with its place and about when it starts.

    It is assumed that each run under way takes as long as its epochs so far, and each waiting one as long as its
    arithmetic says at the speed of this machine. When one starts is not known without a worker.
    """
    moment = Moment.now(now)
    speed = seconds_per_nominal_second(db)
    free_in = _workers_free_in(db, moment, speed, now)
    waiting: dict[int, Wait] = {}
    abandoned = _abandoned_count(db, moment)
    for _ in range(abandoned if free_in else 0):
        heapq.heapreplace(free_in, free_in[0] + _START_SECONDS + speed * _UNKNOWN_COST)
    for before, (run_id, _owner, _begun, cost) in enumerate(db.execute(_ORDER), start=abandoned):
        waiting[run_id] = Wait(before, free_in[0] if free_in else None)
        if free_in:
            heapq.heapreplace(free_in, free_in[0] + _START_SECONDS + speed * (cost or _UNKNOWN_COST))
    return waiting


def estimated_seconds(db: Database, spec: RunSpec) -> float:
    """About how long a run takes on this machine, from its arithmetic and what the machine has trained."""
    return _START_SECONDS + nominal_seconds(spec) * seconds_per_nominal_second(db)


def seconds_per_nominal_second(db: Database) -> float:
    """How much longer this machine takes than the nominal one of `spec.cost`: from its newest runs, 1 before any."""
    seconds, nominal = db.execute(
        "SELECT sum(seconds), sum(cost * epoch / epochs) FROM (SELECT seconds, cost, epoch, epochs FROM runs"
        " WHERE id > (SELECT max(id) FROM runs) - ? AND epoch BETWEEN 1 AND epochs AND cost > 0"
        " AND seconds > 0 AND seconds < 9e999 ORDER BY id DESC LIMIT ?)",
        [_MEASURED_WITHIN, _MEASURED_RUNS],
    ).fetchone()
    return min(_SLOWEST, max(_FASTEST, seconds / nominal)) if nominal else 1.0


def _abandoned_count(db: Database, moment: Moment) -> int:
    sql = f"SELECT count(*) FROM runs WHERE {ABANDONED}"
    return int(db.execute(sql, moment.values()).fetchone()[0])


def _workers_free_in(db: Database, moment: Moment, speed: float, now: float | None) -> list[float]:
    """In how many seconds each worker is free, as a heap; empty where there is no worker."""
    rows = db.execute(
        "SELECT cost, epoch, epochs, seconds, CAST(step AS REAL) / max(steps, 1) FROM runs"
        f" WHERE status = 'running' AND {LEASE_HOLDS}",
        moment.values(),
    )
    free_in = []
    for cost, epoch, epochs, seconds, within in rows:
        each = seconds / epoch if epoch and seconds else speed * (cost or _UNKNOWN_COST) / max(1, epochs)
        free_in.append(max(0.0, (epochs - epoch - within) * each))
    workers = len(liveness.workers(db, now))
    free_in += [0.0] * (workers - len(free_in))
    heapq.heapify(free_in)
    return free_in if workers else []
