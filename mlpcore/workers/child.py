"""A worker as its pool sees it: a process with an id, an ear for orders, and a log."""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from uuid import uuid4

from mlpcore.workers import background, logs
from mlpcore.workers.control_channel import Order


def new_worker_id() -> str:
    """An id that no other worker has or had, on this machine or another with the same data folder."""
    return f"worker-{socket.gethostname()[:40]}-{time.strftime('%m%d-%H%M%S')}-{uuid4().hex[:6]}"


class Child:
    """A worker process that this one started; `ready` is set once its engine is loaded."""

    def __init__(self, command: Sequence[str]) -> None:
        self.id = new_worker_id()
        self._started_at = time.monotonic()
        self._dead_since: float | None = None
        self.ready = False
        self.log = logs.log_path(self.id)
        self._order = Order.SERVE
        self._process = background.start([*command, self.id], log=self.id, session=False)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it lives; minus the signal's number where a signal ended it."""
        code = self._process.poll()
        if code is not None and self._dead_since is None:
            self._dead_since = time.monotonic()
        return code

    @property
    def age(self) -> float:
        """Seconds since its start."""
        return time.monotonic() - self._started_at

    @property
    def dead_for(self) -> float:
        """Seconds since it was found dead."""
        return 0.0 if self._dead_since is None else time.monotonic() - self._dead_since

    def tell(self, order: Order) -> None:
        """Give an order, if it is a new one; one that is dead hears nothing."""
        if order is not self._order and self._process.stdin is not None:
            self._order = order
            with suppress(OSError):
                self._process.stdin.write(f"{order}\n".encode())
                self._process.stdin.flush()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def bury(self) -> None:
        """Release what a dead process leaves in this one."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        self._process.wait()
