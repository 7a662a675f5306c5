"""The temporary folder of a test session. Those that killed sessions have left are removed when another one starts."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

PREFIX = "mlplab-tests-"


class SessionFolder:
    """A folder below `parent` and beside it a lock file, which this process holds locked until `remove` or its end."""

    def __init__(self, parent: Path | None = None) -> None:
        parent = parent or Path(tempfile.gettempdir())
        _remove_abandoned(parent)
        self.path = parent / f"{PREFIX}{uuid4().hex}"
        self._lock = FileLock(_lock_of(self.path))
        self._lock.acquire()
        self.path.mkdir(mode=0o700)

    def remove(self) -> None:
        """Remove the folder and its lock file."""
        _remove(self.path, self._lock)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


def _remove_abandoned(parent: Path) -> None:
    """Remove the folders of this user whose lock nobody holds: the system releases the locks of a dead process."""
    for path in parent.glob(f"{PREFIX}*.lock"):
        with suppress(OSError, Timeout):
            if path.lstat().st_uid == os.getuid() and not path.is_symlink():
                lock = FileLock(path)
                lock.acquire(timeout=0)
                _remove(path.with_suffix(""), lock)


def _remove(folder: Path, lock: FileLock) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()
