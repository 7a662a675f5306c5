"""Whether networks fit into this machine's memory: a sentence before training beats a process killed in it."""

from __future__ import annotations

from mlpcore.errors import TrainingError
from mlpcore.i18n.messages import N_
from mlpcore.machine import free_memory_bytes
from mlpcore.spec import RunSpec
from mlpcore.spec.parameters import count_parameters

_GIB = 2**30
CACHE_BYTES = 1_000_000
"""A stack that needs twice as much of a core's own cache takes a tenth longer for each member, at ten times a third."""


def kept(spec: RunSpec) -> int:
    """Bytes that a member needs while others train: weights and the optimizer's numbers (Adam keeps two a weight).

    Early stopping keeps another copy of the weights.
    """
    return 4 * (4 if spec.early_stopping else 3) * count_parameters(spec)


def at_work(spec: RunSpec) -> int:
    """Bytes that a member needs beside them while it trains: gradients, a checkpoint's copy, a batch's activations.

    The backward pass keeps what goes into and comes out of each layer.
    """
    widths = [spec.info.inputs, *(layer.units for layer in spec.hidden), spec.info.classes]
    return 4 * (2 * count_parameters(spec) + 3 * spec.batch_size * sum(widths))


def cached(spec: RunSpec) -> int:
    """How many members can train as one stack within a core's cache, at least one.

    Weights, gradients and Adam's two numbers pass through it in each step. A stack of small networks is several times
    as fast as one after another; where it leaves the cache, it is slower.
    """
    return max(1, CACHE_BYTES // (16 * count_parameters(spec)))


def group_size(spec: RunSpec, on_device: int | None) -> int:
    """How many members can train as one stack.

    On a GPU with `on_device` bytes free only the group at work must fit there; all others wait in this machine's
    memory. Raises `TrainingError` where not even one member at a time fits.
    """
    members, waiting, working = spec.members, kept(spec), at_work(spec)
    free = free_memory_bytes()
    size = min(members, (free - members * waiting) // working)
    if on_device is not None and size >= 1:
        size = min(members, on_device // (waiting + working))
    if size >= 1:
        return int(size)
    need = (members * waiting + working) / _GIB
    if members == 1:
        raise TrainingError(
            N_(
                "This network needs about {need:.1f} GB of memory to train, and {free:.1f} GB are free here."
                " Choose fewer units, fewer layers or a smaller batch."
            ),
            need=need,
            free=free / _GIB,
        )
    raise TrainingError(
        N_(
            "These {members} networks need about {need:.1f} GB of memory to train, and {free:.1f} GB are free here."
            " Choose fewer repeats or folds, fewer units or fewer layers."
        ),
        members=members,
        need=need,
        free=free / _GIB,
    )
