"""The limits of control groups, read from folders as Linux shows them, and the number of workers."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from mlpcore import machine
from mlpcore.machine import suitable_worker_count, worker_count

GIB = 2**30
Lay = Callable[[str, Mapping[str, str]], None]


@pytest.fixture
def lay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lay:
    """A machine of 64 cores and 256 GiB, 200 of them free, whose control groups the test lays out."""
    monkeypatch.setattr(machine, "CGROUP_ROOT", tmp_path / "cgroup")
    monkeypatch.setattr(machine, "CGROUP_OF_PROCESS", tmp_path / "self")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(64), raising=False)
    memory = SimpleNamespace(total=256 * GIB, available=200 * GIB)
    monkeypatch.setattr(machine.psutil, "virtual_memory", lambda: memory)

    def lay(of_process: str, files: Mapping[str, str]) -> None:
        (tmp_path / "self").write_text(of_process)
        for name, text in files.items():
            path = tmp_path / "cgroup" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{text}\n")

    return lay


def limits() -> tuple[float, float, float]:
    """Cores, memory and free memory, the last two in GiB."""
    return machine.processor_cores(), machine.memory_bytes() / GIB, machine.free_memory_bytes() / GIB


def test_without_control_groups_the_whole_machine_may_be_used(lay: Lay) -> None:
    assert limits() == (64, 256, 200)


def test_the_smallest_limit_of_nested_groups_holds(lay: Lay) -> None:
    lay(
        "0::/outer/middle/inner\n",
        {
            "outer/middle/inner/cpu.max": "max 100000",
            "outer/middle/inner/memory.max": "max",
            "outer/middle/inner/memory.current": f"{GIB}",
            "outer/middle/cpu.max": "150000 100000",
            "outer/middle/memory.max": f"{8 * GIB}",
            "outer/middle/memory.current": f"{2 * GIB}",
            "outer/cpu.max": "400000 100000",
            "outer/memory.max": f"{16 * GIB}",
            "outer/memory.current": f"{13 * GIB}",
        },
    )

    assert limits() == (1.5, 8, 3)


def test_a_container_finds_its_limits_in_the_root_that_it_sees(lay: Lay) -> None:
    lay(
        "0::/system.slice/docker-1234.scope\n",
        {"cpu.max": "50000 100000", "memory.max": f"{GIB}", "memory.current": f"{GIB // 4}"},
    )

    assert limits() == (0.5, 1, 0.75)


def test_groups_of_the_first_version_are_read_by_controller(lay: Lay) -> None:
    lay(
        "5:cpu,cpuacct:/docker/1\n4:memory:/docker/1\n3:cpuset:/docker/1\n1:name=systemd:/\n",
        {
            "cpu,cpuacct/docker/1/cpu.cfs_quota_us": "-1",
            "cpu,cpuacct/docker/1/cpu.cfs_period_us": "100000",
            "cpu,cpuacct/docker/cpu.cfs_quota_us": "250000",
            "cpu,cpuacct/docker/cpu.cfs_period_us": "100000",
            "memory/docker/1/memory.limit_in_bytes": f"{4 * GIB}",
            "memory/docker/1/memory.usage_in_bytes": f"{GIB}",
            "memory/docker/memory.limit_in_bytes": "9223372036854771712",
            "memory/docker/memory.usage_in_bytes": f"{5 * GIB}",
            "cpuset/docker/1/memory.limit_in_bytes": "1",
            "cpuset/docker/1/memory.usage_in_bytes": "0",
        },
    )

    assert limits() == (2.5, 4, 3)


def test_both_versions_beside_each_other_are_read(lay: Lay) -> None:
    lay(
        "4:memory:/job\n1:cpu:/\n0::/job\n",
        {
            "memory/job/memory.limit_in_bytes": f"{4 * GIB}",
            "memory/job/memory.usage_in_bytes": "0",
            "cpu/cpu.cfs_quota_us": "300000",
            "cpu/cpu.cfs_period_us": "100000",
            "unified/job/cpu.max": "200000 100000",
        },
    )

    assert limits() == (2, 4, 4)


@pytest.mark.parametrize("damaged", ["", "nonsense", "0::", "0::/job"])
def test_what_cannot_be_read_limits_nothing(lay: Lay, damaged: str) -> None:
    lay(damaged, {"job/cpu.max": "much", "job/memory.max": "", "job/memory.current": "0"})

    assert limits() == (64, 256, 200)


def test_this_machine_has_cores_and_memory() -> None:
    assert machine.processor_cores() > 0
    assert 2**20 < machine.free_memory_bytes() < machine.memory_bytes()


@pytest.mark.parametrize(
    ("cores", "memory", "cloud", "count"),
    [
        (8, 16 * 10**9, False, 2),
        (2, 4 * 10**9, False, 2),
        (2, 3.9 * 10**9, False, 1),
        (1, 16 * 10**9, False, 1),
        (0.08, 0.7 * 10**9, False, 1),
        (8, float("inf"), False, 2),
        (8, 16 * 10**9, True, 1),
    ],
)
def test_workers_follow_from_cores_and_memory(cores: float, memory: float, cloud: bool, count: int) -> None:
    assert suitable_worker_count(cores, memory, cloud) == count


@pytest.mark.parametrize(("given", "count"), [("0", 0), ("1", 1), (" 5 ", 5), ("64", 64)])
def test_the_user_may_choose_the_number_of_workers(monkeypatch: pytest.MonkeyPatch, given: str, count: int) -> None:
    monkeypatch.setenv("MLPCORE_WORKERS", given)

    assert worker_count() == count


@pytest.mark.parametrize("given", ["", "many", "-1", "1.5", "65", "²"])
def test_what_is_no_number_of_workers_counts_as_not_given(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("MLPCORE_WORKERS", given)

    assert worker_count() in (1, 2)


def test_the_processes_that_were_ended_for_lack_of_memory_are_counted(lay: Lay) -> None:
    lay("0::/outer/inner\n", {"outer/inner/memory.events": "oom 5\noom_kill 2\noom_group_kill 9"})
    assert machine.memory_kills() == 2
    lay("4:memory:/docker\n", {"memory/docker/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 3"})
    assert machine.memory_kills() == 3


def test_without_groups_the_machine_counts_them(lay: Lay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "VMSTAT", tmp_path / "vmstat")
    assert machine.memory_kills() is None
    (tmp_path / "vmstat").write_text("nr_free_pages 7\noom_kill 4\ndrop_slab 0\n")
    assert machine.memory_kills() == 4
