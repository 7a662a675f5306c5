"""One pool per data folder: the lock that it holds, the dashboards that start it, and how long they need it.

The pool is a process of its own that outlives the dashboard which started it. This module never loads an engine.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from mlpcore.errors import MLPLabError, StoreError
from mlpcore.machine import worker_count
from mlpcore.paths import data_folder
from mlpcore.store import liveness
from mlpcore.store.connection import StoreLink, opened
from mlpcore.workers import processes

POOL_COMMAND = ("-m", "mlpcore", "worker", "--for-dashboard")
LIVENESS_SECONDS = 3.0
"""How often a dashboard records that it is alive."""
ALIVE_SECONDS = 9.0
"""How long a dashboard counts as alive after it was last seen."""
GRACE_SECONDS = 12.0
"""How long workers stay without a dashboard: after a restart the next one finds them ready."""
CHECK_SECONDS = 2.0
MAX_PAUSE_SECONDS = 60.0

_started = threading.Lock()
_over = threading.Event()


class PoolRunsError(MLPLabError):
    """Another pool already serves this data folder."""


def lock_path() -> Path:
    """The file that a running pool holds locked."""
    return data_folder() / "workers.lock"


def pid_path() -> Path:
    """The file with the process id of a running pool."""
    return data_folder() / "workers.pid"


@contextlib.contextmanager
def sole_pool() -> Iterator[None]:
    """Hold the lock of this data folder's pool.

    Raises `PoolRunsError` where another pool holds it, and OSError where the folder is not writable.
    """
    data_folder().mkdir(parents=True, exist_ok=True)
    lock = FileLock(lock_path())
    try:
        lock.acquire(timeout=2)  # a dashboard that checks whether it is free holds it for a moment
    except Timeout as error:
        raise PoolRunsError(
            "Workers already serve {folder} (process {process}). Stop them first to start others.",
            folder=str(data_folder()),
            process=_pid(),
        ) from error
    try:
        pid_path().write_text(f"{os.getpid()}\n")
        yield
    finally:
        pid_path().unlink(missing_ok=True)
        lock.release()


def pool_runs() -> bool:
    """Whether a pool serves this data folder; OSError where the folder is missing or not writable."""
    lock = FileLock(lock_path())
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def _pid() -> str:
    with suppress(OSError):
        return pid_path().read_text().strip()
    return "?"


def keep_workers() -> None:
    """Keep a pool of workers alive from now on, until this process ends. Further calls do nothing.

    Does nothing where the user wants no workers. Prints nothing and raises nothing.
    """
    if not _started.locked() and worker_count() > 0 and _started.acquire(blocking=False):
        threading.Thread(target=_keep, name="keep-workers", daemon=True).start()


def _keep() -> None:
    atexit.register(release_workers)
    starter = PoolStarter()
    while not _over.is_set():
        with suppress(StoreError), opened() as db:
            liveness.dashboard_seen(db, _dashboard())
        starter.start_if_due()
        _over.wait(LIVENESS_SECONDS)


def release_workers() -> None:
    """Record that this dashboard has ended: without another one the pool ends too. Does nothing where it kept none."""
    if _started.locked() and not _over.is_set():
        _over.set()
        with suppress(StoreError), opened() as db:
            liveness.dashboard_gone(db, _dashboard())


def _dashboard() -> str:
    return f"{socket.gethostname()}-{os.getpid()}"


class PoolStarter:
    """Starts the pool of the data folder where none runs, with growing pauses where it does not stay alive."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._pause = LIVENESS_SECONDS

    def start_if_due(self) -> None:
        """Start the pool where none runs and the pause after the last start is over."""
        if self._process is not None and self._process.poll() is None:
            return
        age = time.monotonic() - self._started_at
        if self._process is not None and age < self._pause:
            return
        with suppress(OSError):
            if pool_runs():
                return
            if age < 2 * MAX_PAUSE_SECONDS:
                self._pause = min(MAX_PAUSE_SECONDS, 2 * self._pause)
            else:
                self._pause = LIVENESS_SECONDS
            self._started_at = time.monotonic()
            self._process = processes.start_process(POOL_COMMAND, log="pool", session=True)


class NeededByDashboards:
    """A function that returns whether a dashboard was alive within the last `grace` seconds.

    A dashboard is alive for `fresh` seconds after it was last seen. The store is queried only every few seconds.
    """

    def __init__(self, fresh: float = ALIVE_SECONDS, grace: float = GRACE_SECONDS) -> None:
        self._fresh, self._grace = fresh, grace
        self._link = StoreLink()
        self._alive_at = time.monotonic()
        self._checked_at = 0.0

    def __call__(self) -> bool:
        """Whether workers are still needed."""
        now = time.monotonic()
        if now - self._checked_at > min(CHECK_SECONDS, self._grace / 2):
            self._checked_at = now
            with suppress(StoreError):
                if self._link(lambda db: liveness.any_dashboard(db, self._fresh)):
                    self._alive_at = now
        return now - self._alive_at < self._grace
