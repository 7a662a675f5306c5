"""What the app does at its start and at its end, tried with the lifespan alone and with a real server."""

from __future__ import annotations

import asyncio
import http.client
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mlpcore.events import Progress
from mlpcore.live.lifespan import OPEN_NOTICE, lifespan, raise_open_files
from mlpcore.live.routes import LiveRoutes
from mlpcore.paths import PROJECT
from mlpcore.store import metrics, queue
from mlpcore.store.connection import opened
from mlpcore.workers import pool_lifetime
from tests.asgi_client import run_async
from tests.browser.harness import Server
from tests.factory.runs import spec_of
from tests.waiting import DEADLINE_SECONDS, wait_until

CALLS: list[str] = []


def prepare() -> None:
    CALLS.append("warm up")


def prepare_badly() -> None:
    raise RuntimeError("no pages")


@pytest.fixture(autouse=True)
def _noted(monkeypatch: pytest.MonkeyPatch) -> None:
    CALLS.clear()
    monkeypatch.setitem(sys.modules, "warm_up_of_test", sys.modules[__name__])
    monkeypatch.setattr(pool_lifetime, "keep_workers", lambda: CALLS.append("keep workers"))
    monkeypatch.setattr(pool_lifetime, "release_workers", lambda: CALLS.append("release workers"))


def run_lifespan(live: LiveRoutes, warm_up: str, address: str | None = "localhost") -> None:
    async def run() -> None:
        async with lifespan(live, address, f"warm_up_of_test:{warm_up}")(None):
            await asyncio.to_thread(wait_until, lambda: "keep workers" in CALLS)

    run_async(run())


def test_the_pages_are_prepared_before_the_workers_start_and_both_end_with_the_app() -> None:
    live = LiveRoutes()

    run_lifespan(live, "prepare")

    assert CALLS == ["warm up", "keep workers", "release workers"]
    assert live.endpoints.reader.closing


def test_workers_start_also_where_the_pages_cannot_be_prepared() -> None:
    run_lifespan(LiveRoutes(), "prepare_badly")

    assert CALLS == ["keep workers", "release workers"]


@pytest.mark.parametrize(("address", "open_to_all"), [(None, True), ("0.0.0.0", True), ("localhost", False)])
def test_a_server_that_all_can_reach_says_so_and_how_to_close_it(
    address: str | None, open_to_all: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    run_lifespan(LiveRoutes(), "prepare", address)

    assert (OPEN_NOTICE in capsys.readouterr().out) is open_to_all
    assert "--server.address=localhost" in OPEN_NOTICE


def test_the_process_may_open_as_many_files_as_the_system_allows() -> None:
    resource = pytest.importorskip("resource")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    program = (
        "import resource; from mlpcore.live.lifespan import raise_open_files;"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, (64, {hard})); raise_open_files();"
        "print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)

    assert int(done.stdout) == hard
    raise_open_files()


def test_the_app_imports_neither_the_pages_nor_the_store_before_it_listens() -> None:
    late = {"mlpcore.ui", "mlpcore.store", "pandas", "sqlite_utils"}
    program = f"import sys, dashboard; print(sorted({late!r} & set(sys.modules)))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


@pytest.mark.slow
def test_a_server_below_a_base_path_streams_and_ends_at_once_with_its_streams(data_folder: Path) -> None:
    with opened() as db:
        claim = queue.enqueue_and_claim(db, spec_of(), "w")
    server = Server("dashboard.py", data_folder, "--server.baseUrlPath=class/lab", MLPCORE_WORKERS="0")
    try:
        connections = []
        for path in (f"/class/lab/live/{claim.run}", f"/live/{claim.run}", "/class/lab/live"):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE_SECONDS)
            connection.request("GET", path, headers={"Accept": "text/event-stream", "Accept-Encoding": "gzip"})
            response = connection.getresponse()
            assert response.getheader("content-encoding") is None
            assert response.readline().startswith(b"event: ")
            connections.append((connection, response))
        with opened() as db:
            metrics.record(db, claim, Progress(1, 1, 44, 2.5))
        while b'"step":1' not in connections[0][1].readline():
            pass
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(timeout=DEADLINE_SECONDS)
        assert all(response.read() is not None for _connection, response in connections)
    finally:
        for connection, _response in connections:
            connection.close()
        server.stop()
    assert "Traceback" not in server.output()


@pytest.mark.slow
def test_workers_start_with_the_server_and_train_what_waits_with_nobody_there(data_folder: Path) -> None:
    with opened() as db:
        run = queue.enqueue(db, spec_of(epochs=1))
    server = Server(
        "dashboard.py", data_folder, MLPCORE_WORKERS="1", KERAS_BACKEND=os.environ.get("KERAS_BACKEND", "tensorflow")
    )
    try:
        with opened() as db:
            wait_until(lambda: db.execute("SELECT status FROM runs WHERE id = ?", [run]).fetchone()[0] == "finished")
    finally:
        server.stop()
