"""Lists of runs, sorted, filtered and page by page, and their thinned curves, all from summaries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlite_utils import Database

from mlpcore.spec.choices import STATUSES
from mlpcore.store.kept_metrics import KEPT_METRICS, RUN_COLUMNS
from mlpcore.store.run_record import LATEST, METRICS, Run, from_row, possible_or_null

_FAILED = "status NOT IN ('queued', 'running', 'finished', 'stopped')"
"""Failed and diverged runs, and those whose status is damaged, which are read as failed."""
GROUP = f"(CASE WHEN {_FAILED} THEN 2 WHEN validated = 0 THEN 1 ELSE 0 END)"
"""Runs with a validation set first, then those without one; failed and diverged ones last, whatever the order."""

_ENDED_FIRST = " CASE status WHEN 'finished' THEN 0 WHEN 'stopped' THEN 1 WHEN 'running' THEN 2 ELSE 3 END,"
"""Among runs without a value, as those without a validation set: finished runs, then those that were stopped."""

_ROWS_AT_A_TIME = 500

_PLAIN = ("id", "batch_size", "starred", "members")
_METRICS = (
    "accuracy", "loss", "val_accuracy", "val_loss", "best_accuracy", "best_loss", "best_val_accuracy", "best_val_loss",
    "test_accuracy", "test_loss",
)  # fmt: skip
_POSSIBLE = {
    "learning_rate": "learning_rate > 0 AND learning_rate < 9e999",
    "parameters": "parameters > 0",
    "seconds": "seconds >= 0 AND seconds < 9e999",
    "created_at": f"created_at BETWEEN 0 AND {LATEST}",
}
"""When the value of a column can be that of a run; 9e999 is infinity."""
_TEXTS = ("name", "note", "dataset", "activation", "optimizer", "device")
_STATUS_ORDER = " ".join(f"WHEN '{status}' THEN {index}" for index, status in enumerate(STATUSES))

SORT_COLUMNS: dict[str, str] = {
    **{column: column for column in _PLAIN},
    **{column: possible_or_null(column) for column in _METRICS},
    **{f"kept_{metric}": possible_or_null(sql, f"kept_{metric}") for metric, sql in KEPT_METRICS.items()},
    **{column: f"(CASE WHEN {condition} THEN {column} END)" for column, condition in _POSSIBLE.items()},
    **{column: f"NULLIF({column}, '') COLLATE NOCASE" for column in _TEXTS},
    # "128-64" by its depth, then by its first layer; a network without hidden layers is written "0".
    "layers": "CASE layers WHEN '0' THEN 0"
    " ELSE 1e6 * (1 + length(layers) - length(replace(layers, '-', ''))) + CAST(layers AS INTEGER) END",
    "dropout": "CAST(dropout AS REAL)",
    "epochs": "(CASE WHEN epoch BETWEEN 0 AND epochs THEN epoch END)",
    "status": f"CASE status {_STATUS_ORDER} END",
}
"""The columns by which lists can be sorted, and the SQL expression for each: NULL for a value that no run can have."""


@dataclass(frozen=True)
class Query:
    """Filters, order and page of a list. Empty filters match all runs; `text` is searched in names, notes, settings.

    `owner`, a visitor's id, is a secret: an address says that the list is limited to one's own runs, never whose.
    """

    datasets: Sequence[str] = ()
    statuses: Sequence[str] = ()
    text: str = ""
    starred: bool = False
    owner: str | None = field(default=None, repr=False)
    order: str = "best_val_accuracy"
    descending: bool = True
    limit: int = 100
    offset: int = 0


def page(db: Database, query: Query) -> list[Run]:
    """The runs of one page, in order: failed and diverged ones last, and runs without a value after those with one.

    In an order by a validation metric, runs without a validation set come after those with one: finished ones first,
    then those that were stopped.
    """
    return list(_ordered(db, query))


def all_runs(db: Database, query: Query) -> Iterator[Run]:
    """The runs of all pages, in the same order, one at a time: there may be more than fit into memory."""
    return _ordered(db, replace(query, limit=-1, offset=0))


def _ordered(db: Database, query: Query) -> Iterator[Run]:
    ids = _ordered_ids(db, query)
    for first in range(0, len(ids), _ROWS_AT_A_TIME):
        chunk = ids[first : first + _ROWS_AT_A_TIME]
        rows = db.query(
            f"SELECT {RUN_COLUMNS} FROM runs WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(chunk)]
        )
        runs_by_id = {row["id"]: from_row(row) for row in rows}
        yield from (runs_by_id[run_id] for run_id in chunk if run_id in runs_by_id)


def _ordered_ids(db: Database, query: Query) -> list[int]:
    if query.order not in SORT_COLUMNS:
        raise ValueError(f"cannot sort by {query.order!r}")
    where, values = _where(query)
    direction = "DESC" if query.descending else "ASC"
    rows = db.execute(
        f"SELECT id FROM runs WHERE {where} ORDER BY {_group(query)}, {_nulls_last(query)}"
        f"{SORT_COLUMNS[query.order]} {direction},{_ENDED_FIRST if 'val_' in query.order else ''} id DESC"
        " LIMIT :limit OFFSET :offset",
        {**values, "limit": query.limit, "offset": query.offset},
    )
    return [row[0] for row in rows]


def count(db: Database, query: Query) -> int:
    """The number of matching runs, on all pages."""
    where, values = _where(query)
    return int(db.execute(f"SELECT count(*) FROM runs WHERE {where}", values).fetchone()[0])


def ranks(db: Database, query: Query, run_ids: Iterable[int]) -> dict[int, int]:
    """The ranks of these runs among all matching runs, counted from 1, by a validation metric.

    Failed and diverged runs, and those without a validation set or a value, have none.
    """
    if query.order not in SORT_COLUMNS:
        raise ValueError(f"cannot rank by {query.order!r}")
    where, values = _where(query)
    value = SORT_COLUMNS[query.order]
    rows = db.query(
        f"""
        SELECT id, rank FROM (
            SELECT id, row_number() OVER (ORDER BY {value} DESC, id DESC) AS rank FROM runs
            WHERE {where} AND {GROUP} = 0 AND {value} IS NOT NULL
        ) WHERE id IN (SELECT value FROM json_each(:ids))
        """,
        {**values, "ids": json.dumps(list(run_ids))},
    )
    return {row["id"]: row["rank"] for row in rows}


def ranks_of_page(query: Query, listed: Sequence[Run]) -> dict[int, int]:
    """The same ranks for the runs of the page that `query` itself lists, best first: no other row is looked at."""
    ranked = [run for run in listed if run.validated and run.status not in ("failed", "diverged")]
    with_value = [run for run in ranked if getattr(run, query.order) is not None]
    return {run.id: query.offset + index for index, run in enumerate(with_value, start=1)}


def datasets_with_runs(db: Database) -> list[str]:
    """The datasets that runs outside the trash were trained on."""
    rows = db.execute("SELECT DISTINCT dataset FROM runs WHERE trashed_at IS NULL ORDER BY dataset")
    return [row[0] for row in rows]


def list_token(db: Database) -> str:
    """A text that changes when a list of runs has other rows: one was added, started, ended, trashed or restored."""
    listed, newest = db.execute("SELECT count(*), max(id) FROM runs WHERE trashed_at IS NULL").fetchone()
    rows = db.execute("SELECT id, status FROM runs WHERE status IN ('queued', 'running') ORDER BY id")
    under_way = " ".join(f"{run}{status[0]}" for run, status in rows)
    return hashlib.sha256(f"{listed} {newest} {under_way}".encode()).hexdigest()[:16]


def progress_token(db: Database) -> str:
    """A text that changes with `list_token`, and when a run ends an epoch: "TOKEN 12r3" while run 12 is after epoch 3.

    The browser writes the same of what the stream tells it (`overview_stream.js`).
    """
    rows = db.execute("SELECT id, epoch FROM runs WHERE status = 'running' AND trashed_at IS NULL ORDER BY id")
    return " ".join([list_token(db), *(f"{run}r{epoch}" for run, epoch in rows)])


def sparklines(db: Database, run_ids: Iterable[int], points: int = 25) -> dict[int, list[float]]:
    """For each run at most `points` validation accuracies (training ones without a validation set), evenly spread.

    The last epoch is always among them. Means over members.
    """
    lines: dict[int, list[float]] = {}
    value = f"COALESCE({possible_or_null('e.val_accuracy')}, {possible_or_null('e.accuracy')}) AS value"
    for row in _thinned(db, value, run_ids, points):
        if row["value"] is not None:
            lines.setdefault(row["run"], []).append(row["value"])
    return lines


def curves(db: Database, run_ids: Iterable[int], points: int = 250) -> dict[int, list[dict[str, Any]]]:
    """For each run at most `points` of its epochs, evenly spread and in order; the last is always among them.

    Means over members: epoch, loss, accuracy, val_loss, val_accuracy, and their deviations as `loss_sd` and so on,
    None for a single network.
    """
    names = [f"{name}{suffix}" for name in METRICS for suffix in ("", "_sd")]
    columns = ", ".join(f"{possible_or_null(f'e.{name}')} AS {name}" for name in names)
    curves_of_runs: dict[int, list[dict[str, Any]]] = {}
    for row in _thinned(db, columns, run_ids, points):
        curves_of_runs.setdefault(row.pop("run"), []).append(row)
    return curves_of_runs


def _thinned(db: Database, columns: str, run_ids: Iterable[int], points: int) -> Iterator[dict[str, Any]]:
    """The run, the epoch and the `columns` of at most `points` epochs of each run, in order.

    Each row is looked up by its primary key, so a run of a thousand epochs or of a hundred members takes no longer than
    one of thirty epochs: the time is proportional to `points`.
    """
    rows: Iterator[dict[str, Any]] = db.query(
        f"""
        WITH RECURSIVE
            spread (run, epoch, stride) AS (
                SELECT id, epoch, max(1, (epoch + :points - 1) / :points)
                FROM runs WHERE id IN (SELECT value FROM json_each(:ids))
                UNION ALL SELECT run, epoch - stride, stride FROM spread WHERE epoch > stride
            )
        SELECT s.run AS run, s.epoch AS epoch, {columns} FROM spread AS s
        CROSS JOIN epoch_summaries AS e ON e.run = s.run AND e.epoch = s.epoch
        ORDER BY s.run, s.epoch
        """,
        {"ids": json.dumps(list(run_ids)), "points": points},
    )
    return rows


def _group(query: Query) -> str:
    if "val_" in query.order:
        return GROUP
    return f"({_FAILED})"


def _nulls_last(query: Query) -> str:
    # SQLite puts NULL last in descending order anyway, and another expression would keep the index from being used.
    return "" if query.descending else f"{SORT_COLUMNS[query.order]} IS NULL, "


def _where(query: Query) -> tuple[str, dict[str, Any]]:
    conditions = ["trashed_at IS NULL"]
    values: dict[str, Any] = {}
    for column, allowed in (("dataset", query.datasets), ("status", query.statuses)):
        if allowed:
            conditions.append(f"{column} IN (SELECT value FROM json_each(:{column}))")
            values[column] = json.dumps(list(allowed))
    if query.starred:
        conditions.append("starred = 1")
    if query.owner is not None:
        conditions.append("owner = :owner")
        values["owner"] = query.owner
    for index, word in enumerate(query.text.split()[:10]):
        values[f"word{index}"] = f"%{_escaped(word)}%"
        conditions.append(
            "(name || ' ' || note || ' ' || dataset || ' ' || layers || ' ' || activation || ' ' || optimizer"
            f" || ' #' || id || ' ' || COALESCE(device, '')) LIKE :word{index} ESCAPE '!'"
        )
    return " AND ".join(conditions), values


def _escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
