"""Which engine this process trains with, and what may change the last digits of its results."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Engine:
    """What trains here: `name` is Keras's backend, `device` is `CPU` or the GPU's name.

    `versions` also holds what may change the last digits of a result: the processor and oneDNN.
    """

    name: str
    device: str
    versions: dict[str, str]


@cache
def engine() -> Engine:
    """The engine of this process; loads it, which takes seconds. Raises `TrainingError` where it is not there."""
    from mlpcore.training import backend  # noqa: PLC0415 - the web process may know this module, never Keras

    return Engine(
        name=backend.NAME,
        device=backend.device(),
        versions={
            "python": platform.python_version(),
            backend.NAME: backend.module.__version__,
            "keras": backend.keras.__version__,
            "onednn": os.environ.get("TF_ENABLE_ONEDNN_OPTS", "default"),
            "processor": _processor(),
        },
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
