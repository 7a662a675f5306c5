"""How often pages may run by themselves, so that all of them together never take more than a share of one core.

Streamlit does not slow down when its scripts need more than a core: it collapses. Pages that draw themselves again
without a visitor (where no stream passes, and lists that have changed) therefore measure what a run costs, and the
interval grows with the sum of the costs of all sessions.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from mlpcore.ui.shell.browser import session_id

SHARE = 0.3
"""The share of one core that all runs together may take."""
OVERHEAD = 2.5
"""What Streamlit adds to a run, as a factor of the measured part: it prepares the run and sends the result."""
FORGOTTEN_AFTER = 3
"""After this many intervals without a run, a session no longer counts."""
_MIN_MEMORY = 10.0  # seconds
_WEIGHT = 0.3  # of the newest cost in the mean of a session's costs


class TickBudget:
    """The costs of the runs of all sessions; thread-safe. Times are in seconds of one monotonic clock."""

    def __init__(self, share: float = SHARE) -> None:
        self._share = share
        self._lock = threading.Lock()
        self._costs: dict[str, float] = {}
        self._seen: dict[str, float] = {}

    def record(self, session: str, cost: float, now: float) -> None:
        """Record that a run of a session has taken `cost` seconds of processor time."""
        with self._lock:
            known = self._costs.get(session, cost)
            self._costs[session] = known + _WEIGHT * (cost - known)
            self._seen[session] = now

    def interval(self, minimum: float, now: float) -> float:
        """Seconds from one run of a session to its next: at least `minimum`, more where many sessions run."""
        with self._lock:
            interval = self._sum() / self._share
            memory = max(_MIN_MEMORY, FORGOTTEN_AFTER * interval)
            for session in [name for name, seen in self._seen.items() if now - seen > memory]:
                del self._costs[session], self._seen[session]
            return max(minimum, self._sum() / self._share)

    def _sum(self) -> float:
        return sum(self._costs.values())

    @contextmanager
    def measured(self, session: str) -> Iterator[None]:
        """Record what the block costs, which draws what one run of a session draws."""
        started = time.thread_time()
        try:
            yield
        finally:
            self.record(session, OVERHEAD * (time.thread_time() - started), time.monotonic())

    def seconds(self, minimum: float) -> float:
        """The interval as of now."""
        return self.interval(minimum, time.monotonic())


BUDGET = TickBudget()
"""The budget of this server."""


def note_tick(key: str) -> None:
    """Note that the next run of what has this key was caused by no visitor."""
    st.session_state[f"tick.{key}"] = True


@contextmanager
def measured_tick(key: str) -> Iterator[None]:
    """Record what the block costs if `note_tick` was called before; what a visitor causes is not counted."""
    if not st.session_state.pop(f"tick.{key}", False):
        yield
        return
    with BUDGET.measured(f"{session_id()} {key}"):
        yield
