"""The lease of a run, which is the right to train it: renewed while it trains, given up when it must stop.

A thread beside the training, the heartbeat, renews the run's lease, records that the worker is alive, and makes sure
that a training which must stop does so.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from mlpcore.errors import LeaseLostError, StoreError
from mlpcore.events import Ended
from mlpcore.store import liveness, metrics, queue
from mlpcore.store.connection import StoreLink
from mlpcore.store.liveness import Worker
from mlpcore.store.queue import Claim
from mlpcore.workers import logs

BEAT_SECONDS = 0.1
RENEW_SECONDS = 2.0
LIVENESS_SECONDS = 4.0
GRACE_SECONDS = 0.6
"""How long a training may take to stop by itself; a single step of a huge batch can take longer."""


class StopReason(StrEnum):
    """Why a training must stop."""

    CANCELLED = "cancelled"
    LEASE_LOST = "lease lost"
    WORKER_ENDS = "worker ends"


@dataclass
class RunGuard:
    """A claimed run while it trains: whether and why it must stop. `finished` is set when its training is over."""

    claim: Claim
    reason: StopReason | None = None
    requested_at: float = 0.0
    finished: bool = False

    def request_stop(self, reason: StopReason) -> None:
        """Request that the training stops; the first reason stays. Takes no lock, so signal handlers may call it."""
        if self.reason is None:
            self.requested_at = time.monotonic()
            self.reason = reason

    def must_stop(self) -> bool:
        """Whether the training should stop."""
        return self.reason is not None


def record_end(link: StoreLink, guard: RunGuard) -> None:
    """Record the end of a run that had to stop; raises `LeaseLostError` where another worker has taken it over."""
    if guard.reason is StopReason.WORKER_ENDS:
        link(lambda db: queue.give_back(db, guard.claim))
    elif guard.reason is StopReason.CANCELLED:
        link(lambda db: metrics.record(db, guard.claim, Ended("stopped", queue.STOPPED_BY_USER)))


class Heartbeat:
    """Beats from `start` to `stop`, on a database connection of its own.

    Where a training does not stop within `GRACE_SECONDS` after the request, the heartbeat records the end of its run
    and calls `exit_process` with the reason: that must end the process, because a thread cannot be ended.
    """

    def __init__(self, worker: Worker, exit_process: Callable[[StopReason], None], log: Path | None = None) -> None:
        self.worker = worker
        self._exit_process = exit_process
        self._log = log
        self._link = StoreLink()
        self._guard: RunGuard | None = None
        self._wake = threading.Event()
        self._stopped = False
        self._recorded: Worker | None = None
        self._recorded_at = self._renewed_at = 0.0
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and remove the worker from the list of those that are alive."""
        self._stopped = True
        self._wake.set()
        self._thread.join()

    def update_worker(self, **changes: str | None) -> None:
        """Change what is recorded of the worker: `status`, `device`, `engine`."""
        self.worker = replace(self.worker, **changes)  # type: ignore[arg-type]
        self._wake.set()

    def request_stop(self, reason: StopReason) -> None:
        """Request that the current run, if there is one, stops."""
        if (guard := self._guard) is not None:
            guard.request_stop(reason)

    @contextmanager
    def guarding(self, claim: Claim) -> Iterator[RunGuard]:
        """Keep the lease of `claim` while this block trains it."""
        guard = RunGuard(claim)
        self._renewed_at = time.monotonic()
        self._guard = guard
        self.update_worker(status="busy")
        try:
            yield guard
        finally:
            guard.finished = True
            self._guard = None
            self.update_worker(status="idle")

    def _run(self) -> None:
        while not self._stopped:
            with suppress(StoreError):  # locked, or the disk is full: the next beat tries again
                self._beat(self._guard)
            self._wake.wait(BEAT_SECONDS if self._guard else LIVENESS_SECONDS)
            self._wake.clear()
        with suppress(StoreError):
            self._link(lambda db: liveness.worker_gone(db, self.worker.id))
        self._link.close()

    def _beat(self, guard: RunGuard | None) -> None:
        now = time.monotonic()
        if guard is not None:
            if guard.reason is None:
                self._check_lease(guard, now)
            elif now - guard.requested_at > GRACE_SECONDS:
                self._end_by_force(guard)
        if self._recorded != self.worker or now - self._recorded_at > LIVENESS_SECONDS:
            worker = self.worker
            self._link(lambda db: liveness.worker_seen(db, worker))
            self._recorded, self._recorded_at = worker, now
            if self._log:
                logs.shorten(self._log)

    def _check_lease(self, guard: RunGuard, now: float) -> None:
        try:
            if now - self._renewed_at > RENEW_SECONDS:
                cancelled = self._link(lambda db: queue.renew(db, guard.claim))
                self._renewed_at = now
            else:
                cancelled = self._link(lambda db: queue.cancel_requested(db, guard.claim))
        except LeaseLostError:
            guard.request_stop(StopReason.LEASE_LOST)
        else:
            if cancelled:
                guard.request_stop(StopReason.CANCELLED)

    def _end_by_force(self, guard: RunGuard) -> None:
        with suppress(StoreError, LeaseLostError):  # where it cannot be recorded, the lease expires
            record_end(self._link, guard)
        time.sleep(BEAT_SECONDS)  # the training may be about to end by itself
        if not guard.finished and guard.reason is not None:
            self._exit_process(guard.reason)
