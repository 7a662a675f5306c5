"""One pool a data folder: the lock that it holds while it lives, whoever started it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from mlpcore.errors import MLPLabError
from mlpcore.paths import data_folder


class PoolRunsError(MLPLabError):
    """Another pool already serves this data folder."""


def lock_path() -> Path:
    """The file that a living pool holds locked."""
    return data_folder() / "workers.lock"


def pid_path() -> Path:
    """The file with a living pool's process id."""
    return data_folder() / "workers.pid"


@contextlib.contextmanager
def sole_pool() -> Iterator[None]:
    """Be the pool of this data folder; raises `PoolRunsError` where there is one, OSError in an unwritable folder."""
    data_folder().mkdir(parents=True, exist_ok=True)
    lock = FileLock(lock_path())
    try:
        lock.acquire(timeout=2)  # a dashboard that looks whether it is free holds it for a moment
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


def _pid() -> str:
    with contextlib.suppress(OSError):
        return pid_path().read_text().strip()
    return "?"


def pool_lives() -> bool:
    """Whether a pool serves this data folder; OSError where the folder is missing or not writable."""
    lock = FileLock(lock_path())
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False
