"""Whether a dashboard still needs the workers."""

from __future__ import annotations

import time
from contextlib import suppress

from mlpcore.errors import StoreError
from mlpcore.store import liveness
from mlpcore.store.link import StoreLink

SHOW_SECONDS = 3.0
"""A dashboard shows itself so often."""
FRESH_SECONDS = 9.0
GRACE_SECONDS = 12.0
"""So long workers wait for the next dashboard: a restart finds them warm."""
LOOK_SECONDS = 2.0


class NeededByDashboards:
    """Says, when called, whether a dashboard was there within the last seconds; looks into the store now and then."""

    def __init__(self, fresh: float = FRESH_SECONDS, grace: float = GRACE_SECONDS) -> None:
        self._fresh, self._grace = fresh, grace
        self._link = StoreLink()
        self._there_at = time.monotonic()
        self._looked_at = 0.0

    def __call__(self) -> bool:
        """Whether to go on serving the queue."""
        now = time.monotonic()
        if now - self._looked_at > min(LOOK_SECONDS, self._grace / 2):
            self._looked_at = now
            with suppress(StoreError):
                if self._link(lambda db: liveness.any_dashboard(db, self._fresh)):
                    self._there_at = now
        return now - self._there_at < self._grace
