"""The response to a client that follows something: an event stream, or one snapshot as JSON."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Coroutine, Iterator
from typing import Any, Generic, Protocol, TypeVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from mlpcore.errors import MLPLabError, RunNotFoundError
from mlpcore.i18n.catalogues import translations
from mlpcore.i18n.messages import N_
from mlpcore.live.reader import Reader, TooManyTopicsError
from mlpcore.live.topics import Topic

MAX_STREAMS = 2000
MAX_PER_ADDRESS = 1500
"""A whole lecture hall may have one address."""
PING_SECONDS = 10.0
FIRST_SECONDS = 10.0
"""How long a client waits for the first value of what it follows."""
SEND_SECONDS = 60.0
"""How long a client may not read before its stream is given up."""
RETRY_MILLISECONDS = 1000
"""How long a browser waits before it connects again."""

_UNAVAILABLE = N_("The server cannot read this at the moment. Try again.")
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    *((name.lower().encode(), value.encode()) for name, value in _HEADERS.items()),
]

V = TypeVar("V")


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


class Followed(Protocol, Generic[V]):
    """What one client follows, and what it has been sent of it."""

    name: str
    """The name of its events."""

    def topic(self, reader: Reader) -> contextlib.AbstractContextManager[Topic[V]]:
        """The topic, for as long as the client follows it."""

    def covered(self, value: V) -> bool:
        """Whether the value holds what this client follows; raises the error with which it is refused."""

    def message(self, value: V) -> tuple[str, bytes, bool]:
        """The id and the data of the next message, and whether it is the last one. It is taken as sent."""


class LiveResponse(Response, Generic[V]):
    """Sends a client what it follows, as a stream or once; errors are a status and a sentence as JSON."""

    def __init__(
        self, followed: Followed[V], reader: Reader, limits: StreamLimits, language: str, stream: bool
    ) -> None:
        self._followed, self._reader, self._limits = followed, reader, limits
        self._language, self._stream = language, stream
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        address = (scope.get("client") or ("",))[0]
        try:
            with contextlib.ExitStack() as stack:
                if self._stream:
                    stack.enter_context(self._limits.slot(address))
                topic = stack.enter_context(self._followed.topic(self._reader))
                await self._first_value(topic)
                if self._stream:
                    await _until_disconnected(self._send_events(topic, send), receive)
                    return
                assert topic.value is not None
                _id, data, _ended = self._followed.message(topic.value)
                response = Response(data, media_type="application/json", headers=_HEADERS)
        except MLPLabError as error:
            response = refusal(error, self._language)
        await response(scope, receive, send)

    async def _first_value(self, topic: Topic[V]) -> None:
        """Wait until the topic has a value that covers what this client follows."""
        try:
            async with asyncio.timeout(FIRST_SECONDS):
                number = topic.number
                while topic.value is None or not self._followed.covered(topic.value):
                    if topic.problem is not None:
                        raise topic.problem
                    if self._reader.closing:
                        raise MLPLabError(_UNAVAILABLE)
                    await topic.changed(number, FIRST_SECONDS)
                    number = topic.number
        except TimeoutError:
            raise MLPLabError(_UNAVAILABLE) from None

    async def _send_events(self, topic: Topic[V], send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _STREAM_HEADERS})
        number, ended = -1, False
        while not ended and not topic.failed and not self._reader.closing:
            if topic.number != number and topic.value is not None:
                number = topic.number
                event_id, data, ended = self._followed.message(topic.value)
                text = f"event: {self._followed.name}\nid: {event_id}\nretry: {RETRY_MILLISECONDS}\ndata: ".encode()
                await _send_body(send, text + data + b"\n\n")
            elif not await topic.changed(number, PING_SECONDS):
                await _send_body(send, b": ping\n\n")
        await _send_body(send, b"", last=True)


def refusal(error: MLPLabError, language: str) -> Response:
    """The response for an error: its sentence, and a status that says of which kind it is."""
    status = next((status for kind, status in _STATUSES.items() if isinstance(error, kind)), 503)
    text = json.dumps({"error": error.render(translations(language).gettext)}, ensure_ascii=False)
    return Response(text, status, _HEADERS, "application/json")


class BadRequestError(MLPLabError):
    """A parameter of an address is not what it should be."""


_STATUSES: dict[type[MLPLabError], int] = {
    BadRequestError: 400,
    RunNotFoundError: 404,
    TooManyStreamsError: 503,
    TooManyTopicsError: 503,
}


async def _send_body(send: Send, body: bytes, last: bool = False) -> None:
    async with asyncio.timeout(SEND_SECONDS):
        await send({"type": "http.response.body", "body": body, "more_body": not last})


async def _until_disconnected(sending: Coroutine[Any, Any, None], receive: Receive) -> None:
    """Send until there is nothing more to send, or the client is gone or no longer reads."""
    tasks = {asyncio.create_task(sending), asyncio.create_task(_disconnected(receive))}
    try:
        done, _left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        with contextlib.suppress(TimeoutError, OSError):
            task.result()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
