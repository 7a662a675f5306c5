"""A worker process: loads its engine once, then trains one run after another without loading it again.

A pool starts it as `python -m mlpcore.workers ID` and sends commands to its standard input.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from mlpcore.errors import StoreError
from mlpcore.events import Event
from mlpcore.import_blocker import without_unused_imports
from mlpcore.paths import models_folder
from mlpcore.spec import RunSpec
from mlpcore.store import queue
from mlpcore.store.connection import StoreLink, opened, version
from mlpcore.store.liveness import Worker
from mlpcore.store.queue import Claim
from mlpcore.workers import logs
from mlpcore.workers.failures import REPLACE_WORKER
from mlpcore.workers.lease import Heartbeat, StopReason
from mlpcore.workers.processes import Command, ControlChannel
from mlpcore.workers.run_training import Train, run_training

CHECK_SECONDS = 0.02
"""How often an idle worker checks whether the database has changed."""
CLAIM_SECONDS = 0.5
"""How often an idle worker tries to claim a run although nothing has changed: a lease may have expired."""
RETRY_SECONDS = 2.0
ASLEEP_SECONDS = 5.0
MAX_RUNS = 100
"""After this many runs a fresh worker takes over, because an engine may leak memory from run to run."""


class LoadedEngine(NamedTuple):
    """What a worker trains with; `needs_recycling` returns whether a fresh process should take over."""

    name: str | None
    device: str | None
    train: Train
    needs_recycling: Callable[[], bool] = lambda: False


def serve(worker_id: str, load: Callable[[], LoadedEngine], commands_from: int) -> int:
    """Serve the queue until the pool ends it; return the exit code.

    `load` may take seconds; `commands_from` is the file descriptor of the control channel.
    """
    log = logs.log_path(worker_id)
    heartbeat = Heartbeat(Worker(worker_id, os.getpid(), "starting", None, None), _exit_process, log)
    channel = ControlChannel(on_end=lambda: heartbeat.request_stop(StopReason.WORKER_ENDS))
    signal.signal(signal.SIGTERM, lambda *_: channel.receive(Command.END))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel.listen(commands_from)
    heartbeat.start()
    try:
        return _serve(heartbeat, channel, *_loaded(load), log)
    finally:
        heartbeat.stop()


def _loaded(load: Callable[[], LoadedEngine]) -> tuple[LoadedEngine, bool]:
    """The engine, and whether it works; one that cannot be loaded makes the next run fail with the reason."""
    try:
        return load(), True
    except Exception as error:
        logs.write(traceback.format_exc())
        reason = error

    def fail(*_: Any, **__: Any) -> Iterator[Event]:
        raise reason

    return LoadedEngine(None, None, fail), False


def _serve(heartbeat: Heartbeat, channel: ControlChannel, engine: LoadedEngine, works: bool, log: Path) -> int:
    link = StoreLink()
    heartbeat.update_worker(status="idle", device=engine.device, engine=engine.name)
    awake_at = time.time()
    trained = 0
    while channel.current is Command.SERVE and trained < MAX_RUNS:
        if time.time() - awake_at > ASLEEP_SECONDS:
            time.sleep(ASLEEP_SECONDS / 2)  # the machine was asleep: busy workers renew their leases first
        last_version = _version(link)
        claim = _claim(link, heartbeat.worker.id)
        if claim is None:
            awake_at = time.time()
            _wait_for_change(link, last_version, channel)
            continue
        with heartbeat.guarding(claim) as guard:
            if channel.must_end:
                guard.request_stop(StopReason.WORKER_ENDS)
            outcome = run_training(guard, engine.train, link, device=engine.device, log=log)
        trained += 1
        if not works:
            return 1
        if engine.needs_recycling() or not (outcome.end_recorded and outcome.healthy):
            return REPLACE_WORKER
        awake_at = time.time()
    link.close()
    return REPLACE_WORKER if trained == MAX_RUNS else 0


def _wait_for_change(link: StoreLink, last_version: int | None, channel: ControlChannel) -> None:
    """Wait until the database has another version than `last_version`, at most `CLAIM_SECONDS`."""
    until = time.monotonic() + CLAIM_SECONDS
    while time.monotonic() < until and channel.current is Command.SERVE:
        time.sleep(CHECK_SECONDS)
        if _version(link) != last_version:
            return


def _version(link: StoreLink) -> int | None:
    try:
        return link(version)
    except StoreError:
        return None  # the next attempt to claim a run logs what is wrong


def _claim(link: StoreLink, worker_id: str) -> Claim | None:
    try:
        return link(lambda db: queue.claim(db, worker_id))
    except StoreError as error:
        logs.write(str(error))
        time.sleep(RETRY_SECONDS)
        return None


def _exit_process(reason: StopReason) -> NoReturn:
    """End this process in the middle of a training that does not stop."""
    os._exit(0 if reason is StopReason.WORKER_ENDS else REPLACE_WORKER)


def load_training() -> LoadedEngine:
    """Load the real engine; where no run waits, also what it loads only when it first trains."""
    with without_unused_imports():
        from mlpcore import training  # noqa: PLC0415 - loads TensorFlow, once the heartbeat beats

        engine = training.engine()
        if not _any_run_waits():
            _warm_up(training.train)
    return LoadedEngine(engine.name, engine.device, training.train, training.needs_recycling)


def _any_run_waits() -> bool:
    try:
        with opened() as db:
            return queue.open_counts(db)[0] > 0
    except StoreError:
        return False


def _warm_up(train: Train) -> None:
    """Train a small network, so that the first real run need not wait for what the engine loads at its first step."""
    name = f"warm-up-{os.getpid()}"
    spec = RunSpec.from_dict({"dataset": "digits", "training_images": 64, "epochs": 1})
    try:
        for _ in train(spec, name, attempt=1, checkpoint=None, should_stop=lambda: False):
            pass
    except Exception:
        logs.write(traceback.format_exc())  # the first run will fail with the same reason
    finally:
        shutil.rmtree(models_folder() / name, ignore_errors=True)


def run(worker_id: str, load: Callable[[], LoadedEngine] = load_training) -> NoReturn:
    """Run as a worker process, with commands from standard input."""
    code = serve(worker_id, load, sys.stdin.fileno())
    os._exit(code)  # the engine's own shutdown takes time and has nothing to save
