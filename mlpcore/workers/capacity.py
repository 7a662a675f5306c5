"""How many workers suit this machine."""

from __future__ import annotations

import os

from mlpcore import machine
from mlpcore.paths import PROJECT

WORKER_BYTES = 2_000_000_000
"""Memory required for each worker; it uses about half of it, and the rest is for the pages and the system."""
MAX_BY_DEFAULT = 2
MAX_WORKERS = 64


def worker_count() -> int:
    """`MLPCORE_WORKERS` where it is a number from 0 to `MAX_WORKERS`, else what suits this machine: one or two."""
    setting = os.environ.get("MLPCORE_WORKERS", "").strip()
    if setting.isascii() and setting.isdigit() and int(setting) <= MAX_WORKERS:
        return int(setting)
    return suitable_count(machine.processor_cores(), machine.memory_bytes(), on_community_cloud())


def suitable_count(cores: float, memory: float, cloud: bool = False) -> int:
    """One worker, or two on a machine with two cores and the memory for two (in bytes)."""
    return 1 if cloud else max(1, int(min(MAX_BY_DEFAULT, cores, memory / WORKER_BYTES)))


def on_community_cloud() -> bool:
    """Whether this is Streamlit Community Cloud, which keeps repositories below `/mount/src`."""
    return PROJECT.is_relative_to("/mount/src")
