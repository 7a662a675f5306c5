"""Recording an epoch, durable against a crash of the process: `python -m benchmarks.recording`.

Compared with published figures of TensorBoard and MLflow, with a plain SQLite insert of a row, and with writing
40 bytes to a file that is synced after each epoch.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import struct
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.report import Figure, percentile, print_figures
from mlpcore.events import EpochEnd, Event, Member, Metrics, Progress, Started
from mlpcore.spec import RunSpec
from mlpcore.store import metrics, queue
from mlpcore.store.connection import Database, opened
from mlpcore.store.queue import Claim

EPOCHS = 2000


def milliseconds(work: Callable[[int], object], times: int = EPOCHS) -> list[float]:
    times_taken = []
    for number in range(1, times + 1):
        started = time.perf_counter()
        work(number)
        times_taken.append((time.perf_counter() - started) * 1000)
    return times_taken


def milliseconds_to_record(db: Database, claim: Claim, event: Event) -> float:
    started = time.perf_counter()
    metrics.record(db, claim, event)
    return (time.perf_counter() - started) * 1000


def epoch(number: int) -> EpochEnd:
    return EpochEnd(number, (Metrics(1 / number, 0.9, 1 / number, 0.9),), 0.7, 0.001, checkpoint=f"models/1/{number}")


def plain_insert(folder: Path) -> list[float]:
    db = sqlite3.connect(folder / "plain.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("CREATE TABLE epochs (epoch INTEGER PRIMARY KEY, a REAL, b REAL, c REAL, d REAL)")
    times = milliseconds(lambda n: db.execute("INSERT INTO epochs VALUES (?, 1, 2, 3, 4)", [n]))
    db.close()
    return times


def fsynced_file(folder: Path) -> list[float]:
    with (folder / "events").open("ab", buffering=0) as file:

        def write(number: int) -> None:
            file.write(struct.pack("<q4d", number, 1, 2, 3, 4))
            os.fsync(file.fileno())

        return milliseconds(write, 200)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MLPCORE_DATA"] = folder
        with opened() as db:
            queue.enqueue(db, RunSpec())
            claim = queue.claim(db, "benchmark")
            assert claim is not None
            metrics.record(db, claim, Started("CPU", "tensorflow", {}, 2410, 44, (Member(claim.spec.seed),)))
            steps: list[float] = []
            epochs: list[float] = []
            for number in range(1, EPOCHS + 1):
                # Each epoch has three points of the running loss.
                events: list[Event] = [Progress(number, step, 44, 0.5) for step in (11, 22, 33)]
                events.append(epoch(number))
                *of_points, of_epoch = (milliseconds_to_record(db, claim, event) for event in events)
                steps += of_points
                epochs.append(of_epoch)
        plain, synced = plain_insert(Path(folder)), fsynced_file(Path(folder))
    published = [("TensorBoard, published", 1.3), ("MLflow, published", 13.6)]
    measured = [
        ("one plain SQLite insert", statistics.median(plain)),
        ("40 bytes and fsync", statistics.median(synced)),
    ]
    print_figures(
        "Recording",
        [
            Figure("an epoch, median", statistics.median(epochs), "ms", 0.3, [*published, *measured]),
            Figure("an epoch, p95", percentile(epochs, 0.95), "ms"),
            Figure("progress within an epoch, median", statistics.median(steps), "ms"),
        ],
        ["sqlite-utils"],
    )


if __name__ == "__main__":
    main()
