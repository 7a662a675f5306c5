"""The addresses beside the pages, at the root and below the app's base path.

What answers them takes half a second to import, and is imported by the first request or by the app's lifespan, so that
the server listens at once.
"""

from __future__ import annotations

import asyncio
import importlib
from functools import partial
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

if TYPE_CHECKING:
    from mlpcore.live.endpoints import Endpoints

PATHS = {
    "/live": "overview",
    "/live/{run}": "run",
    "/api/runs": "api_runs",
    "/api/runs/{run}": "api_run",
    "/api/runs/{run}/epochs": "api_epochs",
}
"""The paths, each with the method of `Endpoints` that answers it."""


class LiveRoutes:
    """The routes, and the endpoints that share one reader and its limits."""

    def __init__(self) -> None:
        self._endpoints: Endpoints | None = None

    def routes(self, base_path: str = "") -> list[BaseRoute]:
        """All routes, at the root and below the base path."""
        bases = dict.fromkeys(("", f"/{base_path.strip('/')}".rstrip("/")))
        return [Route(base + path, partial(self._answer, name)) for base in bases for path, name in PATHS.items()]

    @property
    def endpoints(self) -> Endpoints:
        """The endpoints, imported where they are not yet."""
        if self._endpoints is None:
            endpoints: Endpoints = importlib.import_module("mlpcore.live.endpoints").Endpoints()
            self._endpoints = self._endpoints or endpoints
        return self._endpoints

    def close(self) -> None:
        """End all streams."""
        if self._endpoints is not None:
            self._endpoints.reader.close()

    async def _answer(self, name: str, request: Request) -> Response:
        if self._endpoints is None:
            await asyncio.to_thread(lambda: self.endpoints)
        response: Response = await getattr(self.endpoints, name)(request)
        return response
