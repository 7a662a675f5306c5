"""How many streams may be open at the same time, in all and from one address."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator

from mlpcore.errors import MLPLabError
from mlpcore.i18n.messages import N_

MAX_STREAMS = 2000
MAX_PER_ADDRESS = 1500
"""A whole lecture hall may have one address."""


class TooManyStreamsError(MLPLabError):
    """As many streams are open as the server allows."""


class StreamLimits:
    """Counts the open streams. It belongs to the event loop."""

    def __init__(self, max_streams: int = MAX_STREAMS, max_per_address: int = MAX_PER_ADDRESS) -> None:
        self._max_streams, self._max_per_address = max_streams, max_per_address
        self._open: Counter[str] = Counter()

    @property
    def open(self) -> int:
        """The number of open streams."""
        return self._open.total()

    @contextlib.contextmanager
    def slot(self, address: str) -> Iterator[None]:
        """The place of one stream, for as long as the block lasts; raises `TooManyStreamsError`."""
        if self.open >= self._max_streams or self._open[address] >= self._max_per_address:
            raise TooManyStreamsError(N_("Too many pages follow this server at the same time. Try again in a minute."))
        self._open[address] += 1
        try:
            yield
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]
