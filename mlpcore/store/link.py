"""A standing connection, for a thread that speaks to the store all the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import TypeVar

from sqlite_utils import Database

from mlpcore.store.connection import opened

REOPEN_SECONDS = 5.0
"""So that a database that was moved away or deleted is soon left alone."""

T = TypeVar("T")


class StoreLink:
    """Calls the store's functions on one connection, opened anew after an error and every few seconds.

    It belongs to one thread.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._db: Database | None = None
        self._opened_at = 0.0

    def __call__(self, work: Callable[[Database], T]) -> T:
        """The result of `work(db)`; raises what it raises, and `StoreError` where the database cannot be used."""
        if time.monotonic() - self._opened_at > REOPEN_SECONDS:
            self.close()
        try:
            return work(self._connected())
        except BaseException as error:
            self._db = None
            self._stack.__exit__(type(error), error, error.__traceback__)  # the store gives the error its name
            raise

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        self._db = None
        self._stack.close()

    def _connected(self) -> Database:
        if self._db is None:
            self._db = self._stack.enter_context(opened())
            self._opened_at = time.monotonic()
        return self._db
