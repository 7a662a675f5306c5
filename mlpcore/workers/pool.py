"""The process that keeps workers alive: one per data folder, without an engine of its own."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from uuid import uuid4

from mlpcore.errors import StoreError
from mlpcore.events import Ended
from mlpcore.i18n.messages import Message
from mlpcore.machine import memory_kills
from mlpcore.store import liveness, metrics, queue, runs
from mlpcore.store.connection import StoreLink
from mlpcore.workers import failures, logs, processes
from mlpcore.workers.processes import Command

WORKER_COMMAND = ("-m", "mlpcore.workers")
CHECK_SECONDS = 0.25
LOAD_SECONDS = 60.0
"""After this long the next worker is started even if the one before is still loading its engine."""
END_SECONDS = 5.0
"""How long workers may take to give their runs back when the pool ends."""
REAP_SECONDS = 60.0
"""How long the pool tries to record the death of a worker in an unusable database; then its lease must expire."""
MAX_DELAY_SECONDS = 60.0
FAILED_STARTS = 3
"""After this many workers in a row that died while loading, waiting runs fail with the reason, one per start."""


def new_worker_id() -> str:
    """An id that is unique among all workers, on this machine or another one with the same data folder."""
    return f"worker-{socket.gethostname()[:40]}-{time.strftime('%m%d-%H%M%S')}-{uuid4().hex[:6]}"


class WorkerProcess:
    """A worker as its pool sees it; `ready` is set once its engine is loaded."""

    def __init__(self, command: Sequence[str]) -> None:
        self.id = new_worker_id()
        self._started_at = time.monotonic()
        self._dead_since: float | None = None
        self.ready = False
        self.log = logs.log_path(self.id)
        self._command = Command.SERVE
        self._memory_kills = memory_kills()
        self._process = processes.start_process([*command, self.id], log=self.id, session=False)

    @property
    def exit_code(self) -> int | None:
        """None while it runs; minus the signal's number where a signal ended it."""
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
        """Seconds since it was noticed that the process has ended."""
        return 0.0 if self._dead_since is None else time.monotonic() - self._dead_since

    def send(self, command: Command) -> None:
        """Send a command, if it is a new one; nothing happens where the process is dead."""
        if command is not self._command and self._process.stdin is not None:
            self._command = command
            with suppress(OSError):
                self._process.stdin.write(f"{command}\n".encode())
                self._process.stdin.flush()

    def memory_was_full(self) -> bool | None:
        """Whether the system has ended a process for lack of memory since this one started; None if not known."""
        now = memory_kills()
        return None if now is None or self._memory_kills is None else now > self._memory_kills

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def reap(self) -> None:
        """Release the resources that this process holds for a dead one."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        self._process.wait()


class Pool:
    """`size` workers, replaced when they die, for as long as `needed()` is true; then they finish what they train."""

    def __init__(self, size: int, needed: Callable[[], bool], command: Sequence[str] = WORKER_COMMAND) -> None:
        self._size = size
        self._needed = needed
        self._command = command
        self._workers: list[WorkerProcess] = []
        self._link = StoreLink()
        self._ending_since: float | None = None
        self._not_before = 0.0
        self._delay = 0.0
        self._failed_starts = 0

    def end(self) -> None:
        """Give back the runs in training and end. Takes no lock, so signal handlers may call it."""
        if self._ending_since is None:
            self._ending_since = time.monotonic()

    def run(self) -> None:
        """Keep workers until they are no longer needed, or until `end`."""
        logs.delete_old()
        with suppress(StoreError):
            self._link(runs.remove_all_leftovers)
        while self._check() or self._workers:
            time.sleep(CHECK_SECONDS)
        self._link.close()

    def _check(self) -> bool:
        """Reap dead workers, send commands, start missing workers; return whether workers are needed."""
        self._notice_ready()
        self._reap()
        if self._ending_since is not None:
            self._end_workers(self._ending_since)
            return False
        needed = self._needed()
        for worker in self._workers:
            worker.send(Command.SERVE if needed else Command.FINISH)
        if needed:
            self._start_missing()
        return needed

    def _start_missing(self) -> None:
        now = time.monotonic()
        loading = any(not worker.ready and worker.age < LOAD_SECONDS for worker in self._workers)
        if len(self._workers) < self._size and not loading and now >= self._not_before:
            self._workers.append(WorkerProcess(self._command))

    def _end_workers(self, since: float) -> None:
        late = time.monotonic() - since > END_SECONDS
        for worker in self._workers:
            worker.send(Command.END)
            if late or not worker.ready:  # a worker that still loads has nothing to give back
                worker.kill()

    def _notice_ready(self) -> None:
        if all(worker.ready for worker in self._workers):
            return
        with suppress(StoreError):
            loaded = {row.id for row in self._link(liveness.workers) if row.status != "starting"}
            for worker in self._workers:
                if worker.id in loaded and not worker.ready:
                    worker.ready = True
                    self._failed_starts, self._delay = 0, 0.0

    def _reap(self) -> None:
        for worker in [worker for worker in self._workers if worker.exit_code is not None]:
            reason = failures.exit_message(worker.exit_code or 0, worker.memory_was_full())
            log = logs.tail(worker.log)
            try:
                worker.ready |= self._release_run(worker.id, reason, log)
            except StoreError:
                if self._ending_since is None and worker.dead_for < REAP_SECONDS:
                    continue
            worker.reap()
            self._workers.remove(worker)
            self._delay_restarts(worker, reason, log)

    def _release_run(self, worker_id: str, reason: Message, log: str) -> bool:
        """Let other workers take over the run of a dead one at once; return whether it was training."""
        left = self._link(lambda db: queue.worker_died(db, worker_id, reason, log))
        self._link(lambda db: liveness.worker_gone(db, worker_id))
        with suppress(StoreError):
            self._link(runs.remove_all_leftovers)
        return bool(left)

    def _delay_restarts(self, worker: WorkerProcess, reason: Message, log: str) -> None:
        """Wait longer after each worker that dies while it loads; a run that kills its workers soon fails by itself."""
        if worker.ready or worker.exit_code == 0:
            return
        self._delay = min(MAX_DELAY_SECONDS, max(1.0, 2 * self._delay))
        self._not_before = time.monotonic() + self._delay
        self._failed_starts += 1
        if self._failed_starts >= FAILED_STARTS and self._ending_since is None:
            with suppress(StoreError):
                self._fail_next_run(worker.id, reason, log)

    def _fail_next_run(self, worker_id: str, reason: Message, log: str) -> None:
        claim = self._link(lambda db: queue.claim(db, worker_id))
        if claim is not None:
            self._link(lambda db: metrics.record(db, claim, Ended("failed", reason, log)))
