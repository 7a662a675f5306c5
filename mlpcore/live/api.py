"""The read-only API for notebooks: `api/runs`, `api/runs/RUN` and `api/runs/RUN/epochs`, as JSON or CSV.

Runs come in the order of their ids, a part of the list at a time: each part is read in a thread while the client takes
the one before it. The ids of owners are never sent.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from mlpcore.errors import MLPLabError
from mlpcore.live.live_response import refusal
from mlpcore.live.request_parameters import language_of, member_of, run_id_of, whole_number
from mlpcore.live.run_topic import not_found
from mlpcore.store import members, metrics, runs
from mlpcore.store.connection import opened
from mlpcore.store.plain_runs import RUN_COLUMNS, as_json, csv_lines, plain_run
from mlpcore.store.run_record import METRICS

DEFAULT_LIMIT = 1000
MAX_LIMIT = 10_000
"""How many runs one request lists; `after` goes on."""
PART = 100
"""How many runs are read at a time."""
MAX_LISTS = 4
"""How many lists are read at the same time; others wait."""

EPOCH_COLUMNS = ("epoch", *METRICS, *(f"{name}_sd" for name in METRICS), "seconds", "learning_rate")
_NO_STORE = {"Cache-Control": "no-store"}

Row = Mapping[str, Any]


class ApiEndpoints:
    """Answers the addresses below `api/`."""

    def __init__(self) -> None:
        self._lists = asyncio.Semaphore(MAX_LISTS)

    async def api_runs(self, request: Request) -> Response:
        """The runs outside the trash with ids above `after`, at most `limit` of them."""
        try:
            after, limit = whole_number(request, "after", 0), whole_number(request, "limit", DEFAULT_LIMIT)
            first = await self._part(after, min(limit, MAX_LIMIT, PART))
        except MLPLabError as error:
            return refusal(error, language_of(request))
        parts = self._parts(first, min(limit, MAX_LIMIT))
        if _wants_csv(request):
            return StreamingResponse(_csv_parts(parts), headers=_NO_STORE, media_type="text/csv; charset=utf-8")
        return StreamingResponse(_json_parts(parts), headers=_NO_STORE, media_type="application/json")

    async def api_run(self, request: Request) -> Response:
        """One run with its networks, also from the trash."""
        return await _answer(request, _run_with_members)

    async def api_epochs(self, request: Request) -> Response:
        """The epochs of a run: the means over its networks, or those of the network `member`."""
        return await _answer(request, _epochs, EPOCH_COLUMNS)

    async def _parts(self, part: list[Row], left: int) -> AsyncIterator[list[Row]]:
        while part:
            yield part
            left -= len(part)
            part = await self._part(part[-1]["id"], min(left, PART)) if left > 0 else []

    async def _part(self, after: int, count: int) -> list[Row]:
        async with self._lists:
            return await asyncio.to_thread(_listed, after, count)


def _listed(after: int, count: int) -> list[Row]:
    with opened() as db:
        return [plain_run(run) for run in runs.listed_after(db, after, count)]


def _run_with_members(run_id: int, _member: int | None) -> Row:
    with opened() as db:
        run = runs.find(db, run_id)
        if run is None:
            raise not_found(run_id)
        return plain_run(run) | {"networks": [dataclasses.asdict(row) for row in members.members(db, run_id)]}


def _epochs(run_id: int, member: int | None) -> list[Row]:
    with opened() as db:
        if runs.find(db, run_id) is None:
            raise not_found(run_id)
        return list(metrics.epochs_after(db, run_id, member=member))


async def _answer(request: Request, read: Any, columns: Sequence[str] = (*RUN_COLUMNS, "networks")) -> Response:
    """What `read` finds about a run, as JSON or CSV."""
    as_csv = _wants_csv(request)

    def work() -> str:
        found = read(run_id_of(request), member_of(request))
        rows = found if isinstance(found, list) else [found]
        return _head(columns) + csv_lines(rows, columns) if as_csv else as_json(found)

    try:
        text = await asyncio.to_thread(work)
    except MLPLabError as error:
        return refusal(error, language_of(request))
    return Response(text, headers=_NO_STORE, media_type="text/csv; charset=utf-8" if as_csv else "application/json")


async def _json_parts(parts: AsyncIterator[list[Row]]) -> AsyncIterator[str]:
    before = "["
    async for part in parts:
        yield before + await asyncio.to_thread(_json_lines, part)
        before = ",\n"
    yield "]\n" if before != "[" else "[]\n"


def _json_lines(part: Iterable[Row]) -> str:
    return ",\n".join(map(as_json, part))


async def _csv_parts(parts: AsyncIterator[list[Row]]) -> AsyncIterator[str]:
    yield _head(RUN_COLUMNS)
    async for part in parts:
        yield await asyncio.to_thread(csv_lines, part, RUN_COLUMNS)


def _head(columns: Iterable[str]) -> str:
    return ",".join(columns) + "\r\n"


def _wants_csv(request: Request) -> bool:
    wanted = request.query_params.get("format")
    return wanted == "csv" or (wanted is None and "text/csv" in request.headers.get("accept", ""))
