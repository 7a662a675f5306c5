"""Training: a spec goes in, events come out. The only package that imports Keras, TensorFlow and JAX.

Importing it is cheap: the engine is loaded when `engine` or `train` is first called.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mlpcore.events import Event
from mlpcore.spec import RunSpec

__all__ = ["Engine", "engine", "needs_recycling", "train"]


@dataclass(frozen=True)
class Engine:
    """The backend of this process: `name` is Keras's name for it, `device` is `CPU` or the GPU's name.

    `versions` also holds what may change the last digits of a result: the processor and oneDNN.
    """

    name: str
    device: str
    versions: dict[str, str]


@cache
def engine() -> Engine:
    """The engine of this process; loads it, which takes seconds.

    Raises `TrainingError` where `KERAS_BACKEND` names none, or one that is not installed.
    """
    from mlpcore.training import backend  # noqa: PLC0415 - it loads Keras

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


def train(
    spec: RunSpec,
    run_name: str,
    *,
    attempt: int = 1,
    checkpoint: str | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Train `spec`; its files go to the folder `run_name` of the models, and it resumes from `checkpoint` if given.

    Yields `Started`, `Progress` and `EpochEnd`, and last `Finished` or `Ended` (stopped, diverged). Code after a
    `yield` runs when the listener has recorded the event. `should_stop` is called several times per second.
    Raises `DatasetError`, `TrainingError`, and what the engine raises.
    """
    engine()
    from mlpcore.training.loop import events  # noqa: PLC0415 - it loads Keras

    yield from events(spec, run_name, attempt, checkpoint, should_stop)


def needs_recycling() -> bool:
    """Whether a fresh process should take over from this one, which has trained: compiled code is never freed."""
    from mlpcore.training import steps  # noqa: PLC0415 - it loads Keras

    return steps.needs_recycling()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
