"""The read-only API: what the command line lists, for notebooks, without the ids of owners."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlite_utils import Database
from starlette.applications import Starlette

from mlpcore.live import api
from mlpcore.live.routes import LiveRoutes
from mlpcore.paths import PROJECT
from mlpcore.store import metrics, queue, runs
from tests.asgi_client import AsgiClient, run_async
from tests.factory.runs import make_run, spec_of

OWNER = "a-secret-owner-id"


def with_client(test: Callable[[AsgiClient], Awaitable[None]]) -> None:
    run_async(test(AsgiClient(Starlette(routes=LiveRoutes().routes("lab")))))


def table(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode())))


def test_runs_are_listed_as_the_command_line_lists_them(db: Database) -> None:
    for index in range(3):
        make_run(db, spec_of(epochs=2, seed=index))
    queue.enqueue(db, spec_of(), owner=OWNER)
    command = [sys.executable, "-m", "mlpcore", "runs", "--json"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True)
    expected = {run["id"]: run for run in json.loads(done.stdout)}

    async def ask(client: AsgiClient) -> None:
        response = await client.get("/lab/api/runs")
        listed = json.loads(response.body)
        assert [run["id"] for run in listed] == sorted(expected)
        assert {run["id"]: run for run in listed} == expected
        assert OWNER not in response.body.decode()

    with_client(ask)


def test_long_lists_come_in_parts_and_go_on_after_a_run(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "PART", 2)
    ids = [make_run(db, spec_of(epochs=1)) for _ in range(7)]
    runs.trash(db, [ids[3]])

    async def ask(client: AsgiClient) -> None:
        listed = [run["id"] for run in json.loads((await client.get("/api/runs")).body)]
        assert listed == [run for run in ids if run != ids[3]]
        part = json.loads((await client.get(f"/api/runs?after={ids[1]}&limit=3")).body)
        assert [run["id"] for run in part] == [ids[2], ids[4], ids[5]]
        assert json.loads((await client.get(f"/api/runs?after={ids[-1]}")).body) == []
        assert json.loads((await client.get("/api/runs?limit=0")).body) == []
        by_accept = await client.get("/api/runs", Accept="text/csv")
        assert [int(row["id"]) for row in table(by_accept.body)] == listed

    with_client(ask)


def test_a_csv_holds_the_settings_as_json_and_no_formula(db: Database) -> None:
    make_run(db, spec_of(epochs=1, name="=1+1", note="two\nlines, and a comma"))

    async def ask(client: AsgiClient) -> None:
        response = await client.get("/api/runs?format=csv")
        (row,) = table(response.body)
        assert response.headers["content-type"].startswith("text/csv")
        assert (row["name"], row["note"], row["starred"]) == ("'=1+1", "two\nlines, and a comma", "0")
        assert json.loads(row["spec"])["epochs"] == 1

    with_client(ask)


def test_a_run_has_its_networks_and_each_its_epochs(db: Database) -> None:
    run = make_run(db, spec_of(epochs=3, repeats=2))

    async def ask(client: AsgiClient) -> None:
        found = await client.json(f"/api/runs/{run}")
        assert (found["id"], found["spec"]["repeats"], len(found["networks"])) == (run, 2, 2)
        assert "owner" not in found
        means = json.loads((await client.get(f"/api/runs/{run}/epochs")).body)
        assert means == metrics.epochs_after(db, run)
        second = json.loads((await client.get(f"/api/runs/{run}/epochs?member=1")).body)
        assert second == metrics.epochs_after(db, run, member=1)
        rows = table((await client.get(f"/api/runs/{run}/epochs?format=csv")).body)
        assert [float(row["val_loss"]) for row in rows] == [epoch["val_loss"] for epoch in means]
        (row,) = table((await client.get(f"/api/runs/{run}?format=csv")).body)
        assert [network["member"] for network in json.loads(row["networks"])] == [0, 1]

    with_client(ask)


REFUSED: list[tuple[str, int, str]] = [
    ("/api/runs/99", 404, "There is no run 99"),
    ("/api/runs/99/epochs?lang=ja", 404, "実験 99"),
    ("/api/runs/abc", 404, "not the number of a run"),
    ("/api/runs/-1/epochs", 404, "not the number of a run"),
    ("/api/runs?limit=-1", 400, "limit is not a whole number"),
    ("/api/runs?after=1e999", 400, "after is not a whole number"),
    ("/api/runs/1/epochs?member=x", 400, "not the number of a network"),
]


@pytest.mark.parametrize(("address", "status", "sentence"), REFUSED)
def test_what_is_not_there_is_refused_with_a_sentence(db: Database, address: str, status: int, sentence: str) -> None:
    async def ask(client: AsgiClient) -> None:
        response = await client.get(address)
        assert response.status == status
        assert sentence in json.loads(response.body)["error"]

    with_client(ask)


def test_a_damaged_run_is_listed_with_its_problem(db: Database) -> None:
    damaged, sound = make_run(db), make_run(db)
    with db.conn:
        db.execute("UPDATE runs SET spec = '{', loss = 9e999 WHERE id = ?", [damaged])

    async def ask(client: AsgiClient) -> None:
        listed: list[dict[str, Any]] = json.loads((await client.get("/api/runs")).body)
        assert [(run["id"], run["spec"] is None) for run in listed] == [(damaged, True), (sound, False)]
        assert "damaged" in listed[0]["problem"]
        assert (await client.get("/api/runs?format=csv")).status == 200

    with_client(ask)
