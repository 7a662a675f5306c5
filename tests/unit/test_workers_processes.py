"""The environment of background processes, and the commands to them; `test_workers_pool` tests the processes."""

import os
import threading

from mlpcore.workers import processes
from mlpcore.workers.processes import Command, ControlChannel
from tests.waiting import wait_until


def test_background_processes_see_the_same_folders_from_wherever_they_work(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLPCORE_DATA", "here")
    monkeypatch.setenv("MLPCORE_DATASETS", "../there")

    environment = processes.environment()

    assert environment["MLPCORE_DATA"] == str(tmp_path / "here")
    assert environment["MLPCORE_DATASETS"] == str(tmp_path.parent / "there")


def test_what_the_user_set_for_the_numeric_libraries_stays(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")

    assert processes.environment()["OMP_NUM_THREADS"] == "3"
    assert processes.environment()["OPENBLAS_NUM_THREADS"] == "1"


def test_commands_arrive_as_lines_and_the_end_of_the_pool_lets_the_run_finish():
    ended = threading.Event()
    channel = ControlChannel(on_end=ended.set)
    reading, writing = os.pipe()
    channel.listen(reading)

    os.write(writing, b"fin")
    os.write(writing, b"ish\nser")
    wait_until(lambda: channel.current is Command.FINISH)
    os.write(writing, b"ve\n")
    wait_until(lambda: channel.current is Command.SERVE)
    os.write(writing, b"nonsense\nfinish\n")
    wait_until(lambda: channel.current is Command.FINISH)
    os.write(writing, b"serve\n")
    wait_until(lambda: channel.current is Command.SERVE)
    os.close(writing)
    wait_until(lambda: channel.current is Command.FINISH)

    assert not ended.is_set()
    assert not channel.must_end
    os.close(reading)


def test_the_command_to_end_is_final():
    calls = []
    channel = ControlChannel(on_end=lambda: calls.append("end"))
    channel.receive(Command.END)
    channel.receive(Command.SERVE)
    channel.receive(Command.END)

    assert channel.must_end
    assert calls == ["end"]
