"""The settings of this server, from environment variables: who may change runs, and how much a visitor may ask for.

A visitor at the server's own machine has no limits.
"""

from __future__ import annotations

import math
import os

DEFAULT_RUN_MINUTES = 120
DEFAULT_WAITING = 20


def open_to_all() -> bool:
    """Whether all visitors may change the runs of all others: `MLPCORE_OPEN` is `1`."""
    return os.environ.get("MLPCORE_OPEN", "").strip() == "1"


def max_run_seconds() -> float:
    """The longest estimated time of a visitor's run, in seconds: `MLPCORE_MAX_RUN_MINUTES`, a number above 0."""
    return 60 * _positive("MLPCORE_MAX_RUN_MINUTES", DEFAULT_RUN_MINUTES)


def max_waiting_runs() -> int:
    """How many runs of one visitor may wait at the same time: `MLPCORE_MAX_WAITING`, a number from 1 on."""
    return int(max(1, min(10**6, _positive("MLPCORE_MAX_WAITING", DEFAULT_WAITING))))


def _positive(name: str, default: float) -> float:
    """The number above 0 that an environment variable holds, `default` for anything else."""
    try:
        value = float(os.environ.get(name, ""))
    except ValueError:
        return default
    return value if 0 < value < math.inf else default
