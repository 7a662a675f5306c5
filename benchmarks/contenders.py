"""The contenders of `benchmarks.engine`: each is a function that measures something in a process of its own."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import psutil

from benchmarks import plain_keras
from mlpcore.spec import RunSpec

EPOCHS = 5
REPEATS = 10
RUNS = 8
SPEC = RunSpec.from_dict(
    {"dataset": "mnist", "hidden": [{"units": 128, "dropout": 0.2}], "validation_split": 0, "epochs": EPOCHS}
)


def notebook() -> list[float]:
    """The seconds of each epoch of `model.fit`, as in the TensorFlow quickstart, with all cores."""
    return [seconds for seconds, _ in plain_keras.epochs(SPEC)]


def epochs() -> list[float]:
    """The seconds of each epoch as a worker trains them: recorded, with checkpoints and snapshots."""
    return list(_recorded(SPEC))


def _recorded(spec: RunSpec) -> Iterator[float]:
    """Train one run in this process and record it; the seconds of each epoch, the first with all before it."""
    from mlpcore import training  # noqa: PLC0415
    from mlpcore.events import EpochEnd  # noqa: PLC0415
    from mlpcore.import_blocker import without_unused_imports  # noqa: PLC0415
    from mlpcore.paths import run_name  # noqa: PLC0415
    from mlpcore.store import metrics, queue  # noqa: PLC0415
    from mlpcore.store.connection import opened  # noqa: PLC0415

    with without_unused_imports():
        training.engine()
    with opened() as db:
        started = time.perf_counter()
        queue.enqueue(db, spec)
        claim = queue.claim(db, "benchmark")
        assert claim is not None
        for event in training.train(claim.spec, run_name(claim.run)):
            metrics.record(db, claim, event)
            if isinstance(event, EpochEnd):
                yield time.perf_counter() - started
                started = time.perf_counter()


def members() -> list[float]:
    """Ten repeats as members of one run, and ten runs one after another, warm: seconds of each."""
    shorter = replace(SPEC, epochs=2)
    for _ in _recorded(shorter):
        pass
    for _ in _recorded(replace(shorter, repeats=REPEATS, epochs=1)):
        pass
    started = time.perf_counter()
    for _ in _recorded(replace(shorter, repeats=REPEATS)):
        pass
    together = time.perf_counter() - started
    started = time.perf_counter()
    for seed in range(1, REPEATS + 1):
        for _ in _recorded(replace(shorter, seed=seed)):
            pass
    return [together, time.perf_counter() - started]


def products() -> list[float]:
    """The seconds of an epoch's matrix products alone in NumPy: forward and backward, without the inputs' gradient."""
    rng = np.random.default_rng(0)
    batch, inputs, units, classes = 32, 784, 128, 10
    x, w1 = rng.random((batch, inputs), np.float32), rng.random((inputs, units), np.float32)
    h, w2 = rng.random((batch, units), np.float32), rng.random((units, classes), np.float32)
    d = rng.random((batch, classes), np.float32)
    seconds = []
    for _ in range(EPOCHS):
        started = time.perf_counter()
        for _ in range(60_000 // batch):
            _ = x @ w1, h @ w2, h.T @ d, d @ w2.T, x.T @ h
        seconds.append(time.perf_counter() - started)
    return seconds


def workers() -> list[float]:
    """Two workers: runs finished per hour; then, warm, seconds from queueing to the end of a run's first epoch, the
    median epoch of the same runs, and the peak memory of a worker in MB."""
    from mlpcore.store import liveness, metrics, queue, runs  # noqa: PLC0415
    from mlpcore.store.connection import Database, opened  # noqa: PLC0415

    def wait(done: Callable[[], bool]) -> None:
        while not done():
            for worker in liveness.workers(db):
                peaks.append(psutil.Process(worker.pid).memory_info().rss / 1e6)
            time.sleep(0.01)

    def idle(db: Database, count: int) -> bool:
        return sum(worker.status == "idle" for worker in liveness.workers(db)) == count

    def first_epoch(db: Database, seed: int) -> float:
        started = time.perf_counter()
        run = queue.enqueue(db, replace(SPEC, seed=seed))
        while not metrics.epochs_after(db, run):
            time.sleep(0.002)
        seconds = time.perf_counter() - started
        wait(lambda: runs.get(db, run).ended)
        return seconds

    pool = subprocess.Popen([sys.executable, "-m", "mlpcore", "worker", "--workers", "2"], stderr=subprocess.DEVNULL)
    peaks = [0.0]
    try:
        with opened() as db:
            wait(lambda: idle(db, 2))
            for batch in (2, RUNS):  # the first two compile and read the images
                started = time.perf_counter()
                ids = [queue.enqueue(db, replace(SPEC, seed=seed)) for seed in range(batch)]
                wait(lambda ids=ids: all(runs.get(db, run).ended for run in ids))  # type: ignore[misc]
                hourly = batch / (time.perf_counter() - started) * 3600
            firsts = [first_epoch(db, seed) for seed in range(6)]
            seconds = [row["seconds"] for row in db.query("SELECT seconds FROM epochs WHERE run > ?", [ids[-1]])]
        return [hourly, statistics.median(firsts), statistics.median(seconds), max(peaks)]
    finally:
        pool.terminate()
        pool.wait(60)


CONTENDERS: dict[str, Callable[[], list[float]]] = {
    f.__name__: f for f in (notebook, epochs, members, products, workers)
}
