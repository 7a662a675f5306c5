"""Members that train as one stack: their images, their epochs in pieces, their evaluation."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.events import Member
from mlpcore.spec import RunSpec
from mlpcore.training import seeds
from mlpcore.training.backend import on_device
from mlpcore.training.compiled import EVALUATION_BATCH, steps_for
from mlpcore.training.members import Split
from mlpcore.training.steps import Steps
from mlpcore.training.time_slices import pieces

Arrays = list[NDArray[Any]]
Sums = NDArray[np.float64]
"""Loss x examples, correct answers, examples, of each member: (3, members)."""


class Group:
    """Some members of a run, by their numbers. All of them take the same number of steps an epoch.

    Groups of one size share their compiled steps: `enter` brings a group's state there, `leave` takes it away.
    """

    def __init__(self, spec: RunSpec, numbers: Sequence[int], members: Sequence[Member], splits: Sequence[Split]):
        self.spec = spec
        self.numbers = list(numbers)
        self._seeds = [members[number].seed for number in numbers]
        self._splits = [splits[number] for number in numbers]
        self.steps, self._fresh = steps_for(spec, len(self.numbers))
        self.state: Arrays | None = None
        """The stacked weights and optimizer variables; None while they are on the device."""

    def untrained(self) -> Arrays:
        """The state of untrained networks."""
        return [*self.steps.stack.initial_weights(self._seeds), *self._fresh]

    def enter(self) -> None:
        """Bring the state to the device, if it is not there."""
        if self.state is not None:
            self.steps.put(self.state)
            self.state = None

    def leave(self) -> None:
        """Take the state off the device, if it is there."""
        if self.state is None:
            self.state = self.steps.take()

    def copy(self) -> Arrays:
        """A copy of the state, wherever it is."""
        return self.steps.take() if self.state is None else self.state

    def weights(self) -> list[Arrays]:
        """Each member's weights, in the group's order."""
        count = len(self.steps.stack.variables)
        stacked = self.steps.weights() if self.state is None else self.state[:count]
        return [[array[place] for array in stacked] for place in range(len(self.numbers))]

    def part(self, numbers: Sequence[int]) -> Arrays:
        """The state of some of the members; what all share, such as the optimizer's step count, stays as it is."""
        chosen = [self.numbers.index(number) for number in numbers]
        return [array[chosen] if array.ndim else array for array in self.copy()]

    @property
    def steps_per_epoch(self) -> int:
        """Optimizer steps in an epoch."""
        return -(-max(len(split.training) for split in self._splits) // self.spec.batch_size)

    def train(self, epoch: int, rates: NDArray[np.float32], data: Any) -> Generator[tuple[int, Sums], None, Sums]:
        """Train an epoch; yields the steps done and the sums so far, several times a second, and returns the sums."""
        orders = [
            split.training[seeds.order(seed, epoch, len(split.training))]
            for seed, split in zip(self._seeds, self._splits, strict=True)
        ]
        layers = len(self.spec.hidden)
        keys = on_device(np.stack([seeds.keys(seed, epoch, layers) for seed in self._seeds]))
        self.steps.set_rates(rates)
        order, counts = _stacked(orders, data, self.spec.batch_size)
        sums, found = self.steps.zero(), np.zeros((3, len(self.numbers)))
        for first, behind in pieces(self.steps_per_epoch):
            sums = self.steps.train(data, order, counts, keys, first, behind, sums)
            found = np.asarray(sums).astype(np.float64)
            yield behind, found
        return found

    def validate(self, data: Any) -> Generator[None, None, Sums | None]:
        """Evaluate each member on its validation images; None where there are none."""
        images = [split.validation for split in self._splits]
        return (yield from evaluate(self.steps, data, images)) if len(images[0]) else None


def evaluate(steps: Steps, data: Any, images: Sequence[NDArray[Any]]) -> Generator[None, None, Sums]:
    """Evaluate each network of a stack on the examples of `data` at its indices; yields several times a second."""
    order, counts = _stacked(images, data, EVALUATION_BATCH)
    sums, found = steps.zero(), np.zeros((3, len(images)))
    for first, behind in pieces(-(-max(map(len, images)) // EVALUATION_BATCH)):
        sums = steps.evaluate(data, order, counts, first, behind, sums)
        found = np.asarray(sums).astype(np.float64)
        yield
    return found


def test(
    steps: Steps, networks: Sequence[Arrays], data: Any, count: int
) -> Generator[None, None, list[NDArray[np.float64]]]:
    """Evaluate networks on the first `count` examples of `data`, as many at a time as the stack holds.

    Each one's loss x examples, correct answers and examples. The weights in the stack are lost.
    """
    size, found = steps.stack.members, []
    images = [np.arange(count, dtype=np.int32)] * size
    for first in range(0, len(networks), size):
        part = list(networks[first : first + size])
        filled = part + [part[-1]] * (size - len(part))
        steps.put_weights([np.stack(arrays) for arrays in zip(*filled, strict=True)])
        sums = yield from evaluate(steps, data, images)
        found += list(sums.T[: len(part)])
    return found


def _stacked(images: Sequence[NDArray[Any]], data: Any, batch: int) -> tuple[Any, Any]:
    """Indices of different lengths as one array on the device (members, m), filled up with 0, and the lengths.

    There is room for whole batches of all examples of `data`: steps compiled for one length serve all.
    """
    filled = np.zeros((len(images), -(-data[0].shape[0] // batch) * batch), np.int32)
    for row, chosen in zip(filled, images, strict=True):
        row[: len(chosen)] = chosen
    return on_device(filled), on_device(np.array([len(chosen) for chosen in images], np.int32))


def in_groups(numbers: Sequence[int], splits: Sequence[Split], batch_size: int, most: int) -> list[list[int]]:
    """The members in groups of at most `most` that take the same number of steps.

    The groups are equally large where that does not need twice as many of them: each size is compiled by itself.
    """
    by_steps: dict[int, list[int]] = {}
    for number in numbers:
        by_steps.setdefault(-(-len(splits[number].training) // batch_size), []).append(number)
    groups = []
    for alike in by_steps.values():
        fewest = -(-len(alike) // most)
        count = next((n for n in range(fewest, 2 * fewest) if len(alike) % n == 0), fewest)
        groups += [[int(number) for number in part] for part in np.array_split(alike, count)]
    return groups
