"""A lecture hall that watches a training, on a web process with one core: `python -m benchmarks.hall`.

Watchers are raw clients: a WebSocket session that has opened the Train page, and the event stream of its chart. The web
process has one core, the clients and the training the others. A training is played into the database at the pace of a
real one (progress every 0.15 s, an epoch every second), because a real one would take the core of the clients. The lag
of an epoch is the time from its commit to its arrival at a client. The same watchers as fragments that run again every
0.4 s, the way before event streams, are measured in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.raw_clients import PageSession, StreamClient
from benchmarks.report import Figure, percentile, print_figures
from mlpcore.events import EpochEnd, Member, Metrics, Progress, Started
from mlpcore.live.lifespan import raise_open_files
from mlpcore.spec import RunSpec
from mlpcore.spec.parameters import count_parameters
from mlpcore.store import metrics, queue
from mlpcore.store.connection import opened
from tests.browser.harness import Server

WATCHERS = (150, 500)
TICKING = (10, 20)
VISITORS, ARRIVAL_SECONDS = 100, 10.0
MEASURED_SECONDS = 20.0
LEAVE_SECONDS = 150.0
"""How long Streamlit keeps the sessions of those who left, and a while longer."""
EPOCH_SECONDS, PROGRESS_SECONDS = 1.0, 0.15
PAGE = Path(__file__).with_name("ticking_page.py")


def play_training() -> None:
    """Record a training at the pace of a real one; write the epochs with the times of their commits."""
    spec = RunSpec.from_dict({"dataset": "digits", "epochs": 1000})
    with opened() as db:
        claim = queue.enqueue_and_claim(db, spec, "hall")
        started = Started("CPU", "tensorflow", {}, count_parameters(spec), 44, (Member(spec.seed),))
        metrics.record(db, claim, started)
        print("run", claim.run, flush=True)
        for epoch in range(1, spec.epochs + 1):
            slices = round(EPOCH_SECONDS / PROGRESS_SECONDS)
            for step in range(1, slices + 1):
                time.sleep(EPOCH_SECONDS / slices)
                metrics.record(db, claim, Progress(epoch, round(44 * step / slices), 44, 1 / epoch))
            values = Metrics(1 / epoch, 1 - 1 / (epoch + 1), 1 / epoch, 1 - 1 / (epoch + 1))
            metrics.record(db, claim, EpochEnd(epoch, (values,), EPOCH_SECONDS, 0.001))
            print("epoch", epoch, time.time(), flush=True)
            queue.renew(db, claim)


class Hall:
    """A server on one core, and a training on another."""

    def __init__(self, script: str, folder: Path) -> None:
        self.server = Server(script, folder, MLPCORE_WORKERS="0")
        self.process = psutil.Process(self.server.process.pid)
        cores = sorted(os.sched_getaffinity(0))
        for thread in self.process.threads():
            os.sched_setaffinity(thread.id, cores[:1])
        self._log = folder / "training.log"
        environment = {**os.environ, "MLPCORE_DATA": str(folder)}
        with self._log.open("w") as log:
            command = [sys.executable, "-m", "benchmarks.hall", "--play"]
            self._training = subprocess.Popen(command, env=environment, stdout=log)
        while not (match := re.search(r"run (\d+)", self._log.read_text())):
            time.sleep(0.1)
        self.run = int(match[1])

    def commits(self) -> dict[int, float]:
        """When each epoch was committed."""
        return {int(e): float(t) for e, t in re.findall(r"epoch (\d+) ([\d.]+)\n", self._log.read_text())}

    async def measure(self, seconds: float = MEASURED_SECONDS) -> float:
        """The share of a core that the web process takes, measured for a while."""
        before, started = self.process.cpu_times(), time.perf_counter()
        await asyncio.sleep(seconds)
        after = self.process.cpu_times()
        return (after.user + after.system - before.user - before.system) / (time.perf_counter() - started)

    def megabytes(self) -> float:
        """The resident memory of the web process."""
        return float(self.process.memory_info().rss) / 1e6

    def stop(self) -> None:
        """End the training and the server."""
        self._training.terminate()
        self._training.wait()
        self.server.stop()


@contextmanager
def hall(script: str) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        running = Hall(script, Path(folder))
        try:
            yield running
        finally:
            running.stop()


async def open_all(clients: Sequence[Any], at_once: int = 8) -> None:
    places = asyncio.Semaphore(at_once)

    async def one(client: Any) -> None:
        async with places:
            await client.open()

    await asyncio.gather(*map(one, clients))


def lags(received: Sequence[dict[int, float]], commits: dict[int, float], since: float) -> list[float]:
    """Seconds from commits after `since` to each arrival."""
    return [at - commits[e] for arrivals in received for e, at in arrivals.items() if commits.get(e, 0) > since]


async def watch(running: Hall, count: int, with_pages: bool) -> tuple[list[Figure], float]:
    """Figures of this many watchers, and the share of a core for each."""
    query = f"run={running.run}"
    pages = [PageSession(running.server.port, query) for _ in range(count if with_pages else 0)]
    streams = [StreamClient(running.server.port, running.run) for _ in range(count)]
    await open_all(pages)
    await open_all(streams)
    await asyncio.sleep(3)
    since = time.time()
    share = await running.measure()
    measured = lags([stream.received for stream in streams], running.commits(), since)
    megabytes = running.megabytes()
    await asyncio.gather(*(client.close() for client in streams), *(page.close() for page in pages))
    pages_text = "pages and streams" if with_pages else "streams"
    limit = {150: 0.3, 500: 0.5}.get(count)
    figures = [
        Figure(f"{count} {pages_text}: lag of an epoch, p50", percentile(measured, 0.5), "s"),
        Figure(f"{count} {pages_text}: lag of an epoch, p95", percentile(measured, 0.95), "s", limit),
        Figure(f"{count} {pages_text}: web process", 100 * share, "%", 40 if count == 150 else None),
        Figure(f"{count} {pages_text}: memory", megabytes, "MB", 350 if count == 150 else None),
    ]
    return figures, share / count


async def arrive(running: Hall) -> list[Figure]:
    """Visitors who open the Train page within a few seconds."""
    pages = [PageSession(running.server.port) for _ in range(VISITORS)]

    async def visit(index: int) -> None:
        await asyncio.sleep(ARRIVAL_SECONDS * index / VISITORS)
        await pages[index].open()

    await asyncio.gather(*map(visit, range(VISITORS)))
    seconds = [page.seconds for page in pages]
    for page in pages:
        await page.close()
    what = f"{VISITORS} visitors within {ARRIVAL_SECONDS:g} s: the whole page"
    return [
        Figure(f"{what}, p50", percentile(seconds, 0.5), "s"),
        Figure(f"{what}, p95", percentile(seconds, 0.95), "s", 4),
    ]


async def tick(running: Hall, count: int) -> tuple[list[Figure], float]:
    """Figures of this many watchers whose page runs a fragment again and again, and the share of a core for each."""
    received: list[dict[int, float]] = [{} for _ in range(count)]

    def noted(index: int) -> Any:
        def note(message: ForwardMsg) -> None:
            if match := re.search(r'"epoch": ?(\d+), ?"progress"', message.delta.new_element.json.body):
                received[index].setdefault(int(match[1]), time.time())

        return note

    pages = [PageSession(running.server.port, f"run={running.run}", noted(index)) for index in range(count)]
    await open_all(pages)
    await asyncio.sleep(3)
    since = time.time()
    share = await running.measure()
    measured = lags(received, running.commits(), since)
    for page in pages:
        await page.close()
    figures = [
        Figure(f"{count} ticking fragments: lag of an epoch, p95", percentile(measured, 0.95), "s"),
        Figure(f"{count} ticking fragments: web process", 100 * share, "%"),
    ]
    return figures, share / count


async def in_the_hall(figures: list[Figure], quick: bool) -> float:
    with hall("dashboard.py") as running:
        await open_all([first := PageSession(running.server.port)])
        await first.close()
        figures += await arrive(running)
        more, each = await watch(running, WATCHERS[0], with_pages=True)
        figures += more
        if not quick:
            await asyncio.sleep(LEAVE_SECONDS)
            figures.append(Figure(f"memory after the {WATCHERS[0]} left", running.megabytes(), "MB", 250))
        figures += (await watch(running, WATCHERS[1], with_pages=False))[0]
        return each


async def ticking(figures: list[Figure]) -> float:
    each = 0.0
    with hall(str(PAGE)) as running:
        for count in TICKING:
            more, each = await tick(running, count)
            figures += more
    return each


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--play", action="store_true", help="record a training, for the program itself")
    parser.add_argument(
        "--quick", action="store_true", help="do not wait until the sessions of those who left are gone"
    )
    arguments = parser.parse_args()
    if arguments.play:
        play_training()
        return
    raise_open_files()
    cores = sorted(os.sched_getaffinity(0))
    figures: list[Figure] = []
    os.sched_setaffinity(0, cores[1:] or cores)
    stream = asyncio.run(in_the_hall(figures, arguments.quick))
    fragment = asyncio.run(ticking(figures))
    os.sched_setaffinity(0, cores)
    figures.append(
        Figure("web process for each watcher", 100 * stream, "%", None, [("a ticking fragment", 100 * fragment)])
    )
    print_figures("A lecture hall", figures, ["streamlit", "starlette", "uvicorn"])


if __name__ == "__main__":
    main()
