"""A worker process: loads its engine once, stays warm, and trains one run after the other.

A pool starts it as `python -m mlpcore.workers ID` and gives orders on its standard input.
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
from mlpcore.import_blocker import lean_imports
from mlpcore.paths import models_folder
from mlpcore.spec import RunSpec
from mlpcore.store import queue
from mlpcore.store.connection import opened, version
from mlpcore.store.link import StoreLink
from mlpcore.store.liveness import Worker
from mlpcore.store.queue import Claim
from mlpcore.workers import logs
from mlpcore.workers.control_channel import Order, Orders
from mlpcore.workers.failures import REPLACE_ME
from mlpcore.workers.heartbeat import Heartbeat
from mlpcore.workers.run_guard import Reason
from mlpcore.workers.run_training import Train, perform

LOOK_SECONDS = 0.02
CLAIM_SECONDS = 0.5
"""How often an idle worker looks whether the database has changed, and tries to claim a run although it has not:
a lease may have ended."""
TROUBLE_SECONDS = 2.0
ASLEEP_SECONDS = 5.0
MOST_RUNS = 100
"""Whatever an engine may leak from run to run, then a fresh worker takes over."""


class Engine(NamedTuple):
    """What a worker trains with; `worn` says whether a fresh process should take over."""

    name: str | None
    device: str | None
    train: Train
    worn: Callable[[], bool] = lambda: False


def serve(worker_id: str, load: Callable[[], Engine], orders_from: int) -> int:
    """Serve the queue until the pool wants otherwise; the exit code. `load` may take seconds."""
    log = logs.log_path(worker_id)
    heartbeat = Heartbeat(Worker(worker_id, os.getpid(), "starting", None, None), _leave, log)
    orders = Orders(on_end=lambda: heartbeat.ask(Reason.WORKER_ENDS))
    signal.signal(signal.SIGTERM, lambda *_: orders.give(Order.END))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    orders.follow(orders_from)
    heartbeat.start()
    try:
        return _serve(heartbeat, orders, *_loaded(load), log)
    finally:
        heartbeat.stop()


def _loaded(load: Callable[[], Engine]) -> tuple[Engine, bool]:
    """The engine, and whether it works; one that does not makes the next run fail with the reason."""
    try:
        return load(), True
    except Exception as error:
        logs.note(traceback.format_exc())
        reason = error

    def fail(*_: Any, **__: Any) -> Iterator[Event]:
        raise reason

    return Engine(None, None, fail), False


def _serve(heartbeat: Heartbeat, orders: Orders, engine: Engine, works: bool, log: Path) -> int:
    link = StoreLink()
    heartbeat.show(status="idle", device=engine.device, engine=engine.name)
    awake_at = time.time()
    trained = 0
    while orders.current is Order.SERVE and trained < MOST_RUNS:
        if time.time() - awake_at > ASLEEP_SECONDS:
            time.sleep(ASLEEP_SECONDS / 2)  # the machine slept: those who train renew their leases first
        seen = _version(link)
        claim = _claim(link, heartbeat.worker.id)
        if claim is None:
            awake_at = time.time()
            _wait_for_news(link, seen, orders)
            continue
        with heartbeat.watching(claim) as watch:
            if orders.must_end:
                watch.ask(Reason.WORKER_ENDS)
            outcome = perform(watch, engine.train, link, device=engine.device, log=log)
        trained += 1
        if not works:
            return 1
        if engine.worn() or not (outcome.settled and outcome.healthy):
            return REPLACE_ME
        awake_at = time.time()
    link.close()
    return REPLACE_ME if trained == MOST_RUNS else 0


def _wait_for_news(link: StoreLink, seen: int | None, orders: Orders) -> None:
    """Wait until the database is no longer as `seen`, or for `CLAIM_SECONDS`."""
    until = time.monotonic() + CLAIM_SECONDS
    while time.monotonic() < until and orders.current is Order.SERVE:
        time.sleep(LOOK_SECONDS)
        if _version(link) != seen:
            return


def _version(link: StoreLink) -> int | None:
    try:
        return link(version)
    except StoreError:
        return None  # whoever claims will say what is wrong


def _claim(link: StoreLink, worker_id: str) -> Claim | None:
    try:
        return link(lambda db: queue.claim(db, worker_id))
    except StoreError as error:
        logs.note(str(error))
        time.sleep(TROUBLE_SECONDS)
        return None


def _leave(reason: Reason) -> NoReturn:
    """End this process in the middle of a training that does not stop."""
    os._exit(0 if reason is Reason.WORKER_ENDS else REPLACE_ME)


def _load_training() -> Engine:
    with lean_imports():
        from mlpcore import training  # noqa: PLC0415 - loads TensorFlow, once the heartbeat beats

        engine = training.engine()
        if not _anything_waits():
            _warm_up(training.train)
    return Engine(engine.name, engine.device, training.train, training.worn)


def _anything_waits() -> bool:
    try:
        with opened() as db:
            return queue.open_counts(db)[0] > 0
    except StoreError:
        return False


def _warm_up(train: Train) -> None:
    """Train a little: the engine loads parts of itself at its first training, which then need not wait for them."""
    name = f"warm-up-{os.getpid()}"
    spec = RunSpec.from_dict({"dataset": "digits", "training_images": 64, "epochs": 1})
    try:
        for _ in train(spec, name, attempt=1, checkpoint=None, should_stop=lambda: False):
            pass
    except Exception:
        logs.note(traceback.format_exc())  # what is wrong will be told with the first run
    finally:
        shutil.rmtree(models_folder() / name, ignore_errors=True)


def run(worker_id: str, load: Callable[[], Engine] = _load_training) -> NoReturn:
    """Be a worker process, with orders from standard input."""
    code = serve(worker_id, load, sys.stdin.fileno())
    os._exit(code)  # the engine's own end takes time and has nothing to save
