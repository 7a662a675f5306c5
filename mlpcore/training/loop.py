"""One run from its spec to its results, as a generator of events, independent of database, processes and pages."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator
from functools import cache, partial
from pathlib import Path
from typing import TypeVar, cast

import numpy as np

from mlpcore import disk
from mlpcore.errors import DivergedError
from mlpcore.events import Ended, EpochEnd, Event, Metrics, Progress, Snapshot, Started, Waiting
from mlpcore.i18n.messages import N_, Message
from mlpcore.paths import data_folder
from mlpcore.spec import RunSpec
from mlpcore.spec.parameters import count_parameters
from mlpcore.training import backend, engine, group_sizes
from mlpcore.training.device_data import on_device
from mlpcore.training.final_results import evaluate_and_save
from mlpcore.training.group import Group, Sums
from mlpcore.training.member_progress import MemberProgress, metrics_of
from mlpcore.training.member_seeds import members_of, splits_of
from mlpcore.training.run_files import Arrays, Checkpoint, RunFiles, SnapshotChanges, delete_snapshots, relative

PROGRESS_SECONDS = 0.1
"""The shortest time between two reports; a time slice usually takes longer."""
CHECKPOINT_SECONDS = 1.0
ROOM_SECONDS = 1.0
"""How often a training that waits for room on the disk tries again."""
CHECKPOINT_SHARE = 0.1
"""Checkpoints take at most this share of the time; epochs without one are trained again after a crash."""


T = TypeVar("T")


class _StopRequestedError(Exception):
    """The user has requested to stop."""


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
        self.members = members_of(spec)
        self.progress = [MemberProgress.start(spec, files, number) for number in range(spec.members)]
        self.groups: list[Group] = []
        self.checkpointed_at = time.monotonic()
        self.checkpoint_cost = 0.0

    def events(self, resume_from: str | None) -> Iterator[Event]:
        yield from self._with_room(self.files.create_folder)
        max_size = group_sizes.group_size(self.spec, backend.free_device_bytes())
        if backend.device() == "CPU":
            max_size = min(max_size, group_sizes.members_in_cache(self.spec))
        self.data = on_device(self.spec.dataset, self.spec.prepare)
        self.splits = splits_of(self.spec, self.data.train_labels)
        epoch = self._resume(resume_from)
        if not epoch:
            members = range(self.spec.members)
            for numbers in group_sizes.split_into_groups(members, self.splits, self.spec.batch_size, max_size):
                group = self._group(numbers)
                self._add(group, group.untrained_state())
        started = self._started(epoch)
        yield from self._write_files()
        yield started
        while epoch < self.spec.epochs and any(member.trains for member in self.progress):
            epoch += 1
            yield from self._epoch(epoch)
        data, count = self.data.test, self.data.test_count
        finished = self._wait(evaluate_and_save(self.spec, self.files, self.progress, self.groups, epoch, data, count))
        yield from self._write_files()
        yield finished
        self.files.delete_checkpoints()

    def _group(self, numbers: list[int]) -> Group:
        return Group(self.spec, numbers, self.members, self.splits)

    def _add(self, group: Group, state: Arrays) -> None:
        group.state = state
        self.groups.append(group)

    def _started(self, epoch: int) -> Started:
        used = engine()
        snapshots: list[Snapshot] = []
        for group in [] if epoch else self.groups:
            for number, weights in zip(group.numbers, group.weights(), strict=True):
                snapshots += self.progress[number].snapshots.save_untrained(weights)
        parameters, steps = count_parameters(self.spec), self.spec.steps_per_epoch
        return Started(used.device, used.name, used.versions, parameters, steps, self.members, epoch, tuple(snapshots))

    def _epoch(self, epoch: int) -> Iterator[Event]:
        """Train and validate all groups for an epoch, and report its end."""
        started = time.perf_counter()
        self._regroup()
        kept_epochs = {n: member.stopping.best_epoch for n, member in enumerate(self.progress) if member.stopped}
        rates = [member.rate.of(epoch) for member in self.progress]
        changes = SnapshotChanges()
        metrics: dict[int, Metrics] = {}
        for index, group in enumerate(self.groups):
            self._move_to_device(group)
            sums = yield from self._train_group(epoch, index, group, rates)
            validated = self._wait(group.validate(self.data.train))
            for slot, number in enumerate(group.numbers):
                if self.progress[number].trains:
                    metrics[number] = metrics_of(sums[:, slot], None if validated is None else validated[:, slot])
            self._after_epoch(epoch, group, metrics, changes)
        last = epoch == self.spec.epochs or not any(member.trains for member in self.progress)
        seconds = time.perf_counter() - started
        yield from self._write_files()
        saved = None if last else self._checkpoint_if_due(epoch)
        yield EpochEnd(
            epoch,
            tuple(metrics.get(number, member.kept_metrics) for number, member in enumerate(self.progress)),
            seconds,
            math.fsum(rates) / len(rates),
            relative(saved) if saved else None,
            tuple(changes.added),
            tuple(changes.dropped),
            kept_epochs,
            tuple(rates) if len(set(rates)) > 1 else (),
        )
        delete_snapshots(changes.dropped)
        if saved:
            self.files.delete_checkpoints(keep=saved)

    def _regroup(self) -> None:
        """Where at most half of a group still trains, continue with a smaller group."""
        groups, self.groups = self.groups, []
        for group in groups:
            training = [number for number in group.numbers if self.progress[number].trains]
            if 2 * len(training) > len(group.numbers):
                self.groups.append(group)
            elif training:
                self._add(self._group(training), group.state_of(training))

    def _move_to_device(self, group: Group) -> None:
        for other in self.groups:
            if other is not group and other.steps is group.steps:
                other.move_to_memory()
        group.move_to_device()

    def _train_group(self, epoch: int, index: int, group: Group, rates: list[float]) -> Generator[Progress, None, Sums]:
        """Train an epoch of a group; its sums. Members whose loss is not finite are marked as diverged."""
        total, reported_at = self.spec.steps_per_epoch, 0.0
        group_rates = np.array([rates[number] for number in group.numbers], np.float32)
        training = group.train(epoch, group_rates, self.data.train)
        while True:
            try:
                end, sums = next(training)
            except StopIteration as stop:
                return cast(Sums, stop.value)
            done = math.ceil(total * (index + end / group.steps_per_epoch) / len(self.groups))
            self._mark_diverged(epoch, done, group, sums)
            self._stop_if_requested()
            if time.monotonic() - reported_at >= PROGRESS_SECONDS or done == total:
                reported_at = time.monotonic()
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

    def _after_epoch(self, epoch: int, group: Group, metrics: dict[int, Metrics], changes: SnapshotChanges) -> None:
        """Update learning rates, early stopping and snapshots of a group's members with their metrics."""
        weights = cache(group.weights)
        for slot, number in enumerate(group.numbers):
            member = self.progress[number]
            if member.trains:
                member.after_epoch(epoch, metrics[number], partial(_item, weights, slot), changes)

    def _wait(self, work: Generator[None, None, T]) -> T:
        """The result of work in time slices, which can be stopped."""
        while True:
            try:
                next(work)
            except StopIteration as stop:
                return cast(T, stop.value)
            self._stop_if_requested()

    def _write_files(self) -> Generator[Waiting, None, None]:
        """Write the snapshots and models that the next event names."""
        while self.files.unwritten:
            yield from self._with_room(self.files.unwritten[0])
            del self.files.unwritten[0]

    def _with_room(self, write: Callable[[], None]) -> Generator[Waiting, None, None]:
        """Write something; where the disk is full, wait until there is room or the training must stop."""
        while True:
            try:
                return write()
            except Exception as error:
                if not disk.is_full(error):
                    raise
            yield Waiting(disk.WAITING)
            until = time.monotonic() + ROOM_SECONDS
            while time.monotonic() < until:
                self._stop_if_requested()
                time.sleep(min(PROGRESS_SECONDS, ROOM_SECONDS))

    def _stop_if_requested(self) -> None:
        if self.should_stop():
            raise _StopRequestedError

    def _checkpoint_if_due(self, epoch: int) -> Path | None:
        wait = max(CHECKPOINT_SECONDS, self.checkpoint_cost / CHECKPOINT_SHARE)
        started = time.monotonic()
        if started - self.checkpointed_at < wait:
            return None
        path = self.files.checkpoint(epoch)
        checkpoint = Checkpoint(
            self.files.run,
            epoch,
            [group.numbers for group in self.groups],
            [group.current_state() for group in self.groups],
            [member.to_json() for member in self.progress],
            {n: member.stopping.best_weights for n, member in enumerate(self.progress) if member.stopping.best_weights},
        )
        saved = True
        try:
            checkpoint.save(path)
        except OSError as error:
            if not disk.is_full(error):
                raise
            saved = False  # the run goes on; after a crash, more of its epochs are trained again
        self.checkpointed_at = time.monotonic()
        self.checkpoint_cost = self.checkpointed_at - started
        return path if saved else None

    def _resume(self, resume_from: str | None) -> int:
        """Restore a checkpoint; return the epoch after which training continues, 0 without a usable checkpoint."""
        stored = Checkpoint.load(data_folder() / resume_from, self.files.run) if resume_from else None
        if stored is None:
            return 0
        for numbers, arrays in zip(stored.groups, stored.states, strict=True):
            self._add(self._group(numbers), arrays)
        for number, (member, state) in enumerate(zip(self.progress, stored.members, strict=True)):
            member.restore(state, stored.best.get(number, []))
        return stored.epoch


def _item(values: Callable[[], list[Arrays]], index: int) -> Arrays:
    return values()[index]
