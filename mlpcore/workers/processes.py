"""Background processes: how they are started, with low priority, and what ends them: signals, or the pool's commands.

A pool sends its workers one word per line on their standard input; its end means that the pool is gone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

from mlpcore.paths import PROJECT, data_folder, datasets_folder
from mlpcore.workers import logs

NICENESS = 5
"""Enough for the pages to come first on a busy machine; costs nothing on one with a free core."""

_STOP_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def start_process(command: Sequence[str], *, log: str, session: bool) -> subprocess.Popen[bytes]:
    """Start a Python process in the project's folder, with its output in the log of that name.

    Signals of the terminal do not reach it. With a `session` of its own it also outlives the terminal and its
    parent, and its standard input is empty; otherwise its standard input is a pipe.
    """
    output = logs.open_log(log)
    try:
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=PROJECT,
            env=environment(),
            stdin=subprocess.DEVNULL if session else subprocess.PIPE,
            stdout=output,
            stderr=output,
            **_separation(session),
        )
    finally:
        if not isinstance(output, int):
            output.close()


def environment() -> dict[str, str]:
    """This process's environment for one that works in another folder and computes in one thread."""
    folders = {"MLPCORE_DATA": str(data_folder())}
    if (datasets := datasets_folder()) is not None:
        folders["MLPCORE_DATASETS"] = str(datasets.resolve())
    defaults = {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    defaults |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return {**defaults, **os.environ, **folders}


def lower_priority() -> None:
    """Give this process, and those that it starts from now on, a lower priority than pages and other programs.

    On Windows `start_process` sets the priority.
    """
    if sys.platform != "win32":
        with suppress(OSError):
            os.nice(NICENESS)
        if os.getsid(0) == os.getpid():
            # Where Linux shares the processor among sessions first, niceness counts only within a session.
            with suppress(OSError):
                Path("/proc/self/autogroup").write_text(str(NICENESS))


def on_stop_signals(stop: Callable[[], None]) -> None:
    """Call `stop` on a signal to end from the user or the system, instead of ending at once.

    `stop` runs between any two instructions of the main thread, so it must take no lock.
    """
    for name in _STOP_SIGNALS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stop())


def _separation(session: bool) -> dict[str, Any]:
    """The arguments of Popen that keep the terminal's signals away from the new process."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags | subprocess.BELOW_NORMAL_PRIORITY_CLASS}
    return {"start_new_session": True} if session else {"process_group": 0}


class Command(StrEnum):
    """Serve the queue; finish the current run and claim no other; give the current run back and end."""

    SERVE = "serve"
    FINISH = "finish"
    END = "end"


class ControlChannel:
    """The current command. `END` is final; `on_end` is called when it arrives."""

    def __init__(self, on_end: Callable[[], None]) -> None:
        self.current = Command.SERVE
        self._on_end = on_end

    @property
    def must_end(self) -> bool:
        """Whether the worker should end without finishing its run."""
        return self.current is Command.END

    def listen(self, descriptor: int) -> None:
        """Read commands from a file descriptor, in a thread of its own."""
        threading.Thread(target=self._read, args=(descriptor,), name="control-channel", daemon=True).start()

    def receive(self, command: Command) -> None:
        """Set the current command. Takes no lock, so signal handlers may call it."""
        if self.current is not Command.END:
            self.current = command
            if command is Command.END:
                self._on_end()

    def _read(self, descriptor: int) -> None:
        rest = b""
        # os.read, because a daemon thread that waits while it holds a file object's lock makes Python's exit fail.
        with suppress(OSError):
            while data := os.read(descriptor, 4096):
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    with suppress(ValueError):
                        self.receive(Command(line.decode()))
        self.receive(Command.FINISH)
