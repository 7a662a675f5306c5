"""What a dashboard does for its workers: show that it is there, and start their pool where none lives.

The pool is a process of its own that outlives this one. Nothing here loads an engine.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import threading
import time
from contextlib import suppress

from mlpcore.errors import StoreError
from mlpcore.store import liveness
from mlpcore.store.connection import opened
from mlpcore.workers import background
from mlpcore.workers.capacity import worker_count
from mlpcore.workers.dashboards import SHOW_SECONDS
from mlpcore.workers.lock import pool_lives

POOL = ("-m", "mlpcore", "worker", "--for-dashboard")
MAX_PAUSE_SECONDS = 60.0

_started = threading.Lock()


def keep_workers() -> None:
    """From now on, until this process ends, keep a pool of workers alive. Cheap, silent, and once is enough.

    Where the user wants no workers, nothing is done.
    """
    if worker_count() > 0 and _started.acquire(blocking=False):
        threading.Thread(target=_keep, name="keep-workers", daemon=True).start()


def _keep() -> None:
    dashboard = f"{socket.gethostname()}-{os.getpid()}"
    atexit.register(_say_goodbye, dashboard)
    starter = PoolStarter()
    while True:
        with suppress(StoreError), opened() as db:
            liveness.dashboard_seen(db, dashboard)
        starter.look()
        time.sleep(SHOW_SECONDS)


def _say_goodbye(dashboard: str) -> None:
    with suppress(StoreError), opened() as db:
        liveness.dashboard_gone(db, dashboard)


class PoolStarter:
    """Starts the pool of the data folder where none lives, and waits ever longer where it does not stay."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._pause = SHOW_SECONDS

    def look(self) -> None:
        """Start the pool if that is due."""
        if self._process is not None and self._process.poll() is None:
            return
        lived = time.monotonic() - self._started_at
        if self._process is not None and lived < self._pause:
            return
        with suppress(OSError):
            if pool_lives():
                return
            self._pause = min(MAX_PAUSE_SECONDS, 2 * self._pause) if lived < 2 * MAX_PAUSE_SECONDS else SHOW_SECONDS
            self._started_at = time.monotonic()
            self._process = background.start(POOL, log="pool", session=True)
