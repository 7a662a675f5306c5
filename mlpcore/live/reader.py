"""The thread that reads the database for all streams: once per run and change, however many clients follow."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from typing import Any, TypeVar

from mlpcore.errors import MLPLabError, StoreError
from mlpcore.i18n.catalogues import LANGUAGES, translations
from mlpcore.i18n.messages import N_
from mlpcore.live.topics import Reading, Topic
from mlpcore.store.connection import Database, StoreLink, version

POLL_SECONDS = 0.06
"""How often SQLite is asked whether another process has written: a look at one number in shared memory."""
UNUSABLE_SECONDS = 1.0
"""How long the reader waits after the database could not be used."""
MAX_TOPICS = 3000

_ERRORS_OF_DAMAGE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""The exceptions that values of unexpected types cause."""

_LOG = logging.getLogger(__name__)
T = TypeVar("T", bound=Topic[Any])


class TooManyTopicsError(MLPLabError):
    """More different runs are followed than the server can read."""


class Reader:
    """Reads topics while they are followed. Its thread starts with the first and ends when there are none."""

    def __init__(self) -> None:
        self.closing = False
        self._topics: dict[Hashable, Topic[Any]] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing is followed."""
        return self._thread is None

    @contextlib.contextmanager
    def follow(self, key: Hashable, make: Callable[[Hashable, asyncio.AbstractEventLoop], T]) -> Iterator[T]:
        """The topic of this key, made by `make` where nobody follows it yet, for as long as the block lasts.

        Called on the event loop. Raises `TooManyTopicsError`.
        """
        topic = self._followed(key, make)
        try:
            yield topic
        finally:
            topic.followers -= 1
            topic.left_at = time.monotonic()

    def read_now(self, topic: Topic[Any]) -> None:
        """Read a topic without waiting for a change."""
        topic.read_at = 0.0
        self._wake.set()

    def close(self) -> None:
        """End the thread, and let every stream end."""
        self.closing = True
        self._wake.set()
        for topic in list(self._topics.values()):
            topic.wake()

    def _followed(self, key: Hashable, make: Callable[[Hashable, asyncio.AbstractEventLoop], T]) -> T:
        with self._lock:
            topic = self._topics.get(key)
            if topic is None:
                if len(self._topics) >= MAX_TOPICS:
                    raise TooManyTopicsError(N_("Too many runs are followed at the same time. Try again in a minute."))
                topic = self._topics[key] = make(key, asyncio.get_running_loop())
            topic.followers += 1
            if self._thread is None and not self.closing:
                self._thread = threading.Thread(target=self._run, name="live-reader", daemon=True)
                self._thread.start()
        if topic.read_at == 0:
            self._wake.set()
        return topic  # type: ignore[return-value]

    def _run(self) -> None:
        for language in LANGUAGES:
            translations(language)  # read once, here and not on the event loop
        link, seen = StoreLink(), _Seen()
        while topics := self._remaining():
            self._wake.clear()
            pause = POLL_SECONDS
            try:
                link(lambda db: self._read(db, topics, seen))
            except StoreError as error:
                pause = UNUSABLE_SECONDS
                for topic in topics:
                    topic.outdated = True
                    topic.unusable_soon(error)
            except Exception:
                pause = UNUSABLE_SECONDS
                _LOG.exception("the streams cannot be read")
            self._wake.wait(pause)
        link.close()

    def _remaining(self) -> list[Topic[Any]]:
        """The topics that are still followed; without any the thread is over."""
        now = time.monotonic()
        with self._lock:
            for key in [key for key, topic in self._topics.items() if topic.abandoned(now)]:
                del self._topics[key]
            topics = [] if self.closing else list(self._topics.values())
            if not topics:
                self._thread = None
            return topics

    def _read(self, db: Database, topics: list[Topic[Any]], seen: _Seen) -> None:
        if seen.changed(db):
            for topic in topics:
                topic.outdated = True
        reading = seen.reading(db)
        now = time.monotonic()
        for topic in topics:
            if topic.due(now):
                try:
                    topic.read_and_publish(reading)
                except _ERRORS_OF_DAMAGE:  # what is wrong with one run must not stop the streams of the others
                    _LOG.exception("%r cannot be read", topic.key)
                    topic.fail_soon(topic.damage())


class _Seen:
    """The version of the database that was last seen, on the connection on which it was seen."""

    def __init__(self) -> None:
        self._db: Database | None = None
        self._version = -1
        self._reading: Reading | None = None

    def reading(self, db: Database) -> Reading:
        """The reading of this connection, at this moment."""
        if self._reading is None or self._reading.db is not db:
            self._reading = Reading(db)
        self._reading.now = time.time()
        return self._reading

    def changed(self, db: Database) -> bool:
        """Whether another connection has written, or this is another connection, perhaps to another file."""
        current = version(db)
        unchanged = db is self._db and current == self._version
        self._db, self._version = db, current
        return not unchanged
