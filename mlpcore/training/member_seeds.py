"""The members of a run: the seed of each, the examples it trains on and validates with, and its random numbers.

Each stream of random numbers depends on the member's seed and on what the numbers are for, never on what was drawn
before. So an epoch that is trained again after a crash has the same batches and the same dropout masks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.errors import TrainingError
from mlpcore.events import Member
from mlpcore.i18n.messages import N_, Message
from mlpcore.spec import RunSpec


class Stream(IntEnum):
    """What a stream of random numbers is for. The numbers are part of every seed: never change one."""

    SPLIT = 0
    WEIGHTS = 1
    ORDER = 2
    DROPOUT = 3
    AUGMENT = 4


@dataclass(frozen=True)
class Split:
    """Indices of a member's training and validation examples, int32 (n,) each."""

    training: NDArray[Any]
    validation: NDArray[Any]


def members_of(spec: RunSpec) -> tuple[Member, ...]:
    """All members of a run: for each seed one per fold, or a single one where there are no folds."""
    folds = range(spec.folds) if spec.folds else (None,)
    return tuple(Member(spec.seed + repeat, fold) for repeat in range(spec.repeats) for fold in folds)


def splits_of(spec: RunSpec, labels: NDArray[Any]) -> list[Split]:
    """The split of each member; `labels` (n,) are those of the dataset's whole training set.

    Raises `TrainingError` where a class has fewer examples than there are folds.
    """
    splits = []
    for member in members_of(spec):
        if member.fold is None:
            splits.append(Split(*draw_split(member.seed, len(labels), spec.examples, spec.validation_count)))
            continue
        drawn, _ = draw_split(member.seed, len(labels), spec.examples, 0)
        folds = _folds(spec, labels[drawn])
        splits.append(Split(drawn[folds != member.fold], drawn[folds == member.fold]))
    return splits


def draw_split(seed: int, available: int, examples: int, validation: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Indices of the training and of the validation set, int32 (examples - validation,) and (validation,).

    `examples` of the `available` ones are drawn. With the same seed, fewer of them are the first ones of more.
    """
    order = _generator(seed, Stream.SPLIT).permutation(available)
    drawn = order[:examples].astype(np.int32)
    return drawn[validation:], drawn[:validation]


def weight_seed(seed: int, layer: int) -> int:
    """The seed of a layer's initial kernel."""
    return int(_sequence(seed, Stream.WEIGHTS, layer).generate_state(1)[0] >> 1)


def epoch_order(seed: int, epoch: int, count: int) -> NDArray[Any]:
    """The order of the `count` training examples in an epoch, int32 (count,)."""
    return _generator(seed, Stream.ORDER, epoch).permutation(count).astype(np.int32)


def epoch_keys(seed: int, epoch: int, layers: int) -> NDArray[Any]:
    """The keys of an epoch's random numbers (see `counter_rng`), uint32 (layers + 1, 2).

    The first one is for augmentation, the others are for each hidden layer's dropout.
    """
    streams = [_sequence(seed, Stream.AUGMENT, epoch)]
    streams += [_sequence(seed, Stream.DROPOUT, epoch, layer) for layer in range(layers)]
    return np.stack([stream.generate_state(2) for stream in streams])


def _sequence(seed: int, stream: Stream, *position: int) -> np.random.SeedSequence:
    return np.random.SeedSequence([seed, stream, *position])


def _generator(seed: int, stream: Stream, *position: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(_sequence(seed, stream, *position)))


def _folds(spec: RunSpec, labels: NDArray[Any]) -> NDArray[Any]:
    """The fold in which each of the examples validates, (n,).

    Stratified: the examples are dealt out class by class, so that two folds differ by at most one example, in all
    and of any class.
    """
    counts = np.bincount(labels, minlength=spec.info.classes)
    rarest = int(counts.argmin())
    if counts[rarest] < spec.folds:
        raise TrainingError(
            N_(
                "Cross-validation with {folds} folds needs at least {folds} examples of each class, and there are only"
                " {count} of class {name} here: choose fewer folds or more training examples."
            ),
            folds=spec.folds,
            count=int(counts[rarest]),
            name=Message(spec.info.class_names[rarest]),
        )
    folds = np.empty(len(labels), np.int32)
    folds[np.argsort(labels, kind="stable")] = np.arange(len(labels)) % spec.folds
    return folds
