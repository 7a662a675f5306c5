"""Members that train as one stack: their examples, their epochs in time slices, their evaluation."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.events import Member
from mlpcore.spec import RunSpec
from mlpcore.training.backend import on_device
from mlpcore.training.member_seeds import Split, epoch_keys, epoch_order
from mlpcore.training.steps import EVALUATION_BATCH, Steps, steps_for

SLICE_SECONDS = 0.15
FIRST_SLICE = 8
"""Steps before it is known how long one takes."""

Arrays = list[NDArray[Any]]
Sums = NDArray[np.float64]
"""Loss x examples, correct predictions, examples, of each member: (3, members)."""


class Group:
    """Some members of a run, by their numbers. All of them take the same number of steps per epoch.

    Groups of one size share their compiled steps: `move_to_device` copies a group's state to the device,
    `move_to_memory` copies it back.
    """

    def __init__(self, spec: RunSpec, numbers: Sequence[int], members: Sequence[Member], splits: Sequence[Split]):
        self.spec = spec
        self.numbers = list(numbers)
        self._seeds = [members[number].seed for number in numbers]
        self._splits = [splits[number] for number in numbers]
        self.steps, self._untrained_optimizer = steps_for(spec, len(self.numbers))
        self.state: Arrays | None = None
        """The stacked weights and optimizer variables; None while they are on the device."""

    def untrained_state(self) -> Arrays:
        """The state of untrained networks."""
        return [*self.steps.stack.initial_weights(self._seeds), *self._untrained_optimizer]

    def move_to_device(self) -> None:
        """Move the state to the device, if it is not there."""
        if self.state is not None:
            self.steps.set_state(self.state)
            self.state = None

    def move_to_memory(self) -> None:
        """Move the state from the device to memory, if it is there."""
        if self.state is None:
            self.state = self.steps.get_state()

    def current_state(self) -> Arrays:
        """The state, wherever it is."""
        return self.steps.get_state() if self.state is None else self.state

    def weights(self) -> list[Arrays]:
        """Each member's weights, in the group's order."""
        count = len(self.steps.stack.variables)
        stacked = self.steps.get_weights() if self.state is None else self.state[:count]
        return [[array[index] for array in stacked] for index in range(len(self.numbers))]

    def state_of(self, numbers: Sequence[int]) -> Arrays:
        """The state of some of the members; what all share, such as the optimizer's step count, stays as it is."""
        indices = [self.numbers.index(number) for number in numbers]
        return [array[indices] if array.ndim else array for array in self.current_state()]

    @property
    def steps_per_epoch(self) -> int:
        """Optimizer steps in an epoch."""
        return -(-max(len(split.training) for split in self._splits) // self.spec.batch_size)

    def train(self, epoch: int, rates: NDArray[np.float32], data: Any) -> Generator[tuple[int, Sums], None, Sums]:
        """Train an epoch; yields the steps done and the sums so far, several times per second; returns the sums.

        `rates` are the members' learning rates, float32 (members,).
        """
        orders = [
            split.training[epoch_order(seed, epoch, len(split.training))]
            for seed, split in zip(self._seeds, self._splits, strict=True)
        ]
        layers = len(self.spec.hidden)
        keys = on_device(np.stack([epoch_keys(seed, epoch, layers) for seed in self._seeds]))
        self.steps.set_learning_rates(rates)
        order, counts = _padded_indices(orders, data, self.spec.batch_size)
        on_device_sums, sums = self.steps.zero_sums(), np.zeros((3, len(self.numbers)))
        # Of a new run the first step alone is reported, so that its curve begins at once.
        for first, end in time_slices(self.steps_per_epoch, first_size=1 if epoch == 1 else FIRST_SLICE):
            on_device_sums = self.steps.train(data, order, counts, keys, first, end, on_device_sums)
            sums = np.asarray(on_device_sums).astype(np.float64)
            yield end, sums
        return sums

    def validate(self, data: Any) -> Generator[None, None, Sums | None]:
        """Evaluate each member on its validation examples; None where there are none."""
        indices = [split.validation for split in self._splits]
        return (yield from evaluate(self.steps, data, indices)) if len(indices[0]) else None


def evaluate(steps: Steps, data: Any, indices: Sequence[NDArray[Any]]) -> Generator[None, None, Sums]:
    """Evaluate each network of a stack on the examples of `data` at its indices; yields several times per second."""
    order, counts = _padded_indices(indices, data, EVALUATION_BATCH)
    on_device_sums, sums = steps.zero_sums(), np.zeros((3, len(indices)))
    for first, end in time_slices(-(-max(map(len, indices)) // EVALUATION_BATCH)):
        on_device_sums = steps.evaluate(data, order, counts, first, end, on_device_sums)
        sums = np.asarray(on_device_sums).astype(np.float64)
        yield
    return sums


def evaluate_networks(
    steps: Steps, networks: Sequence[Arrays], data: Any, count: int
) -> Generator[None, None, list[NDArray[np.float64]]]:
    """Evaluate networks on the first `count` examples of `data`, as many networks at a time as the stack holds.

    Returns loss x examples, correct predictions and examples of each network. The weights in the stack are lost.
    """
    size, results = steps.stack.members, []
    indices = [np.arange(count, dtype=np.int32)] * size
    for first in range(0, len(networks), size):
        part = list(networks[first : first + size])
        padded = part + [part[-1]] * (size - len(part))
        steps.set_weights([np.stack(arrays) for arrays in zip(*padded, strict=True)])
        sums = yield from evaluate(steps, data, indices)
        results += list(sums.T[: len(part)])
    return results


def time_slices(
    total: int, first_size: int = FIRST_SLICE, clock: Callable[[], float] = time.perf_counter
) -> Iterator[tuple[int, int]]:
    """Ranges (first, end) that cover 0 to `total` - 1, each of work for about `SLICE_SECONDS`.

    Between them long work can report progress and be stopped. The caller does the work of a range before it requests
    the next one, whose size depends on the time that the last one took.
    """
    done, size = 0, first_size
    while done < total:
        end = min(total, done + size)
        started = clock()
        yield done, end
        seconds = clock() - started
        if end - done == size:
            size = max(1, round(size * min(4.0, max(0.25, SLICE_SECONDS / max(seconds, 1e-6)))))
        done = end


def _padded_indices(indices: Sequence[NDArray[Any]], data: Any, batch: int) -> tuple[Any, Any]:
    """Indices of different lengths as one array on the device (members, m), padded with 0, and their lengths.

    There is room for whole batches of all examples of `data`: steps compiled for one length serve all.
    """
    padded = np.zeros((len(indices), -(-data[0].shape[0] // batch) * batch), np.int32)
    for row, of_member in zip(padded, indices, strict=True):
        row[: len(of_member)] = of_member
    return on_device(padded), on_device(np.array([len(of_member) for of_member in indices], np.int32))
