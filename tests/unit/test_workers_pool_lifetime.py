"""What a dashboard does for its workers; with processes in `test_workers_pool`."""

import os
import subprocess
import sys
from itertools import pairwise

import pytest

from mlpcore.paths import PROJECT
from mlpcore.workers import pool_lifetime, processes
from mlpcore.workers.pool_lifetime import PoolRunsError, PoolStarter, pid_path, pool_runs, sole_pool


def test_keeping_workers_loads_no_engine():
    program = (
        "import sys; import mlpcore.ui.shell.page_shell; "
        "print([name for name in sys.modules if name.split('.')[0] in ('keras', 'tensorflow', 'jax', 'sklearn')])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_keeping_workers_in_a_folder_that_cannot_be_written_is_silent_and_raises_nothing(tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    program = (
        "import threading; from mlpcore.workers import pool_lifetime; rounds = threading.Semaphore(0);"
        "pool_lifetime._over.wait = lambda seconds: (rounds.release(), threading.Event().wait(0.01));"
        "pool_lifetime.keep_workers(); [rounds.acquire() for _ in range(3)];"
        "print([thread.name for thread in threading.enumerate()][1:])"
    )
    environment = {**os.environ, "MLPCORE_DATA": str(tmp_path / "data"), "MLPCORE_WORKERS": "1"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("['keep-workers']\n", "")


def test_a_pool_holds_its_lock_while_it_lives_and_records_its_process_id(data_folder):
    with sole_pool():
        assert pool_runs()
        assert pid_path().read_text() == f"{os.getpid()}\n"

    assert not pool_runs()
    assert not pid_path().exists()


def test_a_second_pool_is_refused_with_a_sentence_that_names_the_first(data_folder):
    with sole_pool(), pytest.raises(PoolRunsError, match=str(os.getpid())), sole_pool():
        pass


def test_a_pool_that_ends_soon_is_started_at_growing_intervals(data_folder, monkeypatch):
    data_folder.mkdir()
    now, starts = [1000.0], []
    monkeypatch.setattr(pool_lifetime.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(processes, "start_process", lambda *_, **__: starts.append(now[0]) or DeadAtOnce())
    starter = PoolStarter()

    for _ in range(200):
        starter.start_if_due()
        now[0] += 1

    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert pauses == sorted(pauses)
    assert pauses[0] <= 4
    assert pauses[-1] >= 40


class DeadAtOnce:
    def poll(self) -> int:
        return 1


def test_a_dashboard_that_ends_releases_its_workers_once(data_folder):
    program = (
        "from mlpcore.workers import pool_lifetime; from mlpcore.store import liveness;"
        "from mlpcore.store.connection import opened; pool_lifetime.PoolStarter.start_if_due = lambda self: None;"
        "pool_lifetime.keep_workers();\n"
        "import time\n"
        "def alive():\n"
        "    with opened() as db: return liveness.any_dashboard(db, 60)\n"
        "while not alive(): time.sleep(0.01)\n"
        "pool_lifetime.release_workers(); pool_lifetime.release_workers(); print(alive())"
    )
    environment = {**os.environ, "MLPCORE_DATA": str(data_folder), "MLPCORE_WORKERS": "1"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("False\n", "")
