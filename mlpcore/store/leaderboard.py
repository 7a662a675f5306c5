"""Lists of runs: sorted, filtered, a page at a time, from summary columns alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from mlpcore.store.runs import Run, from_row

GROUP = "(CASE WHEN status IN ('failed', 'diverged') THEN 2 WHEN validated = 0 THEN 1 ELSE 0 END)"
"""Runs with a validation set first, then those without one; failed and diverged ones last, whatever the order."""

SORT_COLUMNS = (
    "id", "name", "dataset", "layers", "activation", "optimizer", "learning_rate", "dropout", "batch_size", "epochs",
    "parameters", "accuracy", "loss", "val_accuracy", "val_loss", "best_accuracy", "best_loss", "best_val_accuracy",
    "best_val_loss", "test_accuracy", "test_loss", "seconds", "device", "status", "created_at", "starred",
)  # fmt: skip


@dataclass(frozen=True)
class Query:
    """What a list shows. Empty filters let everything through; `text` is looked for in names, notes and settings."""

    datasets: Sequence[str] = ()
    statuses: Sequence[str] = ()
    text: str = ""
    starred: bool = False
    order: str = "best_val_accuracy"
    descending: bool = True
    limit: int = 100
    offset: int = 0


def page(db: Database, query: Query) -> list[Run]:
    """The runs of one page, in order; failed and diverged ones last.

    Runs without a validation set stand behind those with one where validation figures give the order.
    """
    if query.order not in SORT_COLUMNS:
        raise ValueError(f"cannot sort by {query.order!r}")
    where, values = _where(query)
    direction = "DESC" if query.descending else "ASC"
    rows = db.query(
        f"SELECT * FROM runs WHERE {where} ORDER BY {_group(query)}, {_nulls_last(query)}"
        f"{query.order} {direction}, id DESC LIMIT :limit OFFSET :offset",
        {**values, "limit": query.limit, "offset": query.offset},
    )
    return [from_row(row) for row in rows]


def count(db: Database, query: Query) -> int:
    """How many runs the filters let through, on all pages."""
    where, values = _where(query)
    return int(db.execute(f"SELECT count(*) FROM runs WHERE {where}", values).fetchone()[0])


def sparklines(db: Database, run_ids: Iterable[int], points: int = 25) -> dict[int, list[float]]:
    """For each run at most `points` validation accuracies (training ones without a validation set), evenly spread.

    The last epoch is always among them. Means over members.
    """
    rows = db.query(
        """
        SELECT e.run AS run, avg(COALESCE(e.val_accuracy, e.accuracy)) AS value
        FROM json_each(:ids) AS wanted
        JOIN runs AS r ON r.id = wanted.value
        JOIN epochs AS e ON e.run = r.id
        WHERE (r.epoch - e.epoch) % max(1, (r.epoch + :points - 1) / :points) = 0
        GROUP BY e.run, e.epoch ORDER BY e.run, e.epoch
        """,
        {"ids": json.dumps(list(run_ids)), "points": points},
    )
    lines: dict[int, list[float]] = {}
    for row in rows:
        if row["value"] is not None:
            lines.setdefault(row["run"], []).append(row["value"])
    return lines


def curves(db: Database, run_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """For each run its epochs in order, as means over members: epoch, loss, accuracy, val_loss, val_accuracy."""
    rows = db.query(
        """
        SELECT run, epoch, avg(loss) AS loss, avg(accuracy) AS accuracy, avg(val_loss) AS val_loss,
            avg(val_accuracy) AS val_accuracy
        FROM epochs WHERE run IN (SELECT value FROM json_each(?)) GROUP BY run, epoch ORDER BY run, epoch
        """,
        [json.dumps(list(run_ids))],
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.pop("run"), []).append(row)
    return found


def _group(query: Query) -> str:
    if "val_" in query.order:
        return GROUP
    return "(status IN ('failed', 'diverged'))"


def _nulls_last(query: Query) -> str:
    # In descending order SQLite puts NULL last by itself, and only so can its index serve the default order.
    return "" if query.descending else f"{query.order} IS NULL, "


def _where(query: Query) -> tuple[str, dict[str, Any]]:
    conditions = ["trashed_at IS NULL"]
    values: dict[str, Any] = {}
    for column, wanted in (("dataset", query.datasets), ("status", query.statuses)):
        if wanted:
            conditions.append(f"{column} IN (SELECT value FROM json_each(:{column}))")
            values[column] = json.dumps(list(wanted))
    if query.starred:
        conditions.append("starred = 1")
    for index, word in enumerate(query.text.split()[:10]):
        values[f"word{index}"] = f"%{_escaped(word)}%"
        conditions.append(
            "(name || ' ' || note || ' ' || dataset || ' ' || layers || ' ' || activation || ' ' || optimizer"
            f" || ' #' || id || ' ' || COALESCE(device, '')) LIKE :word{index} ESCAPE '!'"
        )
    return " AND ".join(conditions), values


def _escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
