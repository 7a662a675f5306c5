"""`live/RUN`: every follower gets each epoch once and in order, whatever happens to it, the server and the run."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database
from starlette.applications import Starlette

from mlpcore.events import Ended, EpochEnd, Member, Metrics, Progress, Started
from mlpcore.live import live_response, reader, topics
from mlpcore.live.live_response import StreamLimits
from mlpcore.live.routes import LiveRoutes
from mlpcore.spec.parameters import count_parameters
from mlpcore.store import metrics, queue, runs
from mlpcore.store.connection import opened
from mlpcore.store.queue import Claim
from tests.asgi_client import AsgiClient, run_async
from tests.factory.runs import make_run, spec_of
from tests.waiting import wait_until

BASE = "class/lab"


@contextlib.asynccontextmanager
async def served(live: LiveRoutes | None = None) -> AsyncIterator[AsgiClient]:
    """A client of a server that was just started."""
    live = live or LiveRoutes()
    try:
        yield AsgiClient(Starlette(routes=live.routes(BASE)))
    finally:
        live.close()
        await asyncio.to_thread(wait_until, lambda: "live-reader" not in {t.name for t in threading.enumerate()})


def with_client(test: Callable[[AsgiClient], Awaitable[None]]) -> None:
    async def run() -> None:
        async with served() as client:
            await test(client)

    run_async(run())


@pytest.fixture
def claim(db: Database) -> Claim:
    return claimed(db)


def claimed(db: Database, **settings: Any) -> Claim:
    spec = spec_of(**{"epochs": 6, **settings})
    claim = queue.enqueue_and_claim(db, spec, "w")
    metrics.record(db, claim, started(claim))
    return claim


def started(claim: Claim, epoch: int = 0) -> Started:
    members = tuple(Member(number) for number in range(claim.spec.members))
    return Started("CPU", "tensorflow", {}, count_parameters(claim.spec), 44, members, epoch)


def train(db: Database, claim: Claim, *epochs: int, scale: float = 1.0) -> None:
    for epoch in epochs:
        metrics.record(db, claim, Progress(epoch, 22, 44, scale / epoch))
        values = [Metrics(scale / epoch + n, 0.8, scale / epoch, 0.7) for n in range(claim.spec.members)]
        metrics.record(db, claim, EpochEnd(epoch, tuple(values), 0.5, 0.001))


def stop(db: Database, claim: Claim) -> None:
    metrics.record(db, claim, Ended("stopped", queue.STOPPED_BY_USER))


def epochs_of(messages: list[dict[str, Any]]) -> list[int]:
    return [epoch for message in messages for epoch in message["rows"]["epoch"]]


def test_a_follower_gets_what_there_is_and_then_each_epoch_until_the_run_ends(db: Database, claim: Claim) -> None:
    train(db, claim, 1, 2)

    async def follow(client: AsgiClient) -> None:
        stream = client.stream(f"/live/{claim.run}")
        first = await stream.message()
        assert (first["run"], first["attempt"], first["restarted"], first["ended"]) == (claim.run, 1, False, False)
        assert first["rows"] == {
            "epoch": [1, 2], "loss": [1.0, 0.5], "accuracy": [0.8, 0.8], "val_loss": [1.0, 0.5],
            "val_accuracy": [0.7, 0.7],
        }  # fmt: skip
        assert first["running_loss"] == {"position": [0.5, 1.5], "loss": [1.0, 0.5]}
        assert (first["best"], first["progress"]["epoch"], first["progress"]["epochs"]) == (2, 3, 6)
        assert (first["_event"], first["_id"]) == ("run", "1:2:1.5")
        train(db, claim, 3)
        await stream.message_with(lambda message: message["rows"]["epoch"] == [3])
        train(db, claim, 4)
        stop(db, claim)
        await stream.complete()
        assert epochs_of(stream.messages) == [1, 2, 3, 4]
        assert (stream.messages[-1]["ended"], stream.messages[-1]["progress"]["status"]) == (True, "Stopped")
        assert stream.headers["content-type"].startswith("text/event-stream")

    with_client(follow)


def test_progress_within_an_epoch_arrives_with_the_running_loss(db: Database, claim: Claim) -> None:
    async def follow(client: AsgiClient) -> None:
        stream = client.stream(f"/live/{claim.run}?lang=ja")
        assert (await stream.message())["progress"]["status"] == "準備しています…"
        metrics.record(db, claim, Progress(1, 11, 44, 2.25))
        message = await stream.message_with(lambda message: message["progress"]["step"])
        assert message["running_loss"] == {"position": [0.25], "loss": [2.25]}
        assert (message["progress"]["loss"], message["progress"]["status"]) == (2.25, "学習中")
        await stream.leave()

    with_client(follow)


def test_a_lost_stream_goes_on_where_it_was_also_on_a_server_that_was_restarted(db: Database, claim: Claim) -> None:
    received: list[dict[str, Any]] = []

    async def part(*epochs: int) -> None:
        async with served() as client:
            stream = client.stream(f"/live/{claim.run}?after=0", received[-1]["_id"] if received else "")
            received.append(await stream.message())
            for epoch in epochs:
                train(db, claim, epoch)
                received.append(await stream.message_with(lambda message: message["rows"]["epoch"]))
            await stream.leave()

    train(db, claim, 1)
    run_async(part(2))
    train(db, claim, 3, 4)
    run_async(part(5))
    run_async(part())

    assert epochs_of(received) == [1, 2, 3, 4, 5]
    assert [at for message in received for at in message["running_loss"]["position"]] == [0.5, 1.5, 2.5, 3.5, 4.5]
    assert not any(message["restarted"] for message in received)


def test_a_snapshot_holds_what_comes_after_the_cursor_in_the_address(db: Database, claim: Claim) -> None:
    train(db, claim, 1, 2, 3)

    async def ask(client: AsgiClient) -> None:
        everything = await client.json(f"/live/{claim.run}")
        rest = await client.json(f"/{BASE}/live/{claim.run}?after=2&loss_after=1.5")
        chosen = await client.get(f"/live/{claim.run}?snapshot=1", Accept="text/event-stream")
        assert everything["rows"]["epoch"] == [1, 2, 3]
        assert (rest["rows"]["epoch"], rest["running_loss"]["position"]) == ([3], [2.5])
        assert (chosen.headers["content-type"], chosen.headers["cache-control"]) == ("application/json", "no-store")

    with_client(ask)


def test_networks_of_a_run_are_followed_alone_or_as_their_mean_with_deviations(db: Database) -> None:
    claim = claimed(db, repeats=3)
    train(db, claim, 1, 2)

    async def ask(client: AsgiClient) -> None:
        mean = await client.json(f"/live/{claim.run}")
        assert (mean["rows"]["loss"], mean["rows"]["loss_sd"]) == ([2.0, 1.5], [1.0, 1.0])
        assert mean["running_loss"]["position"] == [0.5, 1.5]
        single = await client.json(f"/live/{claim.run}?member=2")
        assert (single["rows"]["loss"], single["best"]) == ([3.0, 2.5], 2)
        assert "loss_sd" not in single["rows"]
        assert single["running_loss"]["position"] == []  # it is the mean's
        stream = client.stream(f"/live/{claim.run}?member=1")
        assert epochs_of([await stream.message()]) == [1, 2]
        train(db, claim, 3)
        assert (await stream.message_with(lambda message: message["rows"]["epoch"]))["rows"]["loss"] == [
            pytest.approx(4 / 3, abs=1e-5)
        ]
        await stream.leave()

    with_client(ask)


def test_a_run_that_goes_on_from_its_checkpoint_continues_its_curves(db: Database, claim: Claim) -> None:
    train(db, claim, 1, 2, 3)

    async def follow(client: AsgiClient) -> None:
        stream = client.stream(f"/live/{claim.run}")
        await stream.message()
        again = queue.claim(db, "another", now=time.time() + 2 * queue.LEASE_SECONDS)
        assert again is not None
        metrics.record(db, again, started(again, epoch=2))
        train(db, again, 3, 4)
        message = await stream.message_with(lambda message: message["rows"]["epoch"])
        assert (message["attempt"], message["rows"]["epoch"], message["restarted"]) == (2, [4], False)
        await stream.leave()

    with_client(follow)


def test_a_run_whose_epochs_are_others_than_before_sends_all_of_them_anew(db: Database, claim: Claim) -> None:
    train(db, claim, 1, 2, 3)

    async def follow(client: AsgiClient) -> None:
        stream = client.stream(f"/live/{claim.run}")
        await stream.message()
        with db.conn:
            db.execute("DELETE FROM epoch_summaries WHERE run = ?", [claim.run])
            db.execute("UPDATE runs SET attempt = 2, epoch = 0 WHERE id = ?", [claim.run])
        again = Claim(claim.run, 2, claim.spec, None)
        metrics.record(db, again, started(again))
        train(db, again, 1, 2, scale=3.0)
        message = await stream.message_with(
            lambda message: message["rows"]["epoch"] == [1, 2] or message["rows"]["epoch"] == [2]
        )
        restarted = [message for message in stream.messages if message["restarted"]]
        assert restarted
        assert epochs_of(stream.messages[stream.messages.index(restarted[-1]) :])[-1] == 2
        assert message["rows"]["loss"][-1] == 1.5
        # Who comes back to a server that does not know what it had gets all of them too.
        back = client.stream(f"/live/{claim.run}", last_id="1:3:2.5")
        assert ((first := await back.message())["restarted"], first["rows"]["epoch"]) == (True, [1, 2])
        await back.leave()
        await stream.leave()

    with_client(follow)


def test_a_reader_that_knows_more_epochs_than_there_are_is_sent_all(db: Database, claim: Claim) -> None:
    train(db, claim, 1, 2)

    async def ask(client: AsgiClient) -> None:
        snapshot = await client.json(f"/live/{claim.run}?after=5")
        assert (snapshot["restarted"], snapshot["rows"]["epoch"]) == (True, [1, 2])

    with_client(ask)


def test_many_followers_cost_one_reading_of_each_change(
    db: Database, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []
    original = metrics.epochs_after

    def noted(db: Database, run_id: int, after: int = 0, member: int | None = None) -> list[dict[str, Any]]:
        reads.append(after)
        return original(db, run_id, after, member)

    monkeypatch.setattr(metrics, "epochs_after", noted)
    train(db, claim, 1, 2)

    async def follow(client: AsgiClient) -> None:
        streams = [client.stream(f"/live/{claim.run}") for _ in range(50)]
        for stream in streams:
            assert epochs_of([await stream.message()]) == [1, 2]
        metrics.record(db, claim, EpochEnd(3, (Metrics(0.1, 0.9),), 0.5, 0.001))
        for stream in streams:
            await stream.message_with(lambda message: message["rows"]["epoch"] == [3])
        await asyncio.gather(*(stream.leave() for stream in streams))

    with_client(follow)

    assert reads == [0, 1]


def test_a_follower_that_does_not_read_holds_nobody_up_and_gets_the_rest_at_once(db: Database, claim: Claim) -> None:
    async def follow(client: AsgiClient) -> None:
        slow, quick = client.stream(f"/live/{claim.run}"), client.stream(f"/live/{claim.run}")
        await asyncio.gather(slow.message(), quick.message())
        slow.reads.clear()
        for epoch in (1, 2, 3, 4):
            train(db, claim, epoch)
            await quick.message_with(lambda message: message["rows"]["epoch"])
        slow.reads.set()
        stop(db, claim)
        await asyncio.gather(slow.complete(), quick.complete())
        assert epochs_of(slow.messages) == epochs_of(quick.messages) == [1, 2, 3, 4]
        assert len(slow.messages) < len(quick.messages)

    with_client(follow)


def test_one_that_never_reads_again_is_given_up(db: Database, claim: Claim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_response, "SEND_SECONDS", 0.05)
    live = LiveRoutes()

    async def follow() -> None:
        async with served(live) as client:
            stream = client.stream(f"/live/{claim.run}")
            await stream.message()
            stream.reads.clear()
            train(db, claim, 1)
            await stream.complete()
            assert live.endpoints.limits.open == 0

    run_async(follow())


def test_streams_that_are_left_free_their_place_and_their_reader(
    db: Database, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topics, "KEPT_SECONDS", 0.0)
    live = LiveRoutes()

    async def follow() -> None:
        async with served(live) as client:
            streams = [client.stream(f"/live/{claim.run}") for _ in range(5)]
            for stream in streams:
                await stream.message()
            assert live.endpoints.limits.open == 5
            await asyncio.gather(*(stream.leave() for stream in streams))
            assert live.endpoints.limits.open == 0
            await asyncio.to_thread(wait_until, lambda: live.endpoints.reader.idle)

    run_async(follow())


def test_more_streams_than_allowed_are_refused_with_a_sentence_and_snapshots_still_answer(
    db: Database, claim: Claim
) -> None:
    live = LiveRoutes()
    live.endpoints.limits = StreamLimits(max_streams=3, max_per_address=2)

    async def follow() -> None:
        async with served(live) as client:
            open_streams = [client.stream(f"/live/{claim.run}") for _ in range(2)]
            for stream in open_streams:
                await stream.message()
            refused = await client.stream(f"/live/{claim.run}").complete()
            assert refused.status == 503
            assert "Too many pages" in refused.body.decode()
            assert (await client.json(f"/live/{claim.run}"))["run"] == claim.run
            await open_streams[0].leave()
            again = client.stream(f"/live/{claim.run}")
            await again.message()
            await asyncio.gather(again.leave(), open_streams[1].leave())

    run_async(follow())


NONSENSE = ["-1", "1e999", "abc", "%00", "9" * 400, "'; DROP TABLE runs; --", "NaN", "%F0%9F%98%80", "../../etc"]


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_in_an_address_costs_at_most_a_sentence(db: Database, claim: Claim, text: str) -> None:
    train(db, claim, 1)

    async def ask(client: AsgiClient) -> None:
        if "/" not in text:
            assert (await client.get(f"/live/{text}")).status == 404
        assert (await client.get(f"/live/{claim.run}?member={text}")).status == 400
        ignored = await client.json(f"/live/{claim.run}?after={text}&loss_after={text}&lang={text}&snapshot={text}")
        assert ignored["progress"]["status"] == "Running"
        assert (await client.json(f"/live?lang={text}"))["training"] == 1
        stream = client.stream(f"/live/{claim.run}", last_id=text)
        assert (await stream.message())["run"] == claim.run
        await stream.leave()

    with_client(ask)


def test_unknown_runs_and_networks_are_refused(db: Database, claim: Claim) -> None:
    async def ask(client: AsgiClient) -> None:
        for language, sentence in (("en", "There is no run 99"), ("ja", "実験 99")):
            unknown = await client.get(f"/live/99?lang={language}")
            assert (unknown.status, sentence in unknown.body.decode()) == (404, True)
        assert (await client.stream("/live/99").complete()).status == 404
        assert (await client.get(f"/live/{claim.run}?member=1")).status == 400

    with_client(ask)


def test_a_run_in_the_trash_is_followed_and_one_that_is_purged_ends_its_streams(db: Database, claim: Claim) -> None:
    train(db, claim, 1)
    runs.trash(db, [claim.run])

    async def follow(client: AsgiClient) -> None:
        stream = client.stream(f"/live/{claim.run}")
        assert epochs_of([await stream.message()]) == [1]
        with db.conn:
            db.execute("DELETE FROM runs WHERE id = ?", [claim.run])
        await stream.complete()
        assert stream.messages[-1]["ended"]
        assert (await client.get(f"/live/{claim.run}")).status == 404

    with_client(follow)


@pytest.mark.parametrize(
    "column", ["epoch = -5", "epochs = 0", "steps = -1", "spec = '{'", "status = 'odd'", "created_at = 9e999"]
)
def test_a_damaged_row_ends_no_stream_of_another_run(db: Database, claim: Claim, column: str) -> None:
    damaged = make_run(db, spec_of(epochs=3))
    db.execute("PRAGMA ignore_check_constraints = ON")
    with db.conn:
        db.execute(f"UPDATE runs SET {column} WHERE id = ?", [damaged])

    async def follow(client: AsgiClient) -> None:
        stream = client.stream(f"/live/{claim.run}")
        await stream.message()
        assert (await client.get(f"/live/{damaged}")).status in (200, 503)
        train(db, claim, 1)
        assert await stream.message_with(lambda message: message["rows"]["epoch"] == [1])
        await stream.leave()

    with_client(follow)


def test_a_database_that_is_replaced_while_it_is_followed_is_read_again(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlpcore.store.connection.REOPEN_SECONDS", 0.0)
    with opened() as db:
        first = claimed(db)
        train(db, first, 1, 2, 3)

    async def follow(client: AsgiClient) -> None:
        stream = client.stream(f"/live/{first.run}")
        await stream.message()
        with opened(data_folder / "other" / "mlplab.db") as db:
            train(db, claimed(db), 1, scale=7.0)
        for name in ("mlplab.db-wal", "mlplab.db-shm"):
            (data_folder / name).unlink(missing_ok=True)
        (data_folder / "other" / "mlplab.db").replace(data_folder / "mlplab.db")
        message = await stream.message_with(lambda message: message["rows"]["loss"] == [7.0])
        assert message["restarted"]
        await stream.leave()

    with_client(follow)


def test_while_the_database_cannot_be_used_streams_wait_and_others_are_refused(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlpcore.store.connection.REOPEN_SECONDS", 0.0)
    monkeypatch.setattr(reader, "UNUSABLE_SECONDS", 0.05)
    with opened() as db:
        claim = claimed(db)
        train(db, claim, 1)
    kept = data_folder.with_name("kept")

    async def follow(client: AsgiClient) -> None:
        stream = client.stream(f"/live/{claim.run}")
        await stream.message()
        shutil.copytree(data_folder, kept)
        for path in data_folder.glob("mlplab.db*"):
            path.unlink()
        (data_folder / "mlplab.db").mkdir()
        refused = await client.get(f"/live/{claim.run + 1}")
        assert (refused.status, "cannot be used" in refused.body.decode()) == (503, True)
        assert not stream.task.done()
        (data_folder / "mlplab.db").rmdir()
        for path in kept.glob("mlplab.db*"):
            shutil.copy(path, data_folder / path.name)
        with opened() as db:
            train(db, claim, 2)
        assert await stream.message_with(lambda message: message["rows"]["epoch"] == [2])
        await stream.leave()

    with_client(follow)


def test_the_overview_lists_the_queue_and_changes_with_it(db: Database, claim: Claim) -> None:
    train(db, claim, 1)
    waiting = [queue.enqueue(db, spec_of()) for _ in range(2)]

    async def follow(client: AsgiClient) -> None:
        stream = client.stream("/live?lang=ja")
        first = await stream.message()
        assert (first["_event"], first["training"], first["waiting"], first["workers"]) == ("overview", 1, 2, "")
        assert [(run["id"], run["position_in_queue"]) for run in first["runs"]] == [
            (claim.run, None), (waiting[0], 1), (waiting[1], 2),
        ]  # fmt: skip
        assert (first["runs"][0]["status_text"], first["runs"][0]["epoch"]) == ("学習中", 1)
        assert not any("owner" in run for run in first["runs"])
        stop(db, claim)
        ended = await stream.message_with(lambda message: not message["training"])
        assert ended["token"] != first["token"]
        assert {run["id"]: run["status"] for run in ended["runs"]}[claim.run] == "stopped"
        await stream.leave()

    with_client(follow)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(reader, "POLL_SECONDS", 0.01)
    monkeypatch.setattr("mlpcore.live.overview.SHORTEST_PAUSE", 0.05)
    yield
