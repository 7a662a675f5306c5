"""The signals by which a user or a system asks a process to end."""

from __future__ import annotations

import signal
from collections.abc import Callable

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def on_stop_signals(stop: Callable[[], None]) -> None:
    """From now on call `stop` instead of ending. It runs between any two steps of the main thread: take no lock."""
    for name in _NAMES:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stop())
