"""How the members of a run are divided into groups, each of which trains as one stack.

Memory and the processor's cache limit a group. Where not even one network fits into the memory, an error before the
training is better than a killed process.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlpcore.errors import TrainingError
from mlpcore.i18n.messages import N_
from mlpcore.machine import free_memory_bytes
from mlpcore.spec import RunSpec
from mlpcore.spec.parameters import count_parameters
from mlpcore.training.member_seeds import Split

_GIB = 2**30
CACHE_BYTES = 1_000_000
"""What a stack may take of a core's own cache. One that needs twice as much trains a tenth slower per member, one
that needs ten times as much a third slower."""


def waiting_bytes(spec: RunSpec) -> int:
    """Memory of a member while others train: weights and the optimizer's variables (Adam has two per weight).

    Early stopping keeps another copy of the weights.
    """
    return 4 * (4 if spec.early_stopping else 3) * count_parameters(spec)


def training_bytes(spec: RunSpec) -> int:
    """Additional memory of a member while it trains: gradients, a checkpoint's copy, and a batch's activations.

    The backward pass keeps the inputs and outputs of each layer.
    """
    widths = [spec.info.inputs, *(layer.units for layer in spec.hidden), spec.info.classes]
    return 4 * (2 * count_parameters(spec) + 3 * spec.batch_size * sum(widths))


def members_in_cache(spec: RunSpec) -> int:
    """How many members can train as one stack within a core's cache, at least one.

    Weights, gradients and Adam's two variables pass through it in each step. A stack of small networks is several
    times as fast as the networks one after another; a stack larger than the cache is slower.
    """
    return max(1, CACHE_BYTES // (16 * count_parameters(spec)))


def group_size(spec: RunSpec, device_bytes: int | None) -> int:
    """How many members can train as one stack.

    On a GPU with `device_bytes` free, only the group that trains must fit there; all others wait in this machine's
    memory. Raises `TrainingError` where not even one member at a time fits.
    """
    members, waiting, training = spec.members, waiting_bytes(spec), training_bytes(spec)
    free = free_memory_bytes()
    size = min(members, (free - members * waiting) // training)
    if device_bytes is not None and size >= 1:
        size = min(members, device_bytes // (waiting + training))
    if size >= 1:
        return int(size)
    need = (members * waiting + training) / _GIB
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


def split_into_groups(
    numbers: Sequence[int], splits: Sequence[Split], batch_size: int, max_size: int
) -> list[list[int]]:
    """The members in groups of at most `max_size` that take the same number of steps.

    The groups are equally large where that does not need twice as many of them: each size is compiled by itself.
    """
    by_steps: dict[int, list[int]] = {}
    for number in numbers:
        by_steps.setdefault(-(-len(splits[number].training) // batch_size), []).append(number)
    groups = []
    for same_steps in by_steps.values():
        fewest = -(-len(same_steps) // max_size)
        count = next((n for n in range(fewest, 2 * fewest) if len(same_steps) % n == 0), fewest)
        groups += [[int(number) for number in part] for part in np.array_split(same_steps, count)]
    return groups
