"""`python -m mlpcore train SPEC.json`, which trains a run in the foreground, and `worker`, which serves the queue."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from mlpcore.cli import UsageError
from mlpcore.cli.output import Output, redirect_library_output
from mlpcore.cli.training_report import BarReport, JsonReport, TrainingReport, final_record
from mlpcore.errors import StoreError
from mlpcore.events import Event
from mlpcore.import_blocker import without_unused_imports
from mlpcore.machine import worker_count
from mlpcore.paths import data_folder
from mlpcore.spec import RunSpec
from mlpcore.store import queue
from mlpcore.store.connection import StoreLink, opened
from mlpcore.store.liveness import Worker
from mlpcore.workers import processes
from mlpcore.workers.lease import Heartbeat, StopReason
from mlpcore.workers.pool import Pool, new_worker_id
from mlpcore.workers.pool_lifetime import NeededByDashboards, PoolRunsError, sole_pool
from mlpcore.workers.run_training import run_training


def train(source: str, as_json: bool) -> int:
    """Train the spec in the file `source` (`-`: standard input); the exit status.

    Raises `SpecError` and `UsageError` before anything is recorded.
    """
    spec = read_spec(source)
    return _Foreground(as_json).run(spec)


def serve_queue(workers: int | None, for_dashboard: bool) -> int:
    """Keep `workers` workers (None: as many as suit this machine) until Ctrl-C, or while a dashboard needs them.

    Raises `StoreError` where the database cannot be used: without it no worker has anything to train.
    """
    count = workers or max(1, worker_count())
    processes.lower_priority()
    try:
        with sole_pool():
            with opened():
                pass
            pool = Pool(count, NeededByDashboards() if for_dashboard else lambda: True)
            processes.on_stop_signals(pool.end)
            _print(f"{count} worker(s) serve {data_folder()}; Ctrl-C ends them and gives their runs back to the queue.")
            pool.run()
            _print("The workers have ended.")
    except PoolRunsError:
        if not for_dashboard:
            raise
    except OSError as error:
        text = "The data folder {path} cannot be written: {reason}."
        raise StoreError(text, path=str(data_folder()), reason=error.strerror or str(error)) from error
    return 0


def _print(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def read_spec(source: str) -> RunSpec:
    """The validated spec in a file, or on standard input for `-`."""
    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        return RunSpec.from_json(data.decode("utf-8-sig"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError("The spec {source} cannot be read: {reason}.", source=source, reason=reason) from error
    except UnicodeDecodeError as error:
        raise UsageError("The spec {source} is not text in UTF-8.", source=source) from error


class _Foreground:
    """One run in this process: its training with heartbeat and report, and its orderly end on a signal."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._out = Output(closed=self._stop)
        self._heartbeat = Heartbeat(Worker(new_worker_id(), os.getpid(), "busy", None, None), self._exit_process)
        self._stopping = False
        self._ended = threading.Lock()
        self._status = 1
        self._run_id = 0
        self._report: TrainingReport

    def run(self, spec: RunSpec) -> int:
        """Train to the end; the exit status."""
        processes.on_stop_signals(self._stop)
        with opened() as db:
            claim = queue.enqueue_and_claim(db, spec, self._heartbeat.worker.id)
        self._run_id = claim.run
        log = redirect_library_output(self._heartbeat.worker.id)
        self._report = JsonReport(self._out, claim.run) if self._as_json else BarReport(self._out, claim.run, spec)
        self._heartbeat.start()
        with self._heartbeat.guarding(claim) as guard:
            if self._stopping:
                guard.request_stop(StopReason.CANCELLED)
            run_training(guard, _train, StoreLink(), listen=self._report.write_event, log=log)
        self._heartbeat.stop()
        return self._write_end()

    def _stop(self) -> None:
        self._stopping = True
        self._heartbeat.request_stop(StopReason.CANCELLED)

    def _exit_process(self, reason: StopReason) -> None:
        """End this process in the middle of a training that does not stop by itself."""
        os._exit(self._write_end())

    def _write_end(self) -> int:
        if self._ended.acquire(blocking=False):
            record = final_record(self._run_id)
            self._report.write_end(record)
            if "message" in record:
                print(record["message"], file=sys.stderr, flush=True)
            self._status = 0 if record["event"] == "finished" else 1
        return self._status


def _train(
    spec: RunSpec, run_name: str, *, attempt: int, checkpoint: str | None, should_stop: Callable[[], bool]
) -> Iterator[Event]:
    with without_unused_imports():
        from mlpcore import training  # noqa: PLC0415 - loads TensorFlow, once the run is recorded and guarded

        training.engine()
    return training.train(spec, run_name, attempt=attempt, checkpoint=checkpoint, should_stop=should_stop)
