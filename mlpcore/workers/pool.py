"""The process that keeps workers alive: one a data folder, with no engine of its own."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence

from mlpcore.errors import StoreError
from mlpcore.events import Ended
from mlpcore.i18n.messages import Message
from mlpcore.store import liveness, metrics, queue
from mlpcore.store.link import StoreLink
from mlpcore.workers import failures, logs
from mlpcore.workers.child import Child
from mlpcore.workers.control_channel import Order

WORKER = ("-m", "mlpcore.workers")
LOOK_SECONDS = 0.25
LOAD_SECONDS = 60.0
"""After so long the next worker is started even if the one before is still loading."""
END_SECONDS = 5.0
"""So long workers may take to give their runs back."""
BURY_SECONDS = 60.0
"""So long the pool tries to tell a troubled store that a worker died; then its lease must do."""
MAX_DELAY_SECONDS = 60.0
FAILED_STARTS = 3
"""After so many workers in a row that died while loading, waiting runs fail with the reason, one a start."""


class Pool:
    """`size` workers, replaced when they die, for as long as `needed` says; then they finish what they train."""

    def __init__(self, size: int, needed: Callable[[], bool], worker: Sequence[str] = WORKER) -> None:
        self._size = size
        self._needed = needed
        self._worker = worker
        self._children: list[Child] = []
        self._link = StoreLink()
        self._ending_since: float | None = None
        self._not_before = 0.0
        self._delay = 0.0
        self._failed_starts = 0

    def end(self) -> None:
        """Give back what is under way and end. Takes no lock, so signal handlers may call it."""
        if self._ending_since is None:
            self._ending_since = time.monotonic()

    def run(self) -> None:
        """Keep workers until they are no longer needed, or until `end`."""
        logs.forget_old()
        while self._look() or self._children:
            time.sleep(LOOK_SECONDS)
        self._link.close()

    def _look(self) -> bool:
        """Bury the dead, give orders, start what is missing; whether workers are needed."""
        self._notice_ready()
        self._bury()
        if self._ending_since is not None:
            self._let_end(self._ending_since)
            return False
        needed = self._needed()
        for child in self._children:
            child.tell(Order.SERVE if needed else Order.FINISH)
        if needed:
            self._start_missing()
        return needed

    def _start_missing(self) -> None:
        now = time.monotonic()
        loading = any(not child.ready and child.age < LOAD_SECONDS for child in self._children)
        if len(self._children) < self._size and not loading and now >= self._not_before:
            self._children.append(Child(self._worker))

    def _let_end(self, since: float) -> None:
        late = time.monotonic() - since > END_SECONDS
        for child in self._children:
            child.tell(Order.END)
            if late or not child.ready:  # one that still loads has nothing to give back
                child.kill()

    def _notice_ready(self) -> None:
        if all(child.ready for child in self._children):
            return
        with contextlib.suppress(StoreError):
            loaded = {w.id for w in self._link(liveness.workers) if w.status != "starting"}
            for child in self._children:
                if child.id in loaded and not child.ready:
                    child.ready = True
                    self._failed_starts, self._delay = 0, 0.0

    def _bury(self) -> None:
        for child in [child for child in self._children if child.exit_code is not None]:
            reason, log = failures.death(child.exit_code or 0), logs.tail(child.log)
            try:
                child.ready |= self._settle(child.id, reason, log)
            except StoreError:
                if self._ending_since is None and child.dead_for < BURY_SECONDS:
                    continue
            child.bury()
            self._children.remove(child)
            self._learn_from(child, reason, log)

    def _settle(self, worker: str, reason: Message, log: str) -> bool:
        """Let others have at once what a dead worker was training; whether it was training."""
        runs = self._link(lambda db: queue.worker_died(db, worker, reason, log))
        self._link(lambda db: liveness.worker_gone(db, worker))
        return bool(runs)

    def _learn_from(self, child: Child, reason: Message, log: str) -> None:
        """Wait ever longer where workers die while they load; a run that kills its workers fails soon by itself."""
        if child.ready or child.exit_code == 0:
            return
        self._delay = min(MAX_DELAY_SECONDS, max(1.0, 2 * self._delay))
        self._not_before = time.monotonic() + self._delay
        self._failed_starts += 1
        if self._failed_starts >= FAILED_STARTS and self._ending_since is None:
            with contextlib.suppress(StoreError):
                self._fail_one(child.id, reason, log)

    def _fail_one(self, worker: str, reason: Message, log: str) -> None:
        claim = self._link(lambda db: queue.claim(db, worker))
        if claim is not None:
            self._link(lambda db: metrics.record(db, claim, Ended("failed", reason, log)))
