"""All pages that run by themselves share thirty percent of one core, however many there are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from mlpcore.ui.shell.tick_budget import SHARE, TickBudget


def test_a_single_session_runs_at_the_interval_that_its_page_wants() -> None:
    budget = TickBudget()
    budget.record("a", 0.015, now=0.0)

    assert budget.interval(0.5, now=0.1) == 0.5


@pytest.mark.parametrize("sessions", [1, 20, 100, 1000])
def test_all_sessions_together_stay_below_the_share(sessions: int) -> None:
    budget = TickBudget()
    for number in range(sessions):
        budget.record(str(number), 0.015, now=0.0)

    interval = budget.interval(0.5, now=0.1)

    assert sessions * 0.015 / interval <= SHARE + 1e-9
    assert interval == pytest.approx(max(0.5, sessions * 0.015 / SHARE))


def test_each_session_counts_with_its_own_cost() -> None:
    budget = TickBudget()
    budget.record("chart", 0.015, now=0.0)
    budget.record("list", 0.6, now=0.0)

    assert budget.interval(0.5, now=0.1) == pytest.approx(0.615 / SHARE)


def test_a_cost_that_changes_is_followed_and_one_slow_run_is_not_taken_for_all() -> None:
    budget = TickBudget()
    budget.record("a", 0.1, now=0.0)
    budget.record("a", 1.1, now=1.0)
    once = budget.interval(0.0, now=1.0)
    for second in range(2, 40):
        budget.record("a", 1.1, now=float(second))

    assert once == pytest.approx(0.4 / SHARE)
    assert budget.interval(0.0, now=40.0) == pytest.approx(1.1 / SHARE, rel=0.01)


def test_sessions_that_have_left_no_longer_slow_the_others() -> None:
    budget = TickBudget()
    for number in range(100):
        budget.record(str(number), 0.015, now=0.0)
    for second in range(0, 40, 4):
        budget.record("stays", 0.015, now=float(second))

    assert budget.interval(0.5, now=10.0) > 4
    assert budget.interval(0.5, now=40.0) == 0.5


def test_many_threads_record_at_once() -> None:
    budget = TickBudget()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: budget.record(str(number % 50), 0.03, now=0.0), range(2000)))

    assert budget.interval(0.0, now=0.0) == pytest.approx(50 * 0.03 / SHARE)


def test_a_block_is_measured_also_when_it_fails() -> None:
    budget = TickBudget()
    with pytest.raises(ZeroDivisionError), budget.measured("a"):
        sum(range(200_000))
        _ = 1 / 0

    assert budget.seconds(0.0) > 0
