"""The end of a training: each member's kept network is tested once and saved."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from typing import Any

from mlpcore.events import Finished, Result
from mlpcore.spec import RunSpec
from mlpcore.training.checkpoint import Arrays
from mlpcore.training.files import RunFiles
from mlpcore.training.group import Group, test
from mlpcore.training.keras_model import KerasModel
from mlpcore.training.progress import MemberProgress


def finished(
    spec: RunSpec,
    files: RunFiles,
    progress: Sequence[MemberProgress],
    groups: Sequence[Group],
    epoch: int,
    data: Any,
    count: int,
) -> Generator[None, None, Finished]:
    """The results behind the last epoch, on the `count` test examples of `data`; yields several times a second.

    Where early stopping has seen a best epoch, its network is kept, else the last one.
    """
    kept: dict[int, tuple[int, Arrays]] = {}
    for group in groups:
        for number, weights in zip(group.numbers, group.weights(), strict=True):
            kept[number] = epoch, weights
    for number, member in enumerate(progress):
        if member.stopping.best_weights:
            kept[number] = member.stopping.best_epoch, member.stopping.best_weights
    alive = [number for number, member in enumerate(progress) if not member.diverged]
    tested = yield from test(groups[0].steps, [kept[number][1] for number in alive], data, count)
    results: list[Result | None] = [None] * len(progress)
    model = KerasModel(spec)
    for number, (loss, hits, tried) in zip(alive, tested, strict=True):
        of_epoch, weights = kept[number]
        file = files.save(number, partial(model.save, weights))
        snapshot = progress[number].snapshots.take(of_epoch, weights)
        results[number] = Result(float(loss / tried), float(hits / tried), of_epoch, file, snapshot)
        yield
    return Finished(tuple(results), all(member.stopped or member.diverged for member in progress))
