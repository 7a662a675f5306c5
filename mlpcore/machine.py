"""The processor cores and the memory that this process may use, and how many workers suit them.

Within a container its limits count. On Linux a process belongs to control groups, which are nested; each of them may
limit its members, and the smallest limit on the way to the root holds. Version 2 has one tree of groups, version 1 one
for each controller; files and their meaning: https://docs.kernel.org/admin-guide/cgroup-v2.html and
https://docs.kernel.org/admin-guide/cgroup-v1/.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

import psutil

from mlpcore.paths import PROJECT

WORKER_BYTES = 2_000_000_000
"""Memory required for each worker; it uses about half of it, and the rest is for the pages and the system."""
MAX_BY_DEFAULT = 2
MAX_WORKERS = 64

CGROUP_ROOT = Path("/sys/fs/cgroup")
CGROUP_OF_PROCESS = Path("/proc/self/cgroup")
VMSTAT = Path("/proc/vmstat")
_KILL_COUNTERS = ("memory.events", "memory.oom_control")
"""The files of a group with the number of processes that were ended because memory was full (versions 2 and 1)."""


def worker_count() -> int:
    """`MLPCORE_WORKERS` where it is a number from 0 to `MAX_WORKERS`, else what suits this machine: one or two."""
    setting = os.environ.get("MLPCORE_WORKERS", "").strip()
    if setting.isascii() and setting.isdigit() and int(setting) <= MAX_WORKERS:
        return int(setting)
    return suitable_worker_count(processor_cores(), memory_bytes(), on_community_cloud())


def suitable_worker_count(cores: float, memory: float, cloud: bool = False) -> int:
    """One worker, or two on a machine with two cores and the memory for two (in bytes)."""
    return 1 if cloud else max(1, int(min(MAX_BY_DEFAULT, cores, memory / WORKER_BYTES)))


def on_community_cloud() -> bool:
    """Whether this is Streamlit Community Cloud, which keeps repositories below `/mount/src`."""
    return PROJECT.is_relative_to("/mount/src")


def processor_cores() -> float:
    """The cores that this process may use, such as 0.5 where it gets half of one core's time."""
    available = float(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    return min([available, *_cpu_quotas()])


def memory_bytes() -> int:
    """The memory that this process may use, in bytes, whether it is free or not."""
    return min([int(psutil.virtual_memory().total), *(limit for limit, _ in _memory_limits())])


def free_memory_bytes() -> int:
    """The memory that this process can still take, in bytes; below 0 where a container is over its limit."""
    return min([int(psutil.virtual_memory().available), *(limit - used for limit, used in _memory_limits())])


def memory_kills() -> int | None:
    """A number that grows when Linux ends a process because memory is full; None where there is no such number.

    It is the sum of the counters of this process's groups, some of which count the same ends; without groups that of
    the machine, which counts the ends in other containers too.
    """
    counts = [count for group in _groups("memory") for name in _KILL_COUNTERS for count in _kills(group / name)]
    counts = counts or list(_kills(VMSTAT))
    return sum(counts) if counts else None


def _kills(file: Path) -> Iterator[int]:
    with suppress(OSError, ValueError):
        for line in file.read_text().splitlines():
            if line.startswith("oom_kill "):
                yield int(line.split()[1])


def _cpu_quotas() -> Iterator[float]:
    """The limits in cores; groups without one say `max` (version 2) or -1 (version 1)."""
    for group in _groups("cpu"):
        with suppress(OSError, ValueError):
            quota, period = (group / "cpu.max").read_text().split()
            yield int(quota) / int(period)
        with suppress(OSError, ValueError):
            quota_us = _number(group / "cpu.cfs_quota_us")
            if quota_us > 0:
                yield quota_us / _number(group / "cpu.cfs_period_us")


def _memory_limits() -> Iterator[tuple[int, int]]:
    """The limits in bytes with what is used of each; groups without one say `max` (version 2) or a huge number."""
    for group in _groups("memory"):
        for limit, used in (
            ("memory.max", "memory.current"),
            ("memory.limit_in_bytes", "memory.usage_in_bytes"),
        ):
            with suppress(OSError, ValueError):
                yield _number(group / limit), _number(group / used)


def _number(file: Path) -> int:
    return int(file.read_text())


def _groups(controller: str) -> Iterator[Path]:
    """The folders of this process's groups that may limit `controller`, each from the innermost one up to its root.

    A container may not see the groups around it, whose names are listed all the same: those folders are missing, and
    its own limits are in the root.
    """
    with suppress(OSError, ValueError):
        for line in CGROUP_OF_PROCESS.read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if not controllers:
                roots = [CGROUP_ROOT, CGROUP_ROOT / "unified"]
            elif controller in controllers.split(","):
                roots = [CGROUP_ROOT / controller, CGROUP_ROOT / controllers]
            else:
                continue
            inner = PurePosixPath(path.lstrip("/"))
            yield from (root / group for root in dict.fromkeys(roots) for group in (inner, *inner.parents))
