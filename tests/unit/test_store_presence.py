from mlpcore.store import presence
from mlpcore.store.presence import WORKER_SECONDS, Worker

STARTING = Worker("w1", 12, "starting", None, None)


def test_a_worker_is_known_while_it_is_seen_with_what_it_does_last(db):
    presence.worker_seen(db, STARTING, now=100)
    presence.worker_seen(db, Worker("w1", 12, "idle", "CPU", "tensorflow"), now=101)

    assert presence.workers(db, now=102) == [Worker("w1", 12, "idle", "CPU", "tensorflow")]
    assert presence.workers(db, now=102 + WORKER_SECONDS) == []


def test_a_worker_that_ended_is_forgotten(db):
    presence.worker_seen(db, STARTING, now=100)
    presence.worker_gone(db, "w1")

    assert presence.workers(db, now=100) == []


def test_a_dashboard_is_there_until_it_ends_or_falls_silent(db):
    presence.dashboard_seen(db, "d1", now=100)

    assert presence.any_dashboard(db, within=15, now=110)
    assert not presence.any_dashboard(db, within=15, now=120)
    presence.dashboard_seen(db, "d1", now=120)
    presence.dashboard_gone(db, "d1")
    assert not presence.any_dashboard(db, within=15, now=120)
