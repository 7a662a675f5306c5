"""Fixtures for tests in a real browser: servers, windows, and a check that nothing went wrong in them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from harness import APPS, HOW_TO_GET_A_BROWSER, PROJECT, Server, Visit, chromium, chromium_path
from playwright.sync_api import Browser

RESULTS = PROJECT / "test-results"

Serve = Callable[..., Server]
Open = Callable[..., Visit]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


_FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium_path() is None:
        if os.environ.get("CI"):
            pytest.fail(HOW_TO_GET_A_BROWSER)
        pytest.skip(HOW_TO_GET_A_BROWSER)
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def shared_server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Servers that live until the end of all tests, one for each script and its arguments."""
    servers: dict[tuple[str, ...], Server] = {}

    def serve(script: str = "dashboard.py", *arguments: str) -> Server:
        if (script, *arguments) not in servers:
            servers[script, *arguments] = Server(_path(script), tmp_path_factory.mktemp("data"), *arguments)
        return servers[script, *arguments]

    yield serve
    for server in servers.values():
        server.stop()


@pytest.fixture
def serve(browser: Browser, tmp_path: Path) -> Iterator[Serve]:
    """Start servers with fresh data folders (or the one given), which end with the test."""
    servers: list[Server] = []

    def start(script: str = "dashboard.py", *arguments: str, data: Path | None = None, **environment: str) -> Server:
        folder = data or tmp_path / f"data-{len(servers)}"
        servers.append(Server(_path(script), folder, *arguments, **environment))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Open windows: `visit(server, "leaderboard", locale="ja-JP", phone=True, scheme="dark")`.

    At the end of the test each of them must be free of errors; `visit.problems.clear()` forgives them.
    """
    visits: list[Visit] = []

    def open_window(server: Server, path: str = "", **window: object) -> Visit:
        visits.append(Visit(browser, server.url, **window))
        return visits[-1].goto(path)

    yield open_window
    failed = request.node.stash.get(_FAILED, True)
    try:
        if failed:
            _keep_screenshots(request.node.name, visits)
        else:
            for window in visits:
                window.assert_clean()
    finally:
        for window in visits:
            window.close()


@pytest.fixture
def look_inside(visit: Open, server: Server) -> Iterator[Open]:
    """Open the page Look inside of the module's `server`: `look_inside("?view=mistakes", phone=True)`."""
    windows: list[Visit] = []

    def open_window(query: str = "", **window: object) -> Visit:
        windows.append(visit(server, f"inspect{query}", **window))
        return windows[-1]

    yield open_window
    for window in windows:
        # A page below the app's root first looks for the server beside itself, and then finds it.
        window.problems[:] = [problem for problem in window.problems if "/inspect/_stcore/" not in problem]


def _keep_screenshots(test: str, visits: list[Visit]) -> None:
    RESULTS.mkdir(exist_ok=True)
    name = re.sub(r"\W+", "-", test)
    for number, window in enumerate(visits):
        if not window.page.is_closed():
            window.page.screenshot(path=RESULTS / f"{name}-{number}.png", full_page=True)
            print("\n".join(window.problems))


def _path(script: str) -> Path:
    return APPS / script if (APPS / script).exists() else PROJECT / script
