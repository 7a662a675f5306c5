"""Train one claimed run and record its events, for as long as this worker holds the run's lease."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from mlpcore.errors import DiskFullError, LeaseLostError, StoreError, TrainingError
from mlpcore.events import Ended, Event, Finished, Progress, Waiting
from mlpcore.i18n.messages import N_
from mlpcore.paths import run_name
from mlpcore.spec import RunSpec
from mlpcore.store import metrics, runs
from mlpcore.store.connection import StoreLink
from mlpcore.workers import failures, logs
from mlpcore.workers.lease import RunGuard, StopReason, record_end

RECORD_SECONDS = 60.0
"""How long a training waits, after an epoch, for a database that is locked."""
RETRY_SECONDS = 1.0


class Train(Protocol):
    """`training.train`, or something that behaves like it."""

    def __call__(
        self,
        spec: RunSpec,
        run_name: str,
        *,
        attempt: int,
        checkpoint: str | None,
        should_stop: Callable[[], bool],
    ) -> Iterator[Event]:
        """Yield the events of a training."""


@dataclass(frozen=True)
class Outcome:
    """Whether the run's end was recorded, and whether the process is still fit for another run."""

    end_recorded: bool = True
    healthy: bool = True


def run_training(
    guard: RunGuard,
    train: Train,
    link: StoreLink,
    *,
    listen: Callable[[Event], None] = lambda event: None,
    device: str | None = None,
    log: Path | None = None,
) -> Outcome:
    """Train the run of `guard` until it ends for any reason; `listen` gets each event once it is recorded.

    No exception of the training leaves this function: the run fails with a sentence and the end of the log.
    """
    log_start = logs.size(log) if log is not None else 0
    try:
        try:
            _record_all(guard, train, link, listen)
        except (LeaseLostError, StoreError):
            raise
        except Exception as error:
            text = traceback.format_exc()
            if log is not None:
                logs.write(text)
                text = logs.tail(log, log_start) or text
            _record(link, guard, Ended("failed", failures.failure_message(error, device), text))
            runs.remove_leftovers([guard.claim.run])
            return Outcome(healthy=not failures.is_out_of_memory(error))
    except (LeaseLostError, StoreError) as error:
        logs.write(str(error))  # another worker has the run, or takes it over when the lease expires
        return Outcome(end_recorded=False, healthy=isinstance(error, LeaseLostError))
    return Outcome()


def _record_all(guard: RunGuard, train: Train, link: StoreLink, listen: Callable[[Event], None]) -> None:
    claim, end = guard.claim, None
    training = train(
        claim.spec,
        run_name(claim.run),
        attempt=claim.attempt,
        checkpoint=claim.checkpoint,
        should_stop=guard.must_stop,
    )
    given_back = False
    with closing(cast(Generator[Event, None, None], training)) as events:
        for event in events:
            end = event if isinstance(event, Ended | Finished) else None
            given_back = guard.reason is StopReason.WORKER_ENDS and isinstance(event, Ended)
            if given_back:
                record_end(link, guard)
            else:
                _record(link, guard, event)
                listen(event)
    if isinstance(end, Ended) and not given_back:
        runs.remove_leftovers([claim.run])
    if end is None:
        raise TrainingError(N_("Training ended without a result."))


def _record(link: StoreLink, guard: RunGuard, event: Event) -> None:
    """Record an event. Progress within an epoch may be lost; other events wait while the database is unusable.

    On a full disk they wait until there is room, however long that takes.
    """
    deadline = time.monotonic() + RECORD_SECONDS
    while True:
        try:
            return link(lambda db: metrics.record(db, guard.claim, event))
        except StoreError as error:
            if isinstance(event, Progress | Waiting):
                return None
            late = time.monotonic() > deadline and not isinstance(error, DiskFullError)
            if guard.must_stop() or late:
                raise
        time.sleep(RETRY_SECONDS)
