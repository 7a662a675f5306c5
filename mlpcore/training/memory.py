"""Whether a network fits into this machine's memory: a sentence before training beats a process killed in it."""

from __future__ import annotations

from pathlib import Path

import psutil

from mlpcore.errors import TrainingError
from mlpcore.messages import N_
from mlpcore.parameters import count_parameters
from mlpcore.spec import RunSpec

_CGROUP = Path("/sys/fs/cgroup")
_GIB = 2**30


def needed(spec: RunSpec) -> int:
    """Bytes that training needs at least: weights, gradients, optimizer state, and a batch's activations.

    Adam keeps two numbers a parameter, early stopping and a checkpoint a copy more each; the backward pass keeps
    what goes into and comes out of each layer.
    """
    copies = 6 if spec.early_stopping else 5
    widths = [spec.info.inputs, *(layer.units for layer in spec.hidden), spec.info.classes]
    return 4 * (copies * count_parameters(spec) + 3 * spec.batch_size * sum(widths))


def available() -> int:
    """Bytes that this process can still take, within the limit of its container if it has one."""
    free = int(psutil.virtual_memory().available)
    try:
        limit = int((_CGROUP / "memory.max").read_text())
        used = int((_CGROUP / "memory.current").read_text())
    except (OSError, ValueError):
        return free
    return min(free, limit - used)


def require(spec: RunSpec) -> None:
    """Raise `TrainingError` where the network cannot fit."""
    need, free = needed(spec), available()
    if need > free:
        raise TrainingError(
            N_(
                "This network needs about {need:.1f} GB of memory to train, and {free:.1f} GB are free here."
                " Choose fewer units, fewer layers or a smaller batch."
            ),
            need=need / _GIB,
            free=free / _GIB,
        )
