"""One run from its spec to its results, as a generator of events. It knows no database, no process, no page."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator
from functools import cache, partial
from pathlib import Path
from typing import TypeVar, cast

import numpy as np

from mlpcore.errors import DivergedError
from mlpcore.events import Ended, EpochEnd, Event, Metrics, Progress, Snapshot, Started
from mlpcore.i18n.messages import N_, Message
from mlpcore.paths import data_folder
from mlpcore.spec import RunSpec
from mlpcore.spec.parameters import count_parameters
from mlpcore.training import backend, checkpoint, memory
from mlpcore.training.checkpoint import Arrays
from mlpcore.training.device_data import on_device
from mlpcore.training.engine import engine
from mlpcore.training.files import RunFiles, SnapshotChanges, forget, relative
from mlpcore.training.group import Group, Sums, in_groups
from mlpcore.training.members import members, splits
from mlpcore.training.progress import MemberProgress, metrics_of
from mlpcore.training.results import finished

PROGRESS_SECONDS = 0.2
CHECKPOINT_SECONDS = 1.0
CHECKPOINT_SHARE = 0.1
"""At most this share of the time goes into checkpoints; epochs without one are trained again after a crash."""


T = TypeVar("T")


class _StopRequestedError(Exception):
    """The user asked to stop."""


def events(
    spec: RunSpec, run_name: str, attempt: int, resume_from: str | None, should_stop: Callable[[], bool]
) -> Iterator[Event]:
    """See `training.train`."""
    try:
        yield from _Training(spec, RunFiles(run_name, attempt, spec.members), should_stop).events(resume_from)
    except _StopRequestedError:
        yield Ended("stopped", Message(N_("Stopped by hand.")))
    except DivergedError as error:
        yield Ended("diverged", error.message)


class _Training:
    def __init__(self, spec: RunSpec, files: RunFiles, should_stop: Callable[[], bool]) -> None:
        self.spec = spec
        self.files = files
        self.should_stop = should_stop
        self.members = members(spec)
        self.progress = [MemberProgress.of(spec, files, number) for number in range(spec.members)]
        self.groups: list[Group] = []
        self.checkpointed_at = time.monotonic()
        self.checkpoint_cost = 0.0

    def events(self, resume_from: str | None) -> Iterator[Event]:
        most = memory.group_size(self.spec, backend.free_device_bytes())
        if backend.device() == "CPU":
            most = min(most, memory.cached(self.spec))
        self.data = on_device(self.spec.dataset, self.spec.prepare)
        self.splits = splits(self.spec, self.data.train_labels)
        epoch = self._resume(resume_from)
        if not epoch:
            for numbers in in_groups(range(self.spec.members), self.splits, self.spec.batch_size, most):
                group = self._group(numbers)
                self._add(group, group.untrained())
        yield self._started(epoch)
        while epoch < self.spec.epochs and any(member.trains for member in self.progress):
            epoch += 1
            yield from self._epoch(epoch)
        data, count = self.data.test, self.data.test_count
        yield self._wait(finished(self.spec, self.files, self.progress, self.groups, epoch, data, count))
        self.files.drop_checkpoints()

    def _group(self, numbers: list[int]) -> Group:
        return Group(self.spec, numbers, self.members, self.splits)

    def _add(self, group: Group, state: Arrays) -> None:
        group.state = state
        self.groups.append(group)

    def _started(self, epoch: int) -> Started:
        used = engine()
        taken: list[Snapshot] = []
        for group in [] if epoch else self.groups:
            for number, weights in zip(group.numbers, group.weights(), strict=True):
                taken += self.progress[number].snapshots.untrained(weights)
        parameters, steps = count_parameters(self.spec), self.spec.steps_per_epoch
        return Started(used.device, used.name, used.versions, parameters, steps, self.members, epoch, tuple(taken))

    def _epoch(self, epoch: int) -> Iterator[Event]:
        """Train and validate all groups for an epoch, and tell its end."""
        started = time.perf_counter()
        self._leave_out_who_is_done()
        resting = frozenset(number for number, member in enumerate(self.progress) if member.stopped)
        rates = [member.rate.of(epoch) for member in self.progress]
        changes = SnapshotChanges()
        found: dict[int, Metrics] = {}
        for place, group in enumerate(self.groups):
            self._enter(group)
            means = yield from self._train_group(epoch, place, group, rates)
            validated = self._wait(group.validate(self.data.train))
            for slot, number in enumerate(group.numbers):
                if self.progress[number].trains:
                    found[number] = metrics_of(means[:, slot], None if validated is None else validated[:, slot])
            self._watch(epoch, group, found, changes)
        trained = [found.get(number, member.kept_metrics) for number, member in enumerate(self.progress)]
        last = epoch == self.spec.epochs or not any(member.trains for member in self.progress)
        seconds = time.perf_counter() - started
        saved = None if last else self._checkpoint_if_due(epoch)
        yield EpochEnd(
            epoch,
            tuple(trained),
            seconds,
            math.fsum(rates) / len(rates),
            relative(saved) if saved else None,
            tuple(changes.taken),
            tuple(changes.dropped),
            resting,
            tuple(rates) if len(set(rates)) > 1 else (),
        )
        forget(self.files, changes.dropped)
        if saved:
            self.files.drop_checkpoints(keep=saved)

    def _leave_out_who_is_done(self) -> None:
        """Where at most half of a group still trains, go on with a smaller one."""
        groups, self.groups = self.groups, []
        for group in groups:
            alive = [number for number in group.numbers if self.progress[number].trains]
            if 2 * len(alive) > len(group.numbers):
                self.groups.append(group)
            elif alive:
                self._add(self._group(alive), group.part(alive))

    def _enter(self, group: Group) -> None:
        for other in self.groups:
            if other is not group and other.steps is group.steps:
                other.leave()
        group.enter()

    def _train_group(self, epoch: int, place: int, group: Group, rates: list[float]) -> Generator[Progress, None, Sums]:
        """Train an epoch of a group; its sums. Members whose loss is no finite number are marked as diverged."""
        total, reported = self.spec.steps_per_epoch, 0.0
        of_group = np.array([rates[number] for number in group.numbers], np.float32)
        training = group.train(epoch, of_group, self.data.train)
        while True:
            try:
                behind, sums = next(training)
            except StopIteration as end:
                return cast(Sums, end.value)
            done = math.ceil(total * (place + behind / group.steps_per_epoch) / len(self.groups))
            self._mark_diverged(epoch, done, group, sums)
            self._stop_if_asked()
            if time.monotonic() - reported >= PROGRESS_SECONDS or done == total:
                reported = time.monotonic()
                losses = [
                    float(loss / count)
                    for number, loss, count in zip(group.numbers, sums[0], sums[2], strict=True)
                    if self.progress[number].trains
                ]
                if losses:
                    yield Progress(epoch, done, total, math.fsum(losses) / len(losses))

    def _mark_diverged(self, epoch: int, step: int, group: Group, sums: Sums) -> None:
        for number, loss in zip(group.numbers, sums[0], strict=True):
            member = self.progress[number]
            member.diverged |= member.trains and not math.isfinite(loss)
        if all(member.diverged for member in self.progress):
            raise DivergedError(
                N_(
                    "The loss is no longer a finite number (epoch {epoch}, step {step}): the steps were too large for"
                    " this network. Try a smaller learning rate, such as {rate:g}."
                ),
                epoch=epoch,
                step=step,
                rate=self.spec.optimizer.learning_rate / 10,
            )

    def _watch(self, epoch: int, group: Group, found: dict[int, Metrics], changes: SnapshotChanges) -> None:
        """Feed learning rates, early stopping and snapshots of a group with the metrics of its members."""
        weights = cache(group.weights)
        for slot, number in enumerate(group.numbers):
            member = self.progress[number]
            if member.trains:
                member.watch(epoch, found[number], partial(_item, weights, slot), changes)

    def _wait(self, work: Generator[None, None, T]) -> T:
        """The result of work in pieces, which can be stopped."""
        while True:
            try:
                next(work)
            except StopIteration as end:
                return cast(T, end.value)
            self._stop_if_asked()

    def _stop_if_asked(self) -> None:
        if self.should_stop():
            raise _StopRequestedError

    def _checkpoint_if_due(self, epoch: int) -> Path | None:
        wait = max(CHECKPOINT_SECONDS, self.checkpoint_cost / CHECKPOINT_SHARE)
        started = time.monotonic()
        if started - self.checkpointed_at < wait:
            return None
        path = self.files.checkpoint(epoch)
        state = checkpoint.State(
            epoch,
            [group.numbers for group in self.groups],
            [group.copy() for group in self.groups],
            [member.facts() for member in self.progress],
            {n: member.stopping.best_weights for n, member in enumerate(self.progress) if member.stopping.best_weights},
        )
        checkpoint.save(path, state)
        self.checkpointed_at = time.monotonic()
        self.checkpoint_cost = self.checkpointed_at - started
        return path

    def _resume(self, resume_from: str | None) -> int:
        """Go back to the checkpoint's state; the epoch behind which to go on, 0 without a usable checkpoint."""
        state = checkpoint.load(data_folder() / resume_from) if resume_from else None
        if state is None:
            return 0
        for numbers, arrays in zip(state.groups, state.states, strict=True):
            self._add(self._group(numbers), arrays)
        for number, (member, facts) in enumerate(zip(self.progress, state.members, strict=True)):
            member.restore(facts, state.best.get(number, []))
        return state.epoch


def _item(values: Callable[[], list[Arrays]], place: int) -> Arrays:
    return values()[place]
