"""What lasts is measured by a clock that nobody sets, and by the wall clock only where there is no such clock."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from mlpcore.spec import RunSpec
from mlpcore.store import clock, liveness, queue
from mlpcore.store.clock import PLAUSIBLE_SECONDS
from mlpcore.store.liveness import WORKER_SECONDS, Worker
from mlpcore.store.queue import LEASE_SECONDS

HOURS = 3600.0
WORKER = Worker("w", 1, "busy", "CPU", "toy")


class Machine:
    """The clocks of a machine, which a test sets."""

    def __init__(self) -> None:
        self.wall = 1_700_000_000.0
        self.monotonic = 500.0
        self.boot: str | None = "first start"

    def passes(self, seconds: float, jump: float = 0.0) -> None:
        self.monotonic += seconds
        self.wall += seconds + jump


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    clocks = Machine()
    monkeypatch.setattr(clock.time, "time", lambda: clocks.wall)
    monkeypatch.setattr(clock.time, "monotonic", lambda: clocks.monotonic)
    monkeypatch.setattr(clock, "_boot", lambda: clocks.boot)
    return clocks


@pytest.mark.parametrize("jump", [-48 * HOURS, -5 * HOURS, 5 * HOURS, 48 * HOURS])
def test_a_clock_that_jumps_takes_no_run_from_its_worker(db: Database, machine: Machine, jump: float) -> None:
    queue.enqueue(db, RunSpec())
    claim = queue.claim(db, "w")
    assert claim is not None
    machine.passes(1, jump)
    assert queue.open_counts(db) == (0, 1)
    assert queue.claim(db, "other") is None
    queue.renew(db, claim)


@pytest.mark.parametrize("jump", [-48 * HOURS, -5 * HOURS, 0, 5 * HOURS])
def test_a_dead_workers_run_is_taken_over_in_time_however_the_clock_jumps(
    db: Database, machine: Machine, jump: float
) -> None:
    run = queue.enqueue(db, RunSpec())
    queue.claim(db, "w")
    machine.passes(LEASE_SECONDS + 1, jump)
    claim = queue.claim(db, "other")
    assert claim is not None
    assert (claim.run, claim.attempt) == (run, 2)


@pytest.mark.parametrize("off", [-5 * HOURS, -2 * PLAUSIBLE_SECONDS, 2 * PLAUSIBLE_SECONDS])
def test_after_a_restart_with_a_wrong_clock_the_runs_of_the_last_start_are_taken_over(
    db: Database, machine: Machine, off: float
) -> None:
    queue.enqueue(db, RunSpec())
    queue.claim(db, "w")
    machine.boot, machine.monotonic = "second start", 3.0
    machine.passes(1, off)
    assert queue.claim(db, "other") is not None


def test_without_a_common_clock_the_wall_clock_counts(db: Database, machine: Machine) -> None:
    machine.boot = None
    queue.enqueue(db, RunSpec())
    queue.claim(db, "w")
    machine.passes(LEASE_SECONDS - 1)
    assert queue.claim(db, "other") is None
    machine.passes(2)
    assert queue.claim(db, "other") is not None


@pytest.mark.parametrize("jump", [-48 * HOURS, 48 * HOURS])
def test_a_clock_that_jumps_neither_hides_the_living_nor_keeps_the_dead(
    db: Database, machine: Machine, jump: float
) -> None:
    liveness.worker_seen(db, WORKER)
    liveness.dashboard_seen(db, "d")
    machine.passes(1, jump)
    assert liveness.workers(db) == [WORKER]
    assert liveness.any_dashboard(db, 9)
    machine.passes(WORKER_SECONDS)
    assert liveness.workers(db) == []
    assert not liveness.any_dashboard(db, 9)


def test_a_worker_of_a_start_with_a_clock_ahead_is_not_alive(db: Database, machine: Machine) -> None:
    liveness.worker_seen(db, WORKER)
    machine.boot = "second start"
    machine.passes(0, -5 * HOURS)
    assert liveness.workers(db) == []


def test_this_machines_moments_pass() -> None:
    first, second = clock.Moment.now(), clock.Moment.now()
    assert first.boot == second.boot
    assert first.monotonic <= second.monotonic
    assert clock.Moment.now(wall=7.0) == clock.Moment(7.0)
