"""Which processes are alive: the workers with their devices, and the dashboards that they work for."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlite_utils import Database

from mlpcore.store.clock import Moment, within
from mlpcore.store.connection import transaction

WORKER_SECONDS = 20.0
"""A worker that was not seen for this long counts as gone."""

FORGET_SECONDS = 3600.0
"""Rows of workers and dashboards that were not seen for this long are deleted."""


@dataclass(frozen=True)
class Worker:
    """A worker process: `status` is `starting` (it loads its engine), `idle` or `busy`."""

    id: str
    pid: int
    status: str
    device: str | None
    engine: str | None


def worker_seen(db: Database, worker: Worker, now: float | None = None) -> None:
    """Record that a worker is alive, and what it does."""
    moment = Moment.now(now).values()
    with transaction(db):
        db.execute(
            "INSERT INTO workers (id, pid, status, device, engine, started_at, seen_at, seen_monotonic, seen_boot)"
            " VALUES (:id, :pid, :status, :device, :engine, :now, :now, :monotonic, :boot)"
            " ON CONFLICT (id) DO UPDATE SET status = excluded.status, device = excluded.device,"
            " engine = excluded.engine, seen_at = excluded.seen_at, seen_monotonic = excluded.seen_monotonic,"
            " seen_boot = excluded.seen_boot",
            {**asdict(worker), **moment},
        )
        db.execute(f"DELETE FROM workers WHERE NOT {within('seen', FORGET_SECONDS)}", moment)


def worker_gone(db: Database, worker_id: str) -> None:
    """Delete the row of a worker that has ended."""
    db.execute("DELETE FROM workers WHERE id = ?", [worker_id])


def workers(db: Database, now: float | None = None) -> list[Worker]:
    """The workers that are alive, the oldest first."""
    rows = db.query(
        "SELECT id, pid, status, device, engine FROM workers"
        f" WHERE {within('seen', WORKER_SECONDS)} ORDER BY started_at, id",
        Moment.now(now).values(),
    )
    return [Worker(**row) for row in rows]


def dashboard_seen(db: Database, dashboard: str, now: float | None = None) -> None:
    """Record that a dashboard is alive, so that its workers keep running."""
    moment = Moment.now(now).values()
    with transaction(db):
        db.execute(
            "INSERT INTO dashboards (id, seen_at, seen_monotonic, seen_boot) VALUES (:id, :now, :monotonic, :boot)"
            " ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, seen_monotonic = excluded.seen_monotonic,"
            " seen_boot = excluded.seen_boot",
            {"id": dashboard, **moment},
        )
        db.execute(f"DELETE FROM dashboards WHERE NOT {within('seen', FORGET_SECONDS)}", moment)


def dashboard_gone(db: Database, dashboard: str) -> None:
    """Delete the row of a dashboard that has ended."""
    db.execute("DELETE FROM dashboards WHERE id = ?", [dashboard])


def any_dashboard(db: Database, seconds: float, now: float | None = None) -> bool:
    """Whether a dashboard was seen within the last `seconds`."""
    sql = f"SELECT 1 FROM dashboards WHERE {within('seen', seconds)} LIMIT 1"
    return db.execute(sql, Moment.now(now).values()).fetchone() is not None
