"""How many workers suit this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from mlpcore.paths import PROJECT

WORKER_BYTES = 2_000_000_000
"""The memory of which one worker takes a part; the rest is for the pages and the system."""
MOST_BY_DEFAULT = 2
MOST = 64
CGROUP_ROOT = Path("/sys/fs/cgroup")
CGROUP_OF_PROCESS = Path("/proc/self/cgroup")


def worker_count() -> int:
    """`MLPCORE_WORKERS` where it is a number from 0 to `MOST`, else what suits this machine: one or two."""
    given = os.environ.get("MLPCORE_WORKERS", "").strip()
    if given.isascii() and given.isdigit() and int(given) <= MOST:
        return int(given)
    return suitable(cores(), memory_bytes(), on_community_cloud())


def suitable(cores: float, memory: float, cloud: bool = False) -> int:
    """At least one worker; two where two cores and the memory for two (in bytes) are there."""
    return 1 if cloud else max(1, int(min(MOST_BY_DEFAULT, cores, memory / WORKER_BYTES)))


def on_community_cloud() -> bool:
    """Whether this is Streamlit Community Cloud, which keeps repositories in one certain folder."""
    return PROJECT.is_relative_to("/mount/src")


def cores() -> float:
    """The processor cores that this process may use."""
    available = float(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    for folder in _cgroups("cpu"):
        with suppress(OSError, ValueError, IndexError):
            quota, period = (folder / "cpu.max").read_text().split()
            available = min(available, float(quota) / float(period))
    return available


def memory_bytes() -> float:
    """The memory that this process may use; infinite where the system does not say."""
    available = float("inf")
    with suppress(AttributeError, ValueError, OSError):
        available = float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    for folder in _cgroups("memory"):
        for name in ("memory.max", "memory.limit_in_bytes"):
            with suppress(OSError, ValueError):
                available = min(available, float((folder / name).read_text()))
    return available


def _cgroups(controller: str) -> Iterator[Path]:
    """The folders with the limits of this process's control groups and of those around them (Linux)."""
    with suppress(OSError):
        for line in CGROUP_OF_PROCESS.read_text().splitlines():
            _, names, path = line.split(":", 2)
            root = CGROUP_ROOT / (controller if controller in names.split(",") else "")
            if names and root.name != controller:
                continue
            group = PurePosixPath(path.lstrip("/"))
            yield from (root / part for part in (group, *group.parents))
