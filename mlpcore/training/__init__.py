"""Training: a spec goes in, events come out. The only room that imports Keras, TensorFlow and JAX.

Importing it is cheap: the engine is loaded when `engine` or `train` is first called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlpcore.events import Event
from mlpcore.spec import RunSpec
from mlpcore.training.engine import Engine, engine

__all__ = ["Engine", "engine", "needs_recycling", "train"]


def train(
    spec: RunSpec,
    run_name: str,
    *,
    attempt: int = 1,
    checkpoint: str | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Train `spec`; files go to the folder `run_name` of the models, `checkpoint` is where to go on from.

    Yields `Started`, `Progress` and `EpochEnd`, and last `Finished` or `Ended` (stopped, diverged). What stands
    behind a `yield` happens when the listener has recorded the event. `should_stop` is asked several times a second.
    Raises `DatasetError`, `TrainingError`, and what the engine raises.
    """
    engine()
    from mlpcore.training.loop import events  # noqa: PLC0415 - it loads Keras

    yield from events(spec, run_name, attempt, checkpoint, should_stop)


def needs_recycling() -> bool:
    """Whether this process, which has trained, should make way for a fresh one: compiled code is never freed."""
    from mlpcore.training import compiled  # noqa: PLC0415 - it loads Keras

    return compiled.needs_recycling()
