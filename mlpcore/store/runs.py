"""Single runs: read, rename, annotate, star, move to the trash, restore and delete."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress

from sqlite_utils import Database

from mlpcore.errors import RunNotFoundError
from mlpcore.i18n.messages import N_
from mlpcore.paths import models_folder, run_name
from mlpcore.store.connection import transaction
from mlpcore.store.kept_metrics import RUN_COLUMNS
from mlpcore.store.run_record import Run, from_row

__all__ = [
    "Run",
    "annotate",
    "comparable",
    "find",
    "get",
    "get_many",
    "in_trash",
    "listed_after",
    "newest",
    "owners",
    "purge",
    "remove_all_leftovers",
    "remove_leftovers",
    "remove_networks",
    "rename",
    "restore",
    "snapshots",
    "star",
    "trash",
    "trashed",
    "trashed_count",
    "under_way",
]


def get(db: Database, run_id: int) -> Run:
    """The run with this id; raises `RunNotFoundError`."""
    run = find(db, run_id)
    if run is None:
        raise RunNotFoundError(N_("There is no run {run}: it may have been deleted permanently."), run=run_id)
    return run


def find(db: Database, run_id: int) -> Run | None:
    """The run with this id, or None."""
    return next((from_row(row) for row in db.query(f"SELECT {RUN_COLUMNS} FROM runs WHERE id = ?", [run_id])), None)


def get_many(db: Database, run_ids: Iterable[int]) -> list[Run]:
    """The runs with these ids that are there and not in the trash, in the order of the ids."""
    ids = list(run_ids)
    rows = db.query(
        f"SELECT {RUN_COLUMNS} FROM runs WHERE trashed_at IS NULL AND id IN (SELECT value FROM json_each(?))",
        [json.dumps(ids)],
    )
    runs_by_id = {row["id"]: from_row(row) for row in rows}
    return [runs_by_id[run_id] for run_id in ids if run_id in runs_by_id]


def comparable(db: Database, run: Run, owner: str, limit: int) -> list[Run]:
    """The owner's other runs on the same dataset that have epochs; first those before this one, the newest first."""
    rows = db.query(
        f"SELECT {RUN_COLUMNS} FROM runs WHERE id != :run AND dataset = :dataset AND owner = :owner AND epoch > 0"
        " AND trashed_at IS NULL ORDER BY id > :run, id DESC LIMIT :limit",
        {"run": run.id, "dataset": run.dataset, "owner": owner, "limit": limit},
    )
    return list(map(from_row, rows))


def newest(db: Database, limit: int = 20, owner: str | None = None) -> list[Run]:
    """The newest runs that are not in the trash, newest first; with `owner`, those of this owner."""
    rows = db.query(
        f"SELECT {RUN_COLUMNS} FROM runs WHERE trashed_at IS NULL{_of_owner(owner)} ORDER BY id DESC LIMIT :limit",
        {"limit": limit, "owner": owner},
    )
    return [from_row(row) for row in rows]


def owners(db: Database, run_ids: Iterable[int]) -> dict[int, str]:
    """The owner of each of these runs, in their order, empty for a run without one; missing runs are left out."""
    ids = list(run_ids)
    rows = db.query("SELECT id, owner FROM runs WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(ids)])
    owners_by_id = {row["id"]: row["owner"] for row in rows}
    return {run_id: owners_by_id[run_id] for run_id in ids if run_id in owners_by_id}


def _of_owner(owner: str | None) -> str:
    return "" if owner is None else " AND owner = :owner"


def listed_after(db: Database, run_id: int, limit: int) -> list[Run]:
    """The runs with higher ids than this one, in the order of their ids; none of the trash."""
    rows = db.query(
        f"SELECT {RUN_COLUMNS} FROM runs WHERE trashed_at IS NULL AND id > ? ORDER BY id LIMIT ?", [run_id, limit]
    )
    return [from_row(row) for row in rows]


def under_way(db: Database, max_waiting: int) -> list[Run]:
    """The runs in training, and the first `max_waiting` of those that wait, in order; none of the trash."""
    rows = db.query(
        f"SELECT {RUN_COLUMNS} FROM runs WHERE trashed_at IS NULL AND (status = 'running' OR id IN ("
        " SELECT id FROM runs WHERE status = 'queued' AND trashed_at IS NULL ORDER BY id LIMIT ?))"
        " AND status IN ('queued', 'running') ORDER BY status DESC, id",
        [max_waiting],
    )
    return [from_row(row) for row in rows]


def rename(db: Database, run_id: int, name: str) -> None:
    """Give a run another name; the text was validated by its caller."""
    db.execute("UPDATE runs SET name = ? WHERE id = ?", [name, run_id])


def annotate(db: Database, run_id: int, note: str) -> None:
    """Replace a run's note."""
    db.execute("UPDATE runs SET note = ? WHERE id = ?", [note, run_id])


def star(db: Database, run_id: int, starred: bool) -> None:
    """Star a run, or remove its star."""
    db.execute("UPDATE runs SET starred = ? WHERE id = ?", [int(starred), run_id])


def in_trash(db: Database, run_ids: Iterable[int]) -> dict[int, bool]:
    """Whether each of these runs is in the trash; those that do not exist are left out."""
    ids = list(run_ids)
    rows = db.query(
        "SELECT id, trashed_at IS NOT NULL AS trashed FROM runs WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(ids)],
    )
    trashed = {row["id"]: bool(row["trashed"]) for row in rows}
    return {run_id: trashed[run_id] for run_id in ids if run_id in trashed}


def trash(db: Database, run_ids: Iterable[int], now: float | None = None) -> None:
    """Move runs to the trash; those that wait or train are stopped."""
    ids = json.dumps(list(run_ids))
    with transaction(db):
        db.execute(
            "UPDATE runs SET status = 'stopped', ended_at = :now WHERE status = 'queued'"
            " AND id IN (SELECT value FROM json_each(:ids))",
            {"now": now or time.time(), "ids": ids},
        )
        db.execute(
            "UPDATE runs SET trashed_at = :now, cancel_requested = (status = 'running')"
            " WHERE trashed_at IS NULL AND id IN (SELECT value FROM json_each(:ids))",
            {"now": now or time.time(), "ids": ids},
        )


def restore(db: Database, run_ids: Iterable[int]) -> None:
    """Take runs out of the trash."""
    db.execute(
        "UPDATE runs SET trashed_at = NULL WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(list(run_ids))],
    )


def trashed(db: Database, limit: int = 500) -> list[Run]:
    """The runs in the trash, the last one that was moved there first."""
    rows = db.query(
        f"SELECT {RUN_COLUMNS} FROM runs WHERE trashed_at IS NOT NULL ORDER BY trashed_at DESC, id DESC LIMIT ?",
        [limit],
    )
    return [from_row(row) for row in rows]


def trashed_count(db: Database) -> int:
    """How many runs are in the trash."""
    return int(db.execute("SELECT count(*) FROM runs WHERE trashed_at IS NOT NULL").fetchone()[0])


def purge(db: Database, run_ids: Iterable[int]) -> list[int]:
    """Delete ended runs of the trash permanently, with their epochs; return the deleted ids.

    Their files stay: see `remove_networks`.
    """
    rows = db.query(
        "DELETE FROM runs WHERE trashed_at IS NOT NULL AND status NOT IN ('queued', 'running')"
        " AND id IN (SELECT value FROM json_each(?)) RETURNING id",
        [json.dumps(list(run_ids))],
    )
    return [row["id"] for row in rows]


def remove_networks(run_ids: Iterable[int]) -> None:
    """Remove the folders of purged runs, with their networks, snapshots and checkpoints.

    A folder that is not there or cannot be removed is left alone.
    """
    for run_id in run_ids:
        shutil.rmtree(models_folder() / run_name(run_id), ignore_errors=True)


def remove_leftovers(run_ids: Iterable[int]) -> None:
    """Remove what ended runs need no longer: checkpoints and unfinished files, and a folder that is empty then."""
    for run_id in run_ids:
        folder = models_folder() / run_name(run_id)
        for path in (*folder.glob("checkpoint-*.safetensors"), *folder.glob(".*")):
            with suppress(OSError):
                path.unlink()
        with suppress(OSError):
            folder.rmdir()


def remove_all_leftovers(db: Database) -> None:
    """Remove what runs have left that ended while nobody could remove it: those whose row still has a checkpoint."""
    ended = "checkpoint IS NOT NULL AND status NOT IN ('queued', 'running')"
    ids = [row["id"] for row in db.query(f"SELECT id FROM runs WHERE {ended}")]
    remove_leftovers(ids)
    if ids:
        with transaction(db):
            db.execute(f"UPDATE runs SET checkpoint = NULL WHERE {ended}")


def snapshots(db: Database, run_id: int, member: int = 0) -> dict[int, str]:
    """The kept snapshots of a member: epoch to file (relative to the data folder), in order."""
    rows = db.query("SELECT epoch, file FROM snapshots WHERE run = ? AND member = ? ORDER BY epoch", [run_id, member])
    return {row["epoch"]: row["file"] for row in rows}


def snapshots_by_member(db: Database, run_id: int) -> dict[int, dict[int, str]]:
    """The kept snapshots of all members that have any, in order: member to epoch to file, as in `snapshots`."""
    saved: dict[int, dict[int, str]] = {}
    rows = db.query("SELECT member, epoch, file FROM snapshots WHERE run = ? ORDER BY member, epoch", [run_id])
    for row in rows:
        saved.setdefault(row["member"], {})[row["epoch"]] = row["file"]
    return saved
