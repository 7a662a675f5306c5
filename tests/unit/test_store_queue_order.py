"""The fair order of the queue: owners take turns, what has begun comes first, and each run knows its place."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from sqlite_utils import Database

from mlpcore.i18n.messages import Message
from mlpcore.spec.cost import nominal_seconds
from mlpcore.store import liveness, queue, queue_order
from mlpcore.store.liveness import Worker
from tests.factory.runs import make_run, spec_of

SPEC = spec_of(epochs=2)


def enqueue(db: Database, *owners: str) -> list[int]:
    return [queue.enqueue(db, SPEC, owner) for owner in owners]


def claimed(db: Database, count: int | None = None) -> list[int]:
    """The runs in the order in which they are claimed: all that wait, or the next `count`."""
    order: list[int] = []
    while count is None or len(order) < count:
        claim = queue.claim(db, "w")
        if claim is None:
            break
        order.append(claim.run)
    return order


@pytest.mark.parametrize(
    ("owners", "order"),
    [
        ("aaaa", [1, 2, 3, 4]),
        ("aaab", [1, 4, 2, 3]),
        ("aabbc", [1, 3, 5, 2, 4]),
        ("abcabc", [1, 2, 3, 4, 5, 6]),
        ("aaaabbc", [1, 5, 7, 2, 6, 3, 4]),
    ],
)
def test_owners_take_turns_and_their_oldest_runs_come_first(db: Database, owners: str, order: list[int]) -> None:
    enqueue(db, *owners)
    assert claimed(db) == order


def test_who_comes_late_does_not_wait_for_all_runs_of_another(db: Database) -> None:
    enqueue(db, *["a"] * 200)
    assert claimed(db, 3) == [1, 2, 3]
    (late,) = enqueue(db, "b")
    assert claimed(db, 3) == [late, 4, 5]


def test_the_owner_whose_last_run_was_claimed_longest_ago_comes_next(db: Database) -> None:
    enqueue(db, "a", "b", "c")
    claimed(db)
    c, b, a = enqueue(db, "c", "b", "a")
    assert claimed(db) == [a, b, c]


def test_runs_that_a_worker_left_or_gave_back_come_first(db: Database) -> None:
    enqueue(db, "a", "b", "a", "c")
    left, given_back = queue.claim(db, "dead"), queue.claim(db, "w")
    assert left is not None
    assert given_back is not None
    queue.give_back(db, given_back)
    queue.worker_died(db, "dead", Message("It was killed."), "")
    assert [queue_order.waiting_before(db, run) for run in (given_back.run, 4, 3)] == [1, 2, 3]
    assert claimed(db) == [left.run, given_back.run, 4, 3]


def test_a_run_knows_how_many_come_before_it(db: Database) -> None:
    rng = random.Random(5)
    enqueue(db, *rng.choices("abcdef", k=10))
    claimed(db, 4)
    waiting = enqueue(db, *rng.choices("abcdefgh", k=40))
    places = {run: queue_order.waiting_before(db, run) for run in waiting}
    order = claimed(db)
    assert {run: order.index(run) for run in waiting} == places


def test_a_run_that_does_not_wait_has_nothing_before_it(db: Database) -> None:
    enqueue(db, "a")
    ended = make_run(db, SPEC)
    assert queue_order.waiting_before(db, ended) == 0 == queue_order.waiting_before(db, 4711)
    assert list(queue_order.waits(db)) == [1]


def workers(db: Database, count: int) -> None:
    for number in range(count):
        liveness.worker_seen(db, Worker(f"w{number}", number, "idle", "CPU", "toy"))


def starts(db: Database) -> Sequence[float | None]:
    return [wait.starts_in for wait in queue_order.waits(db).values()]


def test_without_workers_nobody_knows_when_a_run_starts(db: Database) -> None:
    enqueue(db, "a", "b")
    assert [(wait.before, wait.starts_in) for wait in queue_order.waits(db).values()] == [(0, None), (1, None)]


def test_a_waiting_run_starts_when_those_before_it_are_done(db: Database) -> None:
    enqueue(db, *"aaaaa")
    workers(db, 2)
    each = queue_order.estimated_seconds(db, SPEC)
    assert starts(db) == pytest.approx([0, 0, each, each, 2 * each])


def test_a_run_under_way_is_expected_to_go_on_as_fast_as_it_was(db: Database) -> None:
    make_run(db, spec_of(epochs=10), status="running", done=4, seconds=30)
    enqueue(db, "a", "b")
    workers(db, 1)
    first, second = starts(db)
    assert first == pytest.approx(6 * 30)
    assert second == pytest.approx(6 * 30 + queue_order.estimated_seconds(db, SPEC))


def test_the_speed_of_a_machine_is_that_of_its_newest_runs(db: Database) -> None:
    assert queue_order.seconds_per_nominal_second(db) == 1
    each = nominal_seconds(SPEC) / SPEC.epochs
    for _ in range(20):
        make_run(db, SPEC, seconds=10 * each)
    assert queue_order.seconds_per_nominal_second(db) == pytest.approx(10)
    for _ in range(20):
        make_run(db, SPEC, seconds=each / 4)
    assert queue_order.seconds_per_nominal_second(db) == pytest.approx(1 / 4)


@pytest.mark.parametrize("damage", ["seconds = 9e999", "cost = NULL", "cost = -1", "epoch = 0", "epochs = 1"])
def test_damaged_runs_are_not_measured(db: Database, damage: str) -> None:
    run = make_run(db, SPEC)
    db.execute(f"UPDATE runs SET {damage} WHERE id = ?", [run])
    assert queue_order.seconds_per_nominal_second(db) == 1


@pytest.mark.parametrize(
    ("index", "sql"),
    [
        ("runs_queued", queue_order._ORDER),
        ("runs_training", f"SELECT id FROM runs WHERE {queue_order.ABANDONED} ORDER BY id LIMIT 1"),
        ("runs_training", f"UPDATE runs SET crashes = 0 WHERE {queue_order.ABANDONED}"),
    ],
)
def test_what_waits_and_trains_is_found_by_an_index_however_many_have_ended(db: Database, index: str, sql: str) -> None:
    plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", queue_order.Moment.now().values())]
    assert [step for step in plan if step.startswith(("SCAN runs", "SEARCH runs"))] == [
        f"SCAN runs USING INDEX {index}"
    ]
