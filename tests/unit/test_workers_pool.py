"""Pools and workers as real processes, with a toy that trains; see `fake_workers`."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from mlpcore.paths import PROJECT, data_folder, logs_folder
from mlpcore.spec import RunSpec
from mlpcore.store import liveness, metrics, queue, runs
from mlpcore.store.connection import transaction
from tests.unit.fake_workers import DASHBOARDS_GONE, MODULE, loss, marker
from tests.waiting import DEADLINE_SECONDS, wait_until

pytestmark = pytest.mark.slow


def spec(**settings) -> RunSpec:
    return RunSpec.from_dict({"epochs": 4, "validation_split": 0, **settings})


@pytest.fixture(autouse=True)
def workers_seen_long_ago_are_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a worker may not come to record that it is alive for long."""
    monkeypatch.setattr(liveness, "WORKER_SECONDS", 10 * DEADLINE_SECONDS)


@pytest.fixture
def start(data_folder: Path) -> Iterator[Callable[..., subprocess.Popen]]:
    """Start a role of `fake_workers`; at the end of the test nothing that it started is left."""
    started: list[subprocess.Popen] = []

    def start(*role: str, **environment: str) -> subprocess.Popen:
        command = [sys.executable, *MODULE, *role]
        whole = {**os.environ, "MLPCORE_WORKERS": "1", **environment}
        process = subprocess.Popen(command, cwd=PROJECT, env=whole, stderr=subprocess.PIPE)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
    for process in started:
        process.communicate(timeout=DEADLINE_SECONDS)
    for pid in processes():
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGCONT)
            os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not processes())


def processes(role: str = "") -> list[int]:
    """The living processes of `fake_workers` with this test's data folder."""
    process_ids = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            ours = f"MLPCORE_DATA={data_folder()}".encode() in (folder / "environ").read_bytes().split(b"\0")
            command = (folder / "cmdline").read_bytes().split(b"\0")
            if ours and b"tests.unit.fake_workers" in command and (not role or role.encode() in command):
                process_ids.append(int(folder.name))
    return process_ids


def epochs(db: Database, run: int) -> list[tuple[int, float]]:
    return [(row["epoch"], row["loss"]) for row in metrics.epochs_after(db, run)]


def undisturbed(run_spec: RunSpec) -> list[tuple[int, float]]:
    return [(epoch, loss(run_spec, epoch)) for epoch in range(1, run_spec.epochs + 1)]


def has_ended(db: Database, run: int) -> Callable[[], bool]:
    return lambda: runs.get(db, run).ended


def reaches(db: Database, run: int, epoch: int) -> Callable[[], bool]:
    return lambda: runs.get(db, run).epoch >= epoch


def worker_of(db: Database, run: int) -> int:
    name = runs.get(db, run).worker
    return next(worker.pid for worker in liveness.workers(db) if worker.id == name)


def test_two_workers_train_all_that_waits_each_run_once(db, start):
    ids = [queue.enqueue(db, spec(seed=seed)) for seed in range(6)]
    start("pool", "2")

    wait_until(lambda: all(runs.get(db, run).ended for run in ids))

    assert {runs.get(db, run).status for run in ids} == {"finished"}
    assert {runs.get(db, run).attempt for run in ids} == {1}
    assert all(epochs(db, run) == undisturbed(runs.get(db, run).spec) for run in ids)
    wait_until(lambda: len(liveness.workers(db)) == 2)  # one of them may have trained everything before the other came
    assert {runs.get(db, run).worker for run in ids} <= {worker.id for worker in liveness.workers(db)}
    wait_until(lambda: {(w.device, w.engine) for w in liveness.workers(db)} == {("CPU", "toy")})


def test_two_workers_train_at_the_same_time(db, start):
    """Each run waits in its second epoch until the other one has come so far too."""
    ids = [queue.enqueue(db, spec(note="meet", seed=seed)) for seed in range(2)]
    start("pool", "2")

    wait_until(lambda: all(runs.get(db, run).ended for run in ids))

    assert [(runs.get(db, run).status, runs.get(db, run).attempt) for run in ids] == [("finished", 1)] * 2
    assert len({runs.get(db, run).worker for run in ids}) == 2


def test_a_worker_that_has_trained_many_runs_is_replaced(db, start):
    ids = [queue.enqueue(db, spec(epochs=1, seed=seed)) for seed in range(5)]
    start("pool", "1", TOY_MAX_RUNS="2")

    wait_until(lambda: all(runs.get(db, run).ended for run in ids))

    trained_by = [runs.get(db, run).worker for run in ids]
    assert [trained_by.count(worker) for worker in dict.fromkeys(trained_by)] == [2, 2, 1]
    assert {runs.get(db, run).attempt for run in ids} == {1}


def test_a_run_whose_worker_is_killed_goes_on_to_the_same_numbers(db, start):
    run = queue.enqueue(db, spec(epochs=12, note="hold after 2, 5, 8"))
    start("pool", "2")

    for epoch in (2, 5, 8):
        wait_until(reaches(db, run, epoch))
        os.kill(worker_of(db, run), signal.SIGKILL)
    wait_until(has_ended(db, run))

    assert runs.get(db, run).status == "finished"
    assert runs.get(db, run).attempt == 4
    assert runs.get(db, run).failure is None
    assert epochs(db, run) == undisturbed(runs.get(db, run).spec)


def test_a_run_that_kills_every_worker_fails_with_the_reason_and_the_logs_end(db, start):
    run, next_run = queue.enqueue(db, spec(note="die")), queue.enqueue(db, spec())
    start("pool", "1")

    wait_until(has_ended(db, run))
    wait_until(has_ended(db, next_run))

    failed = runs.get(db, run)
    assert (failed.status, failed.attempt) == ("failed", queue.MAX_CRASHES)
    assert "memory" in str(failed.failure)
    assert "the toy's last words" in failed.log
    assert runs.get(db, next_run).status == "finished"


def test_an_unexpected_error_fails_the_run_with_its_name_and_the_worker_lives_on(db, start):
    run, next_run = queue.enqueue(db, spec(note="error")), queue.enqueue(db, spec())
    start("pool", "1")

    wait_until(has_ended(db, next_run))

    failed = runs.get(db, run)
    assert failed.status == "failed"
    assert "ZeroDivisionError" in str(failed.failure)
    assert "fake_workers.py" in failed.log
    assert runs.get(db, next_run).worker == failed.worker


def test_a_worker_whose_memory_ran_out_is_replaced(db, start):
    run, next_run = queue.enqueue(db, spec(note="no memory")), queue.enqueue(db, spec())
    start("pool", "1")

    wait_until(has_ended(db, next_run))

    failed = runs.get(db, run)
    assert (failed.status, failed.attempt) == ("failed", 1)
    assert "memory" in str(failed.failure)
    assert runs.get(db, next_run).worker != failed.worker


def test_a_run_is_cancelled_between_two_steps_and_its_worker_stays(db, start):
    run, next_run = queue.enqueue(db, spec(epochs=1000)), queue.enqueue(db, spec())
    start("pool", "1", TOY_GRACE="600")
    wait_until(reaches(db, run, 1))

    queue.cancel(db, run)
    wait_until(has_ended(db, next_run))

    assert runs.get(db, run).status == "stopped"
    assert runs.get(db, next_run).worker == runs.get(db, run).worker


def test_a_run_is_cancelled_in_the_middle_of_a_step_that_takes_a_minute(db, start):
    run, next_run = queue.enqueue(db, spec(note="long step")), queue.enqueue(db, spec())
    start("pool", "1")
    wait_until(reaches(db, run, 1))

    queue.cancel(db, run)
    wait_until(has_ended(db, run))
    wait_until(has_ended(db, next_run))

    assert (runs.get(db, run).status, str(runs.get(db, run).failure)) == ("stopped", "Stopped by hand.")
    assert epochs(db, run) == undisturbed(runs.get(db, run).spec)[:1]
    assert runs.get(db, next_run).status == "finished"


def test_a_worker_that_slept_beyond_its_lease_may_record_nothing_more(db, start):
    run = queue.enqueue(db, spec(epochs=6, note="until taken over"))
    start("pool", "2")
    wait_until(reaches(db, run, 1))

    sleeper = worker_of(db, run)
    put_to_sleep_beyond_its_lease(db, sleeper)
    wait_until(lambda: runs.get(db, run).attempt == 2)
    os.kill(sleeper, signal.SIGCONT)
    wait_until(has_ended(db, run))

    assert (runs.get(db, run).status, runs.get(db, run).attempt) == ("finished", 2)
    assert epochs(db, run) == undisturbed(runs.get(db, run).spec)


def put_to_sleep_beyond_its_lease(db: Database, pid: int) -> None:
    """Stop a worker, not within a write of its own, which would keep the database locked; its lease is over then."""
    while True:
        os.kill(pid, signal.SIGSTOP)
        with contextlib.suppress(sqlite3.OperationalError), transaction(db):
            db.execute("UPDATE runs SET lease_until = 0, lease_boot = NULL WHERE status = 'running'")
            return
        os.kill(pid, signal.SIGCONT)


def test_a_pool_that_must_end_gives_its_runs_back(db, start):
    run = queue.enqueue(db, spec(epochs=1000))
    pool = start("pool", "2")
    wait_until(reaches(db, run, 2))

    pool.terminate()
    pool.wait(timeout=DEADLINE_SECONDS)

    assert pool.returncode == 0
    assert processes() == []
    assert runs.get(db, run).status == "queued"
    assert liveness.workers(db) == []
    start("pool", "1")
    wait_until(lambda: runs.get(db, run).attempt == 2)
    assert runs.get(db, run).epoch >= 2


def test_a_pool_gives_a_run_back_even_in_the_middle_of_a_step_that_takes_a_minute(db, start):
    run = queue.enqueue(db, spec(note="long step"))
    pool = start("pool", "1")
    wait_until(reaches(db, run, 1))

    pool.send_signal(signal.SIGINT)
    pool.wait(timeout=DEADLINE_SECONDS)

    assert processes() == []
    assert (runs.get(db, run).status, runs.get(db, run).attempt) == ("queued", 1)


def test_workers_of_a_killed_pool_finish_their_run_and_leave_the_queue_to_the_next_pool(db, start):
    run, next_run = queue.enqueue(db, spec(note="until it must finish")), queue.enqueue(db, spec())
    pool = start("pool", "1")
    wait_until(reaches(db, run, 1))

    pool.kill()
    wait_until(lambda: not processes())

    assert (runs.get(db, run).status, runs.get(db, run).attempt) == ("finished", 1)
    assert runs.get(db, next_run).status == "queued"
    start("pool", "1")
    wait_until(has_ended(db, next_run))


def test_a_second_pool_on_the_same_folder_is_refused_and_does_no_harm(db, start):
    start("pool", "1")
    wait_until(lambda: liveness.workers(db))

    second = start("pool", "1")
    _, errors = second.communicate(timeout=DEADLINE_SECONDS)

    assert second.returncode != 0
    assert b"Workers already serve" in errors
    assert len(processes("worker")) == 1


def test_an_engine_that_cannot_be_loaded_fails_the_run_with_the_reason(db, start):
    run = queue.enqueue(db, spec())
    start("pool", "1", TOY_TROUBLE="import")

    wait_until(has_ended(db, run))

    assert runs.get(db, run).status == "failed"
    assert "no module named toy" in str(runs.get(db, run).failure)


def test_workers_that_die_while_loading_fail_a_waiting_run_instead_of_letting_it_wait_for_ever(db, start):
    run = queue.enqueue(db, spec())
    start("pool", "1", TOY_TROUBLE="crash")

    wait_until(has_ended(db, run))

    assert runs.get(db, run).status == "failed"
    assert "exit code 3" in str(runs.get(db, run).failure)
    assert "illegal instruction" in runs.get(db, run).log


def test_a_locked_database_delays_a_run_and_loses_nothing(db, start):
    run = queue.enqueue(db, spec(epochs=10))
    start("pool", "1")
    wait_until(reaches(db, run, 2))

    with transaction(db):
        time.sleep(2)
    wait_until(has_ended(db, run))

    assert (runs.get(db, run).status, runs.get(db, run).attempt) == ("finished", 1)
    assert epochs(db, run) == undisturbed(runs.get(db, run).spec)


def test_a_dashboard_that_is_killed_does_not_stop_its_training(db, start, tmp_path):
    run, next_run = queue.enqueue(db, spec(note="until it must finish")), queue.enqueue(db, spec())
    dashboard = start("dashboard", str(tmp_path / "up"))
    wait_until(reaches(db, run, 1))

    dashboard.kill()
    marker(DASHBOARDS_GONE).touch()
    wait_until(lambda: not processes())

    assert (runs.get(db, run).status, runs.get(db, run).attempt) == ("finished", 1)
    assert runs.get(db, next_run).status == "queued"


def test_two_dashboards_share_a_pool_and_the_next_one_finds_it(db, start, tmp_path):
    first, second = start("dashboard", str(tmp_path / "a")), start("dashboard", str(tmp_path / "b"))
    wait_until(lambda: liveness.workers(db) and len(processes("pool")) == 1)
    pools, workers = processes("pool"), processes("worker")

    first.kill()
    third = start("dashboard", str(tmp_path / "c"))
    wait_until((tmp_path / "c").exists)
    run = queue.enqueue(db, spec())
    wait_until(has_ended(db, run))

    assert len(workers) == 1
    assert (processes("pool"), processes("worker")) == (pools, workers)
    second.kill()
    third.kill()
    marker(DASHBOARDS_GONE).touch()
    wait_until(lambda: not processes())


def test_no_workers_are_started_where_the_user_wants_none(db, start, tmp_path):
    start("dashboard", str(tmp_path / "up"), MLPCORE_WORKERS="0")
    wait_until((tmp_path / "up").exists)
    wait_until((tmp_path / "up").read_text)

    assert (tmp_path / "up").read_text() == "MainThread"
    assert processes("pool") == []
    assert not liveness.any_dashboard(db, 10)


def test_a_dashboard_writes_nothing_to_its_terminal(db, start, tmp_path):
    dashboard = start("dashboard", str(tmp_path / "up"))
    wait_until(lambda: liveness.workers(db))
    dashboard.kill()

    assert dashboard.communicate()[1] == b""


def test_each_worker_has_a_log_and_old_ones_are_forgotten(db, start):
    logs_folder().mkdir(parents=True)
    for index in range(30):
        (logs_folder() / f"worker-{index}.log").touch()
    start("pool", "1")
    wait_until(lambda: liveness.workers(db))

    assert len(list(logs_folder().glob("*.log"))) < 25
    assert (logs_folder() / f"{liveness.workers(db)[0].id}.log").exists()
