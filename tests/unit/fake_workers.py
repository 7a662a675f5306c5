"""Real pools and workers with a toy instead of an engine: they start at once and behave as a spec's note says.

`python -m tests.unit.fake_workers pool SIZE [dashboard]` and `... dashboard` are started by tests,
`... worker ID` by the pool. With `TOY_ENGINE=real` the workers train with the real engine.

Notes of a run that let tests depend on no clock:

- `hold after 2, 5, 8`: the first attempt stands still in the middle of the epoch after epoch 2, the second one after
  epoch 5, the third one after epoch 8, and the fourth one goes on to the end.
- `meet`: waits in epoch 2 until another run with this note has come so far too.
- `until it must finish`: waits in epoch 2 until the worker has received the command to claim no other run.
- `until taken over`: the first attempt waits in epoch 2 until the second one has begun.
- `long step`, `error`, `no memory`, `die`: what goes wrong in epoch 2.

A lease never expires by itself, no living worker counts as gone, and a pool that a dashboard has started waits long for
dashboards until a test leaves the marker `DASHBOARDS_GONE`: how busy the machine is changes nothing.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from mlpcore.import_blocker import without_unused_imports

with without_unused_imports():
    from mlpcore.events import Ended, EpochEnd, Event, Finished, Member, Metrics, Progress, Result, Snapshot, Started
    from mlpcore.i18n.messages import Message
    from mlpcore.paths import data_folder
    from mlpcore.spec import RunSpec
    from mlpcore.spec.parameters import count_parameters
    from mlpcore.store import liveness, queue
    from mlpcore.workers import lease, logs, pool, pool_lifetime, worker
    from mlpcore.workers.pool_lifetime import NeededByDashboards, sole_pool
    from mlpcore.workers.processes import Command, ControlChannel, on_stop_signals

MODULE = ("-m", "tests.unit.fake_workers")
STEPS, STEP_SECONDS = 5, 0.02
LONG = 600
DASHBOARDS_GONE = "dashboards-gone"
"""The marker that a test leaves when it has killed all dashboards."""


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
    """Epochs of a tenth of a second; a checkpoint is the epoch's number. The note says what happens in epoch 2."""
    begun = int(checkpoint or 0)
    marker(f"{run_name}-attempt-{attempt}").touch()
    yield Started("CPU", "toy", {"toy": "1"}, count_parameters(spec), STEPS, (Member(spec.seed),), begun)
    for epoch in range(begun + 1, spec.epochs + 1):
        if epoch == 2:
            _behave(spec.note, run_name, attempt)
        for step in range(1, STEPS + 1):
            time.sleep(STEP_SECONDS)
            if should_stop():
                yield Ended("stopped", Message("Stopped by hand."))
                return
            yield Progress(epoch, step, STEPS, loss(spec, epoch))
        yield EpochEnd(epoch, (Metrics(loss(spec, epoch), 0.5),), 0.1, 0.001, checkpoint=str(epoch))
    yield Finished((Result(0.5, 0.5, spec.epochs, f"models/{run_name}/x", Snapshot(spec.epochs, "x")),))


def _behave(note: str, run_name: str, attempt: int) -> None:
    if note == "meet":
        marker(f"{run_name}-met").touch()
        _wait_until(lambda: len(list(data_folder().glob("*-met"))) > 1)
    elif note == "until it must finish":
        _wait_until(marker(f"received-{Command.FINISH}").exists)
    elif note == "until taken over" and attempt == 1:
        _wait_until(marker(f"{run_name}-attempt-2").exists)
    elif note == "long step":
        time.sleep(LONG)
    elif note == "error":
        raise ZeroDivisionError("the toy divided by zero")
    elif note == "no memory":
        raise MemoryError
    elif note == "die":
        logs.write("the toy's last words")
        os.kill(os.getpid(), signal.SIGKILL)


def marker(name: str) -> Path:
    """A file by which the processes of a test tell one another how far they are."""
    return data_folder() / name


def _wait_until(condition: Callable[[], object]) -> None:
    while not condition():
        time.sleep(0.02)


class RecordingChannel(ControlChannel):
    """Leaves a marker for each command that arrives."""

    def receive(self, command: Command) -> None:
        super().receive(command)
        marker(f"received-{command}").touch()


def with_pauses(train: worker.Train) -> worker.Train:
    """A training that stands still where the note of its run says so."""

    def training(
        spec: RunSpec,
        run_name: str,
        *,
        attempt: int = 1,
        checkpoint: str | None = None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Iterator[Event]:
        epochs = [int(number) for number in re.findall(r"\d+", spec.note)] if spec.note.startswith("hold after") else []
        done = 0

        def stop_or_hold() -> bool:
            if attempt <= len(epochs) and done >= epochs[attempt - 1]:
                time.sleep(LONG)
            return should_stop()

        for event in train(spec, run_name, attempt=attempt, checkpoint=checkpoint, should_stop=stop_or_hold):
            done = event.epoch if isinstance(event, EpochEnd) else done
            yield event

    return training


def load() -> worker.LoadedEngine:
    """The toy, or what goes wrong while it loads, or the real engine."""
    if os.environ.get("TOY_ENGINE") == "real":
        real = worker.load_training()
        return real._replace(train=with_pauses(real.train))
    trouble = os.environ.get("TOY_TROUBLE")
    if trouble == "import":
        raise ImportError("no module named toy")
    if trouble == "crash":
        logs.write("illegal instruction, says the toy")
        os._exit(3)
    return worker.LoadedEngine("toy", "CPU", with_pauses(toy_train))


def needed_by_dashboards() -> Callable[[], bool]:
    """Whether a dashboard is alive, with much patience until the test says that there is none."""
    patient, quick = NeededByDashboards(fresh=LONG, grace=LONG), NeededByDashboards(fresh=1, grace=2)

    def needed() -> bool:
        return quick() if marker(DASHBOARDS_GONE).exists() else patient()

    return needed


def main(role: str, *arguments: str) -> None:
    """Play a role."""
    lease.GRACE_SECONDS = float(os.environ.get("TOY_GRACE", lease.GRACE_SECONDS))
    pool.END_SECONDS = LONG
    queue.LEASE_SECONDS = liveness.WORKER_SECONDS = 2 * LONG
    worker.ControlChannel = RecordingChannel
    worker.MAX_RUNS = int(os.environ.get("TOY_MAX_RUNS", worker.MAX_RUNS))
    if role == "worker":
        worker.run(*arguments, load)
    elif role == "dashboard":
        pool_lifetime.POOL_COMMAND = (*MODULE, "pool", "1", "dashboard")
        pool_lifetime.LIVENESS_SECONDS = 0.2
        pool_lifetime.keep_workers()
        pool_lifetime.keep_workers()
        Path(arguments[0]).write_text("\n".join(thread.name for thread in threading.enumerate()))
        time.sleep(LONG)
    else:
        size, *dashboard = arguments
        with sole_pool():
            needed = needed_by_dashboards() if dashboard else lambda: True
            started = pool.Pool(int(size), needed, (*MODULE, "worker"))
            on_stop_signals(started.end)
            started.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
