"""What a pool tells its workers: a word a line on their standard input, whose end means that the pool is gone."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum


class Order(StrEnum):
    """Serve the queue; finish the run under way and claim no other; give the run back and end."""

    SERVE = "serve"
    FINISH = "finish"
    END = "end"


class Orders:
    """The order that holds now. `END` is final; `on_end` is called when it comes."""

    def __init__(self, on_end: Callable[[], None]) -> None:
        self.current = Order.SERVE
        self._on_end = on_end

    @property
    def must_end(self) -> bool:
        """Whether the worker should end without finishing its run."""
        return self.current is Order.END

    def follow(self, descriptor: int) -> None:
        """Take orders from a file descriptor, in a thread of its own."""
        threading.Thread(target=self._listen, args=(descriptor,), name="orders", daemon=True).start()

    def give(self, order: Order) -> None:
        """Let another order hold. Takes no lock, so signal handlers may call it."""
        if self.current is not Order.END:
            self.current = order
            if order is Order.END:
                self._on_end()

    def _listen(self, descriptor: int) -> None:
        rest = b""
        # os.read, because a daemon thread that waits inside a file object's lock breaks Python's end.
        with suppress(OSError):
            while data := os.read(descriptor, 4096):
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    with suppress(ValueError):
                        self.give(Order(line.decode()))
        self.give(Order.FINISH)
