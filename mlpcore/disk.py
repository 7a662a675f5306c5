"""Disks without room: which errors mean that, and whether the disk of the data folder is full now.

A full disk is no reason to fail: what waits for room goes on when there is some.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator

from mlpcore.i18n.messages import N_, Message
from mlpcore.paths import data_folder

WAITING = Message(N_("Waiting for room on the disk …"))
"""What a run waits for that cannot write its files."""

NO_ROOM = (errno.ENOSPC, *((errno.EDQUOT,) if hasattr(errno, "EDQUOT") else ()))
"""The numbers of the errors of a full disk, and of a user whose quota is used up."""
_TEXTS = tuple(os.strerror(number) for number in NO_ROOM)
_FULL_BYTES = 1_000_000


def is_full(error: BaseException) -> bool:
    """Whether an error, or one that caused it, says that there is no room on the disk.

    Libraries report it by an exception of their own, which holds the system's text.
    """
    return any(
        (isinstance(cause, OSError) and cause.errno in NO_ROOM) or any(text in str(cause) for text in _TEXTS)
        for cause in _causes(error)
    )


def has_no_room() -> bool:
    """Whether the disk of the data folder is full now; False where that cannot be found out."""
    folder = data_folder()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        return shutil.disk_usage(folder).free < _FULL_BYTES
    except OSError:
        return False


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those before it: its cause, or the error while that was handled."""
    current: BaseException | None = error
    for _ in range(20):
        if current is None:
            return
        yield current
        current = current.__cause__ or current.__context__
