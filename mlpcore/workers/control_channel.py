"""Commands from a pool to its workers: one word per line on standard input, whose end means that the pool is gone."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum


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
