"""Waiting in tests for what another thread or process does, however slow or busy the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable

DEADLINE_SECONDS = 240.0
"""Only a test that fails waits this long: far longer than anything takes on a slow, busy machine, and shorter than
pytest's own time limit, so that the failure says what did not happen."""


def wait_until(condition: Callable[[], object], seconds: float = DEADLINE_SECONDS) -> None:
    """Return as soon as `condition()` is true; AssertionError where it is not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
