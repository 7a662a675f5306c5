"""What many clients follow at once: a value that the reader's thread publishes to the event loop.

A client takes the newest value whenever it is ready for one. What a slow client missed is therefore never kept for it,
and a client that does not read at all holds nothing but its place.
"""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Hashable
from typing import Generic, TypeVar

from mlpcore.errors import MLPLabError
from mlpcore.i18n.messages import N_
from mlpcore.store import liveness, queue_order
from mlpcore.store.connection import Database
from mlpcore.store.liveness import Worker
from mlpcore.store.queue_order import Wait

KEPT_SECONDS = 5.0
"""How long a topic that nobody follows is kept: the next snapshot of the same run needs no new reading."""

QUEUE_SECONDS = 0.4
"""How old the queue may be that a topic is shown."""

V = TypeVar("V")


class Reading:
    """The database as it is read for several topics at once; `now` is wall time.

    The queue is the same for all runs that wait, so it is read for all of them together, and not more often than it is
    worth.
    """

    def __init__(self, db: Database) -> None:
        self.db = db
        self.now = time.time()
        self._queue: tuple[list[Worker], dict[int, Wait]] | None = None
        self._queue_read_at = 0.0

    @property
    def queue(self) -> tuple[list[Worker], dict[int, Wait]]:
        """The workers that are alive, and the places of all runs that wait, in the order of their claims."""
        if self._queue is None or time.monotonic() - self._queue_read_at > QUEUE_SECONDS:
            self._queue = liveness.workers(self.db), queue_order.waits(self.db)
            self._queue_read_at = time.monotonic()
        return self._queue


class Topic(ABC, Generic[V]):
    """A value that is read from the database for all who follow it.

    `read` runs in the reader's thread, everything else on the event loop.
    """

    def __init__(self, key: Hashable, loop: asyncio.AbstractEventLoop) -> None:
        self.key = key
        self.value: V | None = None
        self.number = 0
        """How often a value was published."""
        self.problem: MLPLabError | None = None
        """Why there is no value, or no newer one."""
        self.failed = False
        """Whether there will be no other value."""
        self.followers = 0
        self.left_at = time.monotonic()
        self.read_at = 0.0
        """When it was last read, by the monotonic clock; 0 before."""
        self.outdated = True
        """Whether the database has changed since it was read."""
        self._loop = loop
        self._published = asyncio.Event()

    @abstractmethod
    def read(self, reading: Reading) -> V | None:
        """The newest value; None where it is the same as before. Called by the reader's thread."""

    @abstractmethod
    def pause(self) -> float:
        """Seconds to wait at least from one reading to the next after the database has changed."""

    @property
    def longest_pause(self) -> float:
        """Seconds after which it is read even where the database has not changed: texts also depend on the time."""
        return 1.0

    def due(self, now: float) -> bool:
        """Whether it is time to read it, by the monotonic clock."""
        age = now - self.read_at
        return self.read_at == 0 or age >= self.longest_pause or (self.outdated and age >= self.pause())

    def read_and_publish(self, reading: Reading) -> None:
        """Read it, and let the event loop publish a value that has changed. Called by the reader's thread."""
        self.outdated = False
        self.read_at = time.monotonic()
        value = self.read(reading)
        if value is not None:
            self.publish_soon(value)

    def publish_soon(self, value: V) -> None:
        """Let the event loop publish a value, from any thread."""
        self._loop.call_soon_threadsafe(self._publish, value)

    def unusable_soon(self, problem: MLPLabError) -> None:
        """Let the event loop know why there is no newer value at present, from any thread."""
        self._loop.call_soon_threadsafe(self._note, problem, False)

    def fail_soon(self, problem: MLPLabError) -> None:
        """Let the event loop end all streams of this topic, from any thread."""
        self._loop.call_soon_threadsafe(self._note, problem, True)

    def damage(self) -> MLPLabError:
        """The sentence for a value that cannot be read."""
        return MLPLabError(N_("What is stored about this is damaged."))

    def _note(self, problem: MLPLabError, failed: bool) -> None:
        self.problem, self.failed = problem, failed
        self.wake()

    def _publish(self, value: V) -> None:
        self.value, self.problem, self.failed = value, None, False
        self.number += 1
        self.wake()

    def wake(self) -> None:
        """Wake all who wait for a change."""
        waiting, self._published = self._published, asyncio.Event()
        waiting.set()

    async def changed(self, number: int, seconds: float) -> bool:
        """Wait until more than `number` values were published, or it was woken; False after `seconds`."""
        if self.number > number:
            return True
        try:
            async with asyncio.timeout(seconds):
                await self._published.wait()
        except TimeoutError:
            return False
        return True

    def abandoned(self, now: float) -> bool:
        """Whether nobody has followed it for a while, by the monotonic clock."""
        return self.followers == 0 and now - self.left_at > KEPT_SECONDS
