"""Browsers without a browser: Streamlit's WebSocket protocol and event streams, hundreds of them in one process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

DEADLINE_SECONDS = 120.0


class PageSession:
    """A session with one page, as Streamlit's frontend opens it; it runs fragments again when the page asks for it."""

    def __init__(self, port: int, query: str = "", tick: Callable[[ForwardMsg], None] = lambda message: None) -> None:
        self._port, self._query, self._tick = port, query, tick
        self._socket: ClientConnection | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._finished = asyncio.Event()
        self.seconds = 0.0
        """From the first request to the end of the script's first run."""

    async def open(self) -> PageSession:
        """Load the page and wait until its script has run."""
        started = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        await reader.read()
        writer.close()
        self._socket = await connect(
            f"ws://127.0.0.1:{self._port}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            compression=None,
            open_timeout=DEADLINE_SECONDS,
        )
        await self._rerun()
        self._tasks.append(asyncio.ensure_future(self._receive()))
        async with asyncio.timeout(DEADLINE_SECONDS):
            await self._finished.wait()
        self.seconds = time.perf_counter() - started
        return self

    async def close(self) -> None:
        """Leave the page."""
        for task in self._tasks:
            task.cancel()
        if self._socket is not None:
            await self._socket.close()

    async def _rerun(self, fragment: str = "") -> None:
        assert self._socket is not None
        message = BackMsg()
        message.rerun_script.query_string = self._query
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = bool(fragment)
        message.rerun_script.context_info.timezone = "Asia/Tokyo"
        message.rerun_script.context_info.locale = "en-US"
        await self._socket.send(message.SerializeToString())

    async def _receive(self) -> None:
        assert self._socket is not None
        with contextlib.suppress(OSError, EOFError):
            async for data in self._socket:
                message = ForwardMsg()
                message.ParseFromString(data if isinstance(data, bytes) else data.encode())
                kind = message.WhichOneof("type")
                if kind == "script_finished":
                    self._finished.set()
                elif kind == "auto_rerun":
                    self._tasks.append(asyncio.ensure_future(self._repeat(message)))
                elif kind == "delta":
                    self._tick(message)

    async def _repeat(self, message: ForwardMsg) -> None:
        while True:
            await asyncio.sleep(message.auto_rerun.interval)
            await self._rerun(message.auto_rerun.fragment_id)


class StreamClient:
    """An event stream of a run; notes when each epoch arrived."""

    def __init__(self, port: int, run: int) -> None:
        self._port, self._run = port, run
        self.received: dict[int, float] = {}
        self.messages = 0
        self._task: asyncio.Task[None] | None = None
        self._first = asyncio.Event()

    async def open(self) -> StreamClient:
        """Connect, and wait for the first message."""
        self._task = asyncio.ensure_future(self._read())
        async with asyncio.timeout(DEADLINE_SECONDS):
            await self._first.wait()
        return self

    async def close(self) -> None:
        """Disconnect."""
        assert self._task is not None
        self._task.cancel()

    async def _read(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=2**22)
        try:
            writer.write(
                f"GET /live/{self._run} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n".encode()
            )
            while line := await reader.readline():
                if line.startswith(b"data: "):
                    self.messages += 1
                    now = time.time()
                    if b'"rows":{"epoch":[]' not in line:
                        for epoch in json.loads(line[6:])["rows"]["epoch"]:
                            self.received.setdefault(epoch, now)
                    self._first.set()
        finally:
            writer.close()
