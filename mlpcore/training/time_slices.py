"""Cutting long work into pieces of a fraction of a second, so that it can report and be stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

PIECE_SECONDS = 0.15


def pieces(
    total: int, first_size: int = 8, clock: Callable[[], float] = time.perf_counter
) -> Iterator[tuple[int, int]]:
    """Ranges (first, behind) that cover 0 to `total`; their size follows from how long the last one took.

    The work is done between two values.
    """
    done, size = 0, first_size
    while done < total:
        behind = min(total, done + size)
        started = clock()
        yield done, behind
        seconds = clock() - started
        if behind - done == size:
            size = max(1, round(size * min(4.0, max(0.25, PIECE_SECONDS / max(seconds, 1e-6)))))
        done = behind
