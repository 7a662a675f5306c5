"""A client of an ASGI app in the same process: whole responses, and streams that are read message by message.

Starlette's own TestClient returns a response only when it is complete, so it cannot read a stream that goes on.
"""

from __future__ import annotations

import asyncio
import json
from asyncio.events import _get_running_loop, _set_running_loop
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar
from urllib.parse import unquote

from tests.waiting import DEADLINE_SECONDS

App = Callable[..., Awaitable[None]]
T = TypeVar("T")


def run_async(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine, run in a new event loop.

    A browser that an earlier test of this process has started leaves an event loop running in this thread, which
    waits meanwhile: `asyncio.run` alone would refuse to start another one.
    """
    waiting = _get_running_loop()
    _set_running_loop(None)
    try:
        return asyncio.run(coroutine)
    finally:
        _set_running_loop(waiting)


class Stream:
    """A request and its response, which may go on until `leave`."""

    def __init__(self, app: App, address: str, headers: dict[str, str], client: str) -> None:
        path, _, query = address.partition("?")
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self.reads = asyncio.Event()
        """Whether the client takes what it is sent; cleared for one that does not."""
        self.reads.set()
        self._news = asyncio.Event()
        self._left = asyncio.Event()
        self._requested = False
        self._seen = 0
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(),
            "root_path": "", "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
            "client": (client, 50000), "server": ("testserver", 80),
        }  # fmt: skip
        self.task = asyncio.ensure_future(app(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        if not self._requested:
            self._requested = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        await self.reads.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message["body"]
        self._news.set()

    async def until(self, condition: Callable[[], Any]) -> None:
        """Wait until a condition is true."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            while not condition():
                self._news.clear()
                if self.task.done():
                    self.task.result()
                    assert condition(), self.body.decode()
                    return
                await asyncio.wait(
                    [asyncio.ensure_future(self._news.wait()), self.task], timeout=0.05, return_when="FIRST_COMPLETED"
                )

    @property
    def messages(self) -> list[dict[str, Any]]:
        """All messages so far: the JSON of each with its `event` and `id`."""
        found = []
        for part in self.body.decode().split("\n\n")[:-1]:
            if not part.startswith(":"):
                lines = dict(line.split(": ", 1) for line in part.splitlines())
                found.append(json.loads(lines["data"]) | {"_event": lines["event"], "_id": lines["id"]})
        return found

    async def message(self) -> dict[str, Any]:
        """The next message."""
        await self.until(lambda: len(self.messages) > self._seen)
        self._seen += 1
        return self.messages[self._seen - 1]

    async def message_with(self, condition: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """The next message for which a condition holds; those before it are skipped."""
        while not condition(message := await self.message()):
            pass
        return message

    async def complete(self) -> Stream:
        """The response when it has ended."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            await self.task
        return self

    async def leave(self) -> None:
        """Disconnect, and wait until the app has noticed."""
        self._left.set()
        await self.complete()


class AsgiClient:
    """A browser at one address."""

    def __init__(self, app: App, address: str = "192.0.2.1") -> None:
        self._app, self._address = app, address

    async def get(self, address: str, **headers: str) -> Stream:
        """The whole response to a request."""
        return await Stream(self._app, address, headers, self._address).complete()

    async def json(self, address: str) -> dict[str, Any]:
        """The JSON of a response."""
        content: dict[str, Any] = json.loads((await self.get(address)).body)
        return content

    def stream(self, address: str, last_id: str = "") -> Stream:
        """An event stream, as a browser requests it; `last_id` is of the last message of a connection that was lost."""
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last_id} if last_id else {})
        return Stream(self._app, address, headers, self._address)
