"""Train one claimed run and record what it tells, behind the fence."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from mlpcore.errors import LeaseLostError, StoreError, TrainingError
from mlpcore.events import Ended, Event, Finished, Progress
from mlpcore.i18n.messages import N_
from mlpcore.paths import run_name
from mlpcore.spec import RunSpec
from mlpcore.store import metrics
from mlpcore.store.link import StoreLink
from mlpcore.workers import failures, logs
from mlpcore.workers.run_guard import Reason, Watch, settle

RECORD_SECONDS = 60.0
"""So long a run waits behind an epoch for a database that is locked or a disk that is full."""
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
    """How it went: whether the run's end stands in the store, and whether the process is still good for another."""

    settled: bool = True
    healthy: bool = True


def perform(
    watch: Watch,
    train: Train,
    link: StoreLink,
    *,
    listen: Callable[[Event], None] = lambda event: None,
    device: str | None = None,
    log: Path | None = None,
) -> Outcome:
    """Train the run of `watch` to its end, whatever that is; `listen` hears each event once it is recorded.

    No exception of the training leaves this function: the run fails with a sentence and the log's end.
    """
    log_start = logs.size(log) if log is not None else 0
    try:
        try:
            _follow(watch, train, link, listen)
        except (LeaseLostError, StoreError):
            raise
        except Exception as error:
            text = traceback.format_exc()
            if log is not None:
                logs.note(text)
                text = logs.tail(log, log_start) or text
            _record(link, watch, Ended("failed", failures.because_of(error, device), text))
            return Outcome(healthy=not failures.is_out_of_memory(error))
    except (LeaseLostError, StoreError) as error:
        logs.note(str(error))  # another worker has the run, or takes it over when the lease ends
        return Outcome(settled=False, healthy=isinstance(error, LeaseLostError))
    return Outcome()


def _follow(watch: Watch, train: Train, link: StoreLink, listen: Callable[[Event], None]) -> None:
    claim, end = watch.claim, None
    training = train(
        claim.spec,
        run_name(claim.run),
        attempt=claim.attempt,
        checkpoint=claim.checkpoint,
        should_stop=watch.must_stop,
    )
    with closing(cast(Generator[Event, None, None], training)) as events:
        for event in events:
            end = event if isinstance(event, Ended | Finished) else None
            if end is not None and watch.reason is Reason.WORKER_ENDS and isinstance(event, Ended):
                settle(link, watch)
            else:
                _record(link, watch, event)
                listen(event)
    if end is None:
        raise TrainingError(N_("Training ended without a result."))


def _record(link: StoreLink, watch: Watch, event: Event) -> None:
    """Record an event; one within an epoch may be missed, for the others a troubled database gets some time."""
    deadline = time.monotonic() + RECORD_SECONDS
    while True:
        try:
            return link(lambda db: metrics.record(db, watch.claim, event))
        except StoreError:
            if isinstance(event, Progress):
                return None
            if watch.must_stop() or time.monotonic() > deadline:
                raise
        time.sleep(RETRY_SECONDS)
