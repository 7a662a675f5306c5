"""How background processes are started: apart from the one that starts them, with little priority, where we are."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from mlpcore.paths import PROJECT, data_folder, datasets_folder
from mlpcore.workers import logs

NICENESS = 5
"""Enough for the pages to come first on a full machine; costs nothing on one with a free core."""


def start(command: Sequence[str], *, log: str, session: bool) -> subprocess.Popen[bytes]:
    """Start a Python process in the project's folder, with its output in the log of that name.

    Signals of the terminal do not reach it. With a `session` of its own it also outlives the terminal and its
    parent, and its input is empty; else its input is a pipe.
    """
    output = logs.opened(log)
    try:
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=PROJECT,
            env=environment(),
            stdin=subprocess.DEVNULL if session else subprocess.PIPE,
            stdout=output,
            stderr=output,
            **_apart(session),
        )
    finally:
        if not isinstance(output, int):
            output.close()


def environment() -> dict[str, str]:
    """This process's environment for one that works in another folder and adds up in one thread."""
    folders = {"MLPCORE_DATA": str(data_folder())}
    if (given := datasets_folder()) is not None:
        folders["MLPCORE_DATASETS"] = str(given.resolve())
    defaults = {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    defaults |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return {**defaults, **os.environ, **folders}


def lower_priority() -> None:
    """Let pages and everything else that the user does come before this process and those that it will start.

    On Windows, `start` has seen to it.
    """
    if sys.platform != "win32":
        with suppress(OSError):
            os.nice(NICENESS)
        if os.getsid(0) == os.getpid():
            # Where Linux shares the processor among sessions first, niceness counts only within one.
            with suppress(OSError):
                Path("/proc/self/autogroup").write_text(str(NICENESS))


def _apart(session: bool) -> dict[str, Any]:
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags | subprocess.BELOW_NORMAL_PRIORITY_CLASS}
    return {"start_new_session": True} if session else {"process_group": 0}
