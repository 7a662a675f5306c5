"""The workers' logs: one small file per process, of which the newest are kept."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path
from typing import IO

from mlpcore.paths import logs_folder
from mlpcore.store.metrics import LOG_TAIL

MAX_FILES = 20
MAX_BYTES = 1_000_000


def log_path(name: str) -> Path:
    """The log file of the process `name`."""
    return logs_folder() / f"{name}.log"


def open_log(name: str) -> IO[bytes] | int:
    """The log for a new process, opened to append; the null device where it cannot be written."""
    path = log_path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab")
    except OSError:
        return subprocess.DEVNULL


def write(text: str) -> None:
    """Write to this process's log, which is its standard error; a full disk is no reason to fail."""
    with contextlib.suppress(OSError):
        os.write(2, f"{text.rstrip()}\n".encode(errors="replace"))


def size(path: Path) -> int:
    """The bytes in a log; 0 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def tail(path: Path, after: int = 0, characters: int = LOG_TAIL) -> str:
    """The end of a log: at most `characters`, and only what follows the first `after` bytes."""
    try:
        with path.open("rb") as file:
            length = file.seek(0, 2)
            start = after if after <= length else 0  # a log that was shortened since is read from its start
            file.seek(max(start, length - 4 * characters))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    return text[-characters:]


def shorten(path: Path, limit: int = MAX_BYTES) -> None:
    """Cut a log longer than `limit` bytes to a quarter of the limit; its writers append, so they are not disturbed."""
    if size(path) <= limit:
        return
    with contextlib.suppress(OSError), path.open("rb+") as file:
        file.seek(-(limit // 4), 2)
        end = file.read()
        file.truncate(0)
        file.seek(0)
        file.write(b"[...]\n" + end)


def delete_old(keep: int = MAX_FILES) -> None:
    """Delete all but the newest logs."""
    with contextlib.suppress(OSError):
        files = sorted(logs_folder().glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[keep:]:
            path.unlink(missing_ok=True)
