"""Sending a chart only the epochs that are new; the browser's half is `row_updates.js`.

A first message holds everything, under the name of a new base. The later ones name that base and hold the newest
rows. Streamlit drops a message when the next one for the same component overtakes it, so each row is sent a few times;
a browser that lacks more than that, or does not know the base, requests everything again.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlpcore.live.curve_rows import Columns, column_names, plain, rows

REPEATS = 4


@dataclass(frozen=True)
class Sent:
    """What a session has sent to one chart: under which base, and how many rows at each of the last sends."""

    base: str
    fixed: object
    counts: tuple[int, ...]
    last_row: tuple[float | None, ...]


def next_message(
    sent: Sent | None, columns: Columns, fixed: object, whole: Mapping[str, Any]
) -> tuple[Sent, dict[str, Any]]:
    """The message that brings a browser up to date, and what has been sent with it.

    `whole` is what goes with a base beside the rows; `fixed` is equal as long as it means the same.
    """
    count = len(columns["epoch"])
    if sent is None or sent.fixed != fixed or not _continues(sent, columns, count):
        base = secrets.token_hex(4)
        message = {"base": base, "whole": {**whole, "columns": rows(columns)}, "from": count, "rows": {}}
        return Sent(base, fixed, (count,), _row(columns, count)), message
    start = sent.counts[0]
    counts = (*sent.counts, count)[-REPEATS:]
    message = {"base": sent.base, "from": start, "rows": rows(columns, start)}
    return Sent(sent.base, fixed, counts, _row(columns, count)), message


def _continues(sent: Sent, columns: Columns, count: int) -> bool:
    """Whether `columns` still begin with what was sent: a run may have been started anew."""
    return count >= sent.counts[-1] and _row(columns, sent.counts[-1]) == sent.last_row


def _row(columns: Columns, number: int) -> tuple[float | None, ...]:
    """The row with this number, counted from 1; empty for 0."""
    return tuple(plain(columns[name][number - 1]) for name in column_names(columns)) if number else ()
