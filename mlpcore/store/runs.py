"""Single runs: read, rename, note, star, trash and restore."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlite_utils import Database

from mlpcore.errors import RunNotFoundError
from mlpcore.i18n.messages import N_, Message
from mlpcore.spec import RunSpec
from mlpcore.spec.choices import ENDED


@dataclass(frozen=True)
class Run:
    """A row of `runs`. Times are seconds since 1970, accuracies 0 to 1; None is what is not known (yet).

    `loss` to `val_accuracy` belong to the last epoch, `best_*` to `best_epoch`, the test figures to the
    network that was kept (`kept_epoch`). `failure` says why a run stopped, diverged or failed.

    Where `members`, the number of networks, is above 1, figures are means over those that have not diverged, and
    `*_sd` are their sample standard deviations (None for fewer than two); `kept_epoch` and `model` are those of the
    first network with a result, and `stopped_early` says it of all.
    """

    id: int
    owner: str
    study: int | None
    spec_json: str
    name: str
    note: str
    starred: bool
    status: str
    created_at: float
    started_at: float | None
    ended_at: float | None
    trashed_at: float | None
    worker: str | None
    attempt: int
    cancel_requested: bool
    epoch: int
    step: int
    steps: int
    running_loss: float | None
    progress_at: float | None
    device: str | None
    engine: str | None
    versions: dict[str, str]
    failure: Message | None
    log: str
    dataset: str
    layers: str
    activation: str
    optimizer: str
    learning_rate: float
    dropout: str
    batch_size: int
    epochs: int
    parameters: int
    validated: bool
    members: int
    loss: float | None
    accuracy: float | None
    val_loss: float | None
    val_accuracy: float | None
    best_epoch: int | None
    best_loss: float | None
    best_accuracy: float | None
    best_val_loss: float | None
    best_val_accuracy: float | None
    test_loss: float | None
    test_accuracy: float | None
    kept_epoch: int | None
    stopped_early: bool
    seconds: float
    model: str | None
    accuracy_sd: float | None
    val_accuracy_sd: float | None
    best_accuracy_sd: float | None
    best_val_accuracy_sd: float | None
    test_accuracy_sd: float | None

    @cached_property
    def spec(self) -> RunSpec:
        """The settings that it was started with."""
        return RunSpec.from_stored(self.spec_json)

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.status in ENDED

    @property
    def title(self) -> str:
        """Its name, or what its network looks like: `#12 mnist 128-64 adam`."""
        return self.name or self.description

    @property
    def description(self) -> str:
        """What its network looks like: `#12 mnist 128-64 adam`."""
        return f"#{self.id} {self.dataset} {self.layers} {self.optimizer}"


_FIELDS = tuple(field.name for field in dataclasses.fields(Run))
_FLAGS = ("starred", "cancel_requested", "validated", "stopped_early")


def from_row(row: dict[str, Any]) -> Run:
    """The run of a row with all columns."""
    values = dict(row)
    values["spec_json"] = values.pop("spec")
    values["versions"] = json.loads(values["versions"] or "{}")
    message = values.pop("message")
    values["failure"] = Message.from_json(message) if message else None
    for flag in _FLAGS:
        values[flag] = bool(values[flag])
    return Run(**{name: values[name] for name in _FIELDS})


def get(db: Database, run_id: int) -> Run:
    """The run with this id; raises `RunNotFoundError`."""
    run = find(db, run_id)
    if run is None:
        raise RunNotFoundError(N_("There is no run {run}: it may have been deleted for good."), run=run_id)
    return run


def find(db: Database, run_id: int) -> Run | None:
    """The run with this id, or None."""
    return next((from_row(row) for row in db.query("SELECT * FROM runs WHERE id = ?", [run_id])), None)


def get_many(db: Database, run_ids: Iterable[int]) -> list[Run]:
    """The runs with these ids that are there and not in the trash, in the order of the ids."""
    ids = list(run_ids)
    rows = db.query(
        "SELECT * FROM runs WHERE trashed_at IS NULL AND id IN (SELECT value FROM json_each(?))", [json.dumps(ids)]
    )
    found = {row["id"]: from_row(row) for row in rows}
    return [found[run_id] for run_id in ids if run_id in found]


def previous(db: Database, run: Run) -> Run | None:
    """The newest run before this one, on the same dataset, that has epochs to show."""
    rows = db.query(
        "SELECT * FROM runs WHERE id < ? AND dataset = ? AND epoch > 0 AND trashed_at IS NULL ORDER BY id DESC LIMIT 1",
        [run.id, run.dataset],
    )
    return next(map(from_row, rows), None)


def newest(db: Database, limit: int = 20) -> list[Run]:
    """The newest runs that are not in the trash, newest first."""
    rows = db.query("SELECT * FROM runs WHERE trashed_at IS NULL ORDER BY id DESC LIMIT ?", [limit])
    return [from_row(row) for row in rows]


def with_network(db: Database, dataset: str | None = None, limit: int = 200) -> list[Run]:
    """Finished runs whose network was kept, the best first; of one dataset or of all."""
    rows = db.query(
        "SELECT * FROM runs WHERE status = 'finished' AND trashed_at IS NULL"
        " AND (:dataset IS NULL OR dataset = :dataset)"
        " ORDER BY validated DESC, COALESCE(best_val_accuracy, accuracy) DESC, id DESC LIMIT :limit",
        {"dataset": dataset, "limit": limit},
    )
    return [from_row(row) for row in rows]


def rename(db: Database, run_id: int, name: str) -> None:
    """Give a run another name; the text was validated by its caller."""
    db.execute("UPDATE runs SET name = ? WHERE id = ?", [name, run_id])


def annotate(db: Database, run_id: int, note: str) -> None:
    """Replace a run's note."""
    db.execute("UPDATE runs SET note = ? WHERE id = ?", [note, run_id])


def star(db: Database, run_id: int, starred: bool) -> None:
    """Star a run, or take its star away."""
    db.execute("UPDATE runs SET starred = ? WHERE id = ?", [int(starred), run_id])


def in_trash(db: Database, run_ids: Iterable[int]) -> dict[int, bool]:
    """Whether each of these runs lies in the trash; those that do not exist are left out."""
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
    with db.atomic():
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
    """The trash, the latest first."""
    rows = db.query(
        "SELECT * FROM runs WHERE trashed_at IS NOT NULL ORDER BY trashed_at DESC, id DESC LIMIT ?", [limit]
    )
    return [from_row(row) for row in rows]


def trashed_count(db: Database) -> int:
    """How many runs lie in the trash."""
    return int(db.execute("SELECT count(*) FROM runs WHERE trashed_at IS NOT NULL").fetchone()[0])


def purge(db: Database, run_ids: Iterable[int]) -> list[int]:
    """Delete ended runs of the trash for good, with their epochs; the ids deleted. Their files are the caller's."""
    rows = db.query(
        "DELETE FROM runs WHERE trashed_at IS NOT NULL AND status NOT IN ('queued', 'running')"
        " AND id IN (SELECT value FROM json_each(?)) RETURNING id",
        [json.dumps(list(run_ids))],
    )
    return [row["id"] for row in rows]


def snapshots(db: Database, run_id: int, member: int = 0) -> dict[int, str]:
    """The kept snapshots of a member: epoch to file (relative to the data folder), in order."""
    rows = db.query("SELECT epoch, file FROM snapshots WHERE run = ? AND member = ? ORDER BY epoch", [run_id, member])
    return {row["epoch"]: row["file"] for row in rows}


def snapshots_by_member(db: Database, run_id: int) -> dict[int, dict[int, str]]:
    """The kept snapshots of all members that have any, in order: member to epoch to file, as above."""
    saved: dict[int, dict[int, str]] = {}
    rows = db.query("SELECT member, epoch, file FROM snapshots WHERE run = ? ORDER BY member, epoch", [run_id])
    for row in rows:
        saved.setdefault(row["member"], {})[row["epoch"]] = row["file"]
    return saved
