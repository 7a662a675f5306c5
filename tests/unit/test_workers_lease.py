"""The heartbeat beside a training; the training is this test."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from mlpcore.i18n.messages import Message
from mlpcore.spec import RunSpec
from mlpcore.store import liveness, queue, runs
from mlpcore.store.liveness import Worker
from mlpcore.workers import lease
from mlpcore.workers.lease import Heartbeat, StopReason
from tests.waiting import DEADLINE_SECONDS, wait_until


@pytest.fixture
def claim(db) -> queue.Claim:
    return queue.enqueue_and_claim(db, RunSpec(), "w")


class Left:
    """Stands for the end of the process."""

    def __init__(self) -> None:
        self.reason: StopReason | None = None
        self.happened = threading.Event()

    def __call__(self, reason: StopReason) -> None:
        if not self.happened.is_set():
            self.reason = reason
            self.happened.set()


@pytest.fixture
def left() -> Left:
    return Left()


@pytest.fixture
def beating(db, left) -> Iterator[Heartbeat]:
    beating = Heartbeat(Worker("w", 42, "starting", None, None), left)
    beating.start()
    yield beating
    beating.stop()


def test_a_worker_shows_what_it_does_and_is_forgotten_when_it_ends(db, claim, left):
    beating = Heartbeat(Worker("w", 42, "starting", None, None), left)
    beating.start()
    wait_until(lambda: [w.status for w in liveness.workers(db)] == ["starting"])
    beating.update_worker(status="idle", device="CPU", engine="toy")
    wait_until(lambda: liveness.workers(db) == [Worker("w", 42, "idle", "CPU", "toy")])
    with beating.guarding(claim):
        wait_until(lambda: [w.status for w in liveness.workers(db)] == ["busy"])
    wait_until(lambda: [w.status for w in liveness.workers(db)] == ["idle"])
    beating.stop()

    assert liveness.workers(db) == []


def test_the_lease_is_renewed_while_a_run_trains(db, claim, beating, monkeypatch):
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.01)
    monkeypatch.setattr(queue, "LEASE_SECONDS", 10 * DEADLINE_SECONDS)

    with beating.guarding(claim):
        wait_until(lambda: lease_until(db) > time.time() + DEADLINE_SECONDS)


def lease_until(db) -> float:
    return db.execute("SELECT lease_until FROM runs").fetchone()[0]


@pytest.fixture
def much_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """The heartbeat ends no training by force, however long this test takes to stop."""
    monkeypatch.setattr(lease, "GRACE_SECONDS", 10 * DEADLINE_SECONDS)


@pytest.mark.usefixtures("much_grace")
def test_a_training_is_stopped_when_its_user_requests_it(db, claim, beating, left):
    with beating.guarding(claim) as guard:
        assert not guard.must_stop()
        queue.cancel(db, claim.run)
        wait_until(guard.must_stop)

    assert guard.reason is StopReason.CANCELLED
    assert left.reason is None
    assert runs.get(db, claim.run).status == "running"  # to record the end is the training's


@pytest.mark.usefixtures("much_grace")
def test_a_training_is_stopped_when_another_worker_has_its_run(db, claim, beating, monkeypatch):
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.01)
    with beating.guarding(claim) as guard:
        queue.worker_died(db, "w", Message("It died."), "")
        queue.claim(db, "other")
        wait_until(guard.must_stop)

    assert guard.reason is StopReason.LEASE_LOST


@pytest.mark.parametrize(("reason", "status"), [(StopReason.CANCELLED, "stopped"), (StopReason.WORKER_ENDS, "queued")])
def test_where_a_training_does_not_stop_its_end_is_recorded_and_the_process_ends(
    db, claim, beating, left, reason, status
):
    with beating.guarding(claim):
        beating.request_stop(reason)
        wait_until(left.happened.is_set)

    assert left.reason is reason
    assert runs.get(db, claim.run).status == status


def test_where_the_lease_is_lost_and_the_training_does_not_stop_the_process_ends_and_changes_nothing(
    db, claim, beating, left
):
    queue.worker_died(db, "w", Message("It died."), "")
    other = queue.claim(db, "other")
    with beating.guarding(claim):
        beating.request_stop(StopReason.LEASE_LOST)
        wait_until(left.happened.is_set)

    assert runs.get(db, claim.run).status == "running"
    assert queue.renew(db, other) is False


def test_a_stop_request_without_a_run_does_nothing(beating, left):
    beating.request_stop(StopReason.WORKER_ENDS)

    assert left.reason is None
