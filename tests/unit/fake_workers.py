"""Real pools and workers with a toy instead of an engine: they start at once and misbehave as a spec's note says.

`python -m tests.unit.fake_workers pool SIZE [dashboard]` and `... dashboard` are started by tests,
`... worker ID` by the pool.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from mlpcore.import_blocker import lean_imports

with lean_imports():
    from mlpcore.events import Ended, EpochEnd, Event, Finished, Member, Metrics, Progress, Result, Snapshot, Started
    from mlpcore.i18n.messages import Message
    from mlpcore.spec import RunSpec
    from mlpcore.store import queue
    from mlpcore.workers import heartbeat, local, logs, worker
    from mlpcore.workers.dashboards import NeededByDashboards
    from mlpcore.workers.lock import sole_pool
    from mlpcore.workers.pool import Pool
    from mlpcore.workers.signals import on_stop_signals

MODULE = ("-m", "tests.unit.fake_workers")
STEPS, STEP_SECONDS = 5, 0.02
LONG = 60


def loss(spec: RunSpec, epoch: int) -> float:
    """The loss that the toy reaches, whatever happened before."""
    return 1 / (epoch + spec.seed)


def toy_train(
    spec: RunSpec,
    run_name: str,
    *,
    attempt: int = 1,
    checkpoint: str | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Epochs of a tenth of a second; a checkpoint is the epoch's number. The note says what goes wrong in epoch 2."""
    begun = int(checkpoint or 0)
    yield Started("CPU", "toy", {"toy": "1"}, 10, STEPS, (Member(spec.seed),), begun)
    for epoch in range(begun + 1, spec.epochs + 1):
        if epoch == 2:
            _misbehave(spec.note, attempt)
        for step in range(1, STEPS + 1):
            time.sleep(STEP_SECONDS)
            if should_stop():
                yield Ended("stopped", Message("Stopped by hand."))
                return
            yield Progress(epoch, step, STEPS, loss(spec, epoch))
        yield EpochEnd(epoch, (Metrics(loss(spec, epoch), 0.5),), 0.1, 0.001, checkpoint=str(epoch))
    yield Finished((Result(0.5, 0.5, spec.epochs, f"models/{run_name}/x", Snapshot(spec.epochs, "x")),))


def _misbehave(note: str, attempt: int) -> None:
    if note == "long step":
        time.sleep(LONG)
    elif note == "error":
        raise ZeroDivisionError("the toy divided by zero")
    elif note == "no memory":
        raise MemoryError
    elif note == "die":
        logs.note("the toy's last words")
        os.kill(os.getpid(), signal.SIGKILL)
    elif note == "die once" and attempt == 1:
        os.kill(os.getpid(), signal.SIGKILL)


def load() -> worker.Engine:
    """The toy, or what goes wrong while it loads."""
    trouble = os.environ.get("TOY_TROUBLE")
    if trouble == "import":
        raise ImportError("no module named toy")
    if trouble == "crash":
        logs.note("illegal instruction, says the toy")
        os._exit(3)
    return worker.Engine("toy", "CPU", toy_train)


def main(role: str, *arguments: str) -> None:
    """Play a role."""
    queue.LEASE_SECONDS = float(os.environ.get("TOY_LEASE", queue.LEASE_SECONDS))
    heartbeat.RENEW_SECONDS = queue.LEASE_SECONDS / 5
    worker.MOST_RUNS = int(os.environ.get("TOY_MOST_RUNS", worker.MOST_RUNS))
    if role == "worker":
        worker.run(*arguments, load)
    elif role == "dashboard":
        local.POOL = (*MODULE, "pool", "1", "dashboard")
        local.SHOW_SECONDS = 0.2
        local.keep_workers()
        local.keep_workers()
        Path(arguments[0]).touch()
        time.sleep(LONG)
    else:
        size, *dashboard = arguments
        with sole_pool():
            pool = Pool(int(size), NeededByDashboards(1, 1.5) if dashboard else lambda: True, (*MODULE, "worker"))
            on_stop_signals(pool.end)
            pool.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
