"""The rows of learning curves as JSON holds them, and the best epoch among them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

COLUMNS = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy")
DEVIATIONS = ("loss_sd", "accuracy_sd", "val_loss_sd", "val_accuracy_sd")

Columns = Mapping[str, Sequence[float | None]]
"""The epochs of one run: `COLUMNS` as lists or arrays of one length, None where a value is missing.

Where they are means, `DEVIATIONS` may stand beside them, and are drawn as bands.
"""

DIGITS = 6


def column_names(columns: Columns) -> tuple[str, ...]:
    """The names of the columns that these rows have, in order."""
    return (*COLUMNS, *(name for name in DEVIATIONS if name in columns))


def rows(columns: Columns, start: int = 0) -> dict[str, list[float | None]]:
    """The rows from `start` on as JSON can hold them: what is missing or not finite is None."""
    return {name: [plain(value) for value in columns[name][start:]] for name in column_names(columns)}


def plain(value: float | None) -> float | None:
    """A value as JSON can hold it, with `DIGITS` significant digits; None where it is missing or not finite."""
    if value is None or not math.isfinite(value):
        return None
    return int(value) if isinstance(value, int) else float(f"{value:.{DIGITS}g}")


def best_epoch(columns: Columns) -> int | None:
    """The epoch with the highest validation accuracy (training accuracy where nothing validates).

    Of equals it is the one with the lower loss, then the earliest, as in the store.
    """
    prefix = "val_" if any(value is not None for value in columns["val_accuracy"]) else ""
    rows = zip(columns[f"{prefix}accuracy"], columns[f"{prefix}loss"], columns["epoch"], strict=True)
    ranked = [
        (-accuracy, float("inf") if loss is None else loss, epoch)
        for accuracy, loss, epoch in rows
        if accuracy is not None and epoch is not None
    ]
    return int(min(ranked)[2]) if ranked else None
