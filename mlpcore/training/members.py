"""Who a run's members are: the seed of each, and which images it trains on and is validated with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.errors import TrainingError
from mlpcore.events import Member
from mlpcore.i18n.messages import N_, Message
from mlpcore.spec import RunSpec
from mlpcore.training import seeds


@dataclass(frozen=True)
class Split:
    """Indices of a member's training and validation images, int32 (n,) each."""

    training: NDArray[Any]
    validation: NDArray[Any]


def members(spec: RunSpec) -> tuple[Member, ...]:
    """All members of a run: for each seed one a fold, or one where there are no folds."""
    folds = range(spec.folds) if spec.folds else (None,)
    return tuple(Member(spec.seed + repeat, fold) for repeat in range(spec.repeats) for fold in folds)


def splits(spec: RunSpec, labels: NDArray[Any]) -> list[Split]:
    """Each member's images; `labels` are those of the whole training set.

    Raises `TrainingError` where a class has fewer images than there are folds.
    """
    found = []
    for member in members(spec):
        if member.fold is None:
            found.append(Split(*seeds.split(member.seed, len(labels), spec.examples, spec.validation_count)))
            continue
        drawn, _ = seeds.split(member.seed, len(labels), spec.examples, 0)
        folds = _folds(spec, labels[drawn])
        found.append(Split(drawn[folds != member.fold], drawn[folds == member.fold]))
    return found


def _folds(spec: RunSpec, labels: NDArray[Any]) -> NDArray[Any]:
    """The fold in which each of the images validates, (n,).

    Stratified: the images are dealt out class by class, so folds differ by at most one image, in all and of any class.
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
