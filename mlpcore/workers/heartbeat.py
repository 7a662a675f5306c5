"""The thread beside a worker's training: shows its presence, renews its lease, and makes sure that stopping works."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from mlpcore.errors import LeaseLostError, StoreError
from mlpcore.store import liveness, queue
from mlpcore.store.link import StoreLink
from mlpcore.store.liveness import Worker
from mlpcore.store.queue import Claim
from mlpcore.workers import logs
from mlpcore.workers.run_guard import Reason, Watch, settle

BEAT_SECONDS = 0.1
RENEW_SECONDS = 2.0
PRESENCE_SECONDS = 4.0
GRACE_SECONDS = 0.6
"""How long a training may take to stop by itself; a single step of a huge batch can take longer."""


class Heartbeat:
    """Beats from `start` to `stop`, on its own connection.

    A training that does not stop within `GRACE_SECONDS` after it was asked is settled in the store, and `leave` is
    called with the reason: it must end the process, because a thread cannot be ended.
    """

    def __init__(self, worker: Worker, leave: Callable[[Reason], None], log: Path | None = None) -> None:
        self.worker = worker
        self._leave = leave
        self._log = log
        self._link = StoreLink()
        self._watch: Watch | None = None
        self._wake = threading.Event()
        self._ended = False
        self._shown: Worker | None = None
        self._seen_at = self._renewed_at = 0.0
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Begin to beat."""
        self._thread.start()

    def stop(self) -> None:
        """Beat no more, and forget the worker's presence."""
        self._ended = True
        self._wake.set()
        self._thread.join()

    def show(self, **facts: str | None) -> None:
        """Change what others see of the worker: `status`, `device`, `engine`."""
        self.worker = replace(self.worker, **facts)  # type: ignore[arg-type]
        self._wake.set()

    def ask(self, reason: Reason) -> None:
        """Ask the run under way, if there is one, to stop."""
        if (watch := self._watch) is not None:
            watch.ask(reason)

    @contextmanager
    def watching(self, claim: Claim) -> Iterator[Watch]:
        """Keep the lease of `claim` while this block trains it."""
        watch = Watch(claim)
        self._renewed_at = time.monotonic()
        self._watch = watch
        self.show(status="busy")
        try:
            yield watch
        finally:
            watch.over = True
            self._watch = None
            self.show(status="idle")

    def _run(self) -> None:
        while not self._ended:
            with suppress(StoreError):  # busy or full: the next beat tries again
                self._beat(self._watch)
            self._wake.wait(BEAT_SECONDS if self._watch else PRESENCE_SECONDS)
            self._wake.clear()
        with suppress(StoreError):
            self._link(lambda db: liveness.worker_gone(db, self.worker.id))
        self._link.close()

    def _beat(self, watch: Watch | None) -> None:
        now = time.monotonic()
        if watch is not None:
            if watch.reason is None:
                self._check(watch, now)
            elif now - watch.asked_at > GRACE_SECONDS:
                self._end_hard(watch)
        if self._shown != self.worker or now - self._seen_at > PRESENCE_SECONDS:
            worker = self.worker
            self._link(lambda db: liveness.worker_seen(db, worker))
            self._shown, self._seen_at = worker, now
            if self._log:
                logs.shorten(self._log)

    def _check(self, watch: Watch, now: float) -> None:
        try:
            if now - self._renewed_at > RENEW_SECONDS:
                cancelled = self._link(lambda db: queue.renew(db, watch.claim))
                self._renewed_at = now
            else:
                cancelled = self._link(lambda db: queue.cancel_requested(db, watch.claim))
        except LeaseLostError:
            watch.ask(Reason.LEASE_LOST)
        else:
            if cancelled:
                watch.ask(Reason.CANCELLED)

    def _end_hard(self, watch: Watch) -> None:
        with suppress(StoreError, LeaseLostError):  # what cannot be recorded is settled when the lease ends
            settle(self._link, watch)
        time.sleep(BEAT_SECONDS)  # it may just be ending by itself
        if not watch.over and watch.reason is not None:
            self._leave(watch.reason)
