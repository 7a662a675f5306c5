"""What the app does from its start to its end, besides serving pages."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from types import FrameType
from typing import Any

from mlpcore.live.routes import LiveRoutes

OPEN_TO_ALL = ("", "0.0.0.0", "::")
"""Addresses at which a server listens on all interfaces of its machine."""
OPEN_NOTICE = (
    "  Everybody who can reach this machine over the network can open the app. For this machine alone, start it with"
    " --server.address=localhost.\n"
)

_LOG = logging.getLogger(__name__)


def lifespan(
    live: LiveRoutes, address: str | None = None, warm_up: str | None = None
) -> Callable[[Any], contextlib.AbstractAsyncContextManager[None]]:
    """The lifespan of an app that listens on `address` (None: on all interfaces).

    In a thread of its own it imports what the pages need, calls the function `warm_up` (`package.module:function`), and
    then starts the workers: runs that wait are trained also where nobody visits. At the end it ends the streams, which
    the server would wait for.
    """

    @contextlib.asynccontextmanager
    async def run(_app: Any) -> AsyncIterator[None]:
        raise_open_files()
        if (address or "") in OPEN_TO_ALL:
            print(OPEN_NOTICE, flush=True)
        threading.Thread(target=_prepare, args=(live, warm_up), name="warm-up", daemon=True).start()
        with _streams_end_on_signals(live):
            try:
                yield
            finally:
                live.close()
                await asyncio.to_thread(_release_workers)

    return run


def raise_open_files() -> None:
    """Allow this process as many open files as the system lets it have: a session takes four, a stream one."""
    try:
        resource = importlib.import_module("resource")
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _prepare(live: LiveRoutes, warm_up: str | None) -> None:
    try:
        if warm_up is not None:
            module, name = warm_up.split(":")
            getattr(importlib.import_module(module), name)()
        _ = live.endpoints
    except Exception:  # then the first page is slow, or says what is wrong
        _LOG.exception("the pages could not be prepared")
    importlib.import_module("mlpcore.workers.pool_lifetime").keep_workers()


def _release_workers() -> None:
    importlib.import_module("mlpcore.workers.pool_lifetime").release_workers()


@contextlib.contextmanager
def _streams_end_on_signals(live: LiveRoutes) -> Iterator[None]:
    """End the streams when the process is told to stop: the server waits until all responses are complete."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def handler(number: int, frame: FrameType | None) -> None:
        live.close()
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
