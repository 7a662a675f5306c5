"""The rows of an epoch: one for each network that trained in it, and a summary over all networks of the run."""

from __future__ import annotations

import math

from sqlite_utils import Database

from mlpcore.events import EpochEnd, deviation

METRICS = ("loss", "accuracy", "val_loss", "val_accuracy")


def summary(event: EpochEnd) -> dict[str, float | None]:
    """An epoch's means over the members, and as `loss_sd` and so on their sample standard deviations.

    A mean that is not finite is None. A deviation is None without a mean, and where fewer than two members have one.
    """
    means = event.mean
    told = {name: finite(getattr(means, name)) for name in METRICS}
    for name in METRICS:
        values = [getattr(member, name) for member in event.members if member is not None]
        told[f"{name}_sd"] = deviation(values) if told[name] is not None else None
    return told


def add(db: Database, run_id: int, event: EpochEnd, told: dict[str, float | None]) -> bool:
    """Add the rows of an epoch that are not there yet; whether it is new. `told` is its `summary`."""
    rates = event.member_rates or [event.learning_rate] * len(event.members)
    db.conn.executemany(
        "INSERT INTO epochs (run, member, epoch, loss, accuracy, val_loss, val_accuracy, seconds, learning_rate)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            [run_id, member, event.epoch, *(finite(getattr(m, name)) for name in METRICS), event.seconds, rate]
            for member, (m, rate) in enumerate(zip(event.members, rates, strict=True))
            if m is not None and member not in event.resting
        ],
    )
    added = db.execute(
        "INSERT INTO epoch_summaries (run, epoch, loss, accuracy, val_loss, val_accuracy, loss_sd, accuracy_sd,"
        " val_loss_sd, val_accuracy_sd, seconds, learning_rate) VALUES (:run, :epoch, :loss, :accuracy, :val_loss,"
        " :val_accuracy, :loss_sd, :accuracy_sd, :val_loss_sd, :val_accuracy_sd, :seconds, :learning_rate)"
        " ON CONFLICT DO NOTHING",
        {"run": run_id, "epoch": event.epoch, "seconds": event.seconds, "learning_rate": event.learning_rate, **told},
    )
    return added.rowcount > 0


def finite(value: float | None) -> float | None:
    """The value, or None where it is no finite number."""
    return value if value is not None and math.isfinite(value) else None
