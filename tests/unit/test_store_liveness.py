from mlpcore.store import liveness
from mlpcore.store.liveness import WORKER_SECONDS, Worker

STARTING = Worker("w1", 12, "starting", None, None)


def test_a_worker_is_known_while_it_is_seen_with_what_it_does_last(db):
    liveness.worker_seen(db, STARTING, now=100)
    liveness.worker_seen(db, Worker("w1", 12, "idle", "CPU", "tensorflow"), now=101)

    assert liveness.workers(db, now=102) == [Worker("w1", 12, "idle", "CPU", "tensorflow")]
    assert liveness.workers(db, now=102 + WORKER_SECONDS) == []


def test_a_worker_that_ended_is_forgotten(db):
    liveness.worker_seen(db, STARTING, now=100)
    liveness.worker_gone(db, "w1")

    assert liveness.workers(db, now=100) == []


def test_a_dashboard_is_there_until_it_ends_or_falls_silent(db):
    liveness.dashboard_seen(db, "d1", now=100)

    assert liveness.any_dashboard(db, seconds=15, now=110)
    assert not liveness.any_dashboard(db, seconds=15, now=120)
    liveness.dashboard_seen(db, "d1", now=120)
    liveness.dashboard_gone(db, "d1")
    assert not liveness.any_dashboard(db, seconds=15, now=120)
