"""What the app does from its start to its end, besides serving pages."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import AsyncIterator, Callable
from types import FrameType
from typing import Any

from mlpcore.live.routes import LiveRoutes
from mlpcore.workers import pool_lifetime


def lifespan(live: LiveRoutes) -> Callable[[Any], contextlib.AbstractAsyncContextManager[None]]:
    """The lifespan of the app: it keeps the workers, and ends the streams when the server is told to stop."""

    @contextlib.asynccontextmanager
    async def run(_app: Any) -> AsyncIterator[None]:
        pool_lifetime.keep_workers()
        with _streams_end_on_signals(live):
            try:
                yield
            finally:
                live.reader.close()

    return run


@contextlib.contextmanager
def _streams_end_on_signals(live: LiveRoutes) -> Any:
    """End the streams when the process is told to stop: the server itself waits until all responses are complete."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def handler(number: int, frame: FrameType | None) -> None:
        live.reader.close()
        following = before[signal.Signals(number)]
        if callable(following):
            following(number, frame)

    for number in before:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, previous in before.items():
            if signal.getsignal(number) is handler:
                signal.signal(number, previous)
