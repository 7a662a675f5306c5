"""One run from its spec to its result, as a generator of events. It knows no database, no process, no page."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from mlpcore import datasets
from mlpcore.errors import DivergedError
from mlpcore.events import Ended, EpochEnd, Event, Finished, Metrics, Progress, Result, Started
from mlpcore.messages import N_, Message
from mlpcore.parameters import count_parameters
from mlpcore.settings import data_folder
from mlpcore.spec import RunSpec
from mlpcore.training import checkpoint, memory, seeds
from mlpcore.training.early_stopping import EarlyStopping
from mlpcore.training.engine import engine, keras, tensorflow
from mlpcore.training.files import RunFiles, Snapshots, relative
from mlpcore.training.graph import EVALUATION_BATCH, DeviceData, Graph
from mlpcore.training.model import Model
from mlpcore.training.pieces import pieces

PROGRESS_SECONDS = 0.2
CHECKPOINT_SECONDS = 1.0
CHECKPOINT_SHARE = 0.1
"""At most this share of the time goes into checkpoints; epochs without one are trained again after a crash."""


class _StopRequestedError(Exception):
    """The user asked to stop."""


def train(
    spec: RunSpec,
    run_name: str,
    *,
    attempt: int = 1,
    checkpoint: str | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Train `spec`; files go to the folder `run_name` of the models, `checkpoint` is where to go on from.

    Yields `Started`, `Progress` and `EpochEnd`, and last `Finished` or `Ended` (stopped, diverged). What stands
    behind a `yield` happens when the listener has recorded the event. `should_stop` is asked several times a second.
    Raises `DatasetError`, `TrainingError`, and what TensorFlow raises.
    """
    try:
        yield from _Training(spec, RunFiles(run_name, attempt), should_stop).events(checkpoint)
    except _StopRequestedError:
        yield Ended("stopped", Message(N_("Stopped by hand.")))
    except DivergedError as error:
        yield Ended("diverged", error.message)
    finally:
        keras().utils.clear_session(free_memory=False)


@lru_cache(maxsize=1)
def _on_device(name: str) -> tuple[DeviceData, DeviceData]:
    """Training and test images of a dataset on the device; the last one used stays there."""
    data = datasets.load(name)
    return DeviceData(data.train_inputs, data.train_labels), DeviceData(data.test_inputs, data.test_labels)


class _Training:
    def __init__(self, spec: RunSpec, files: RunFiles, should_stop: Callable[[], bool]) -> None:
        self.spec = spec
        self.files = files
        self.should_stop = should_stop
        self.stopping = EarlyStopping(spec.early_stopping)
        self.checkpointed_at = time.monotonic()
        self.checkpoint_cost = 0.0

    def events(self, resume_from: str | None) -> Iterator[Event]:
        memory.require(self.spec)
        data, test = _on_device(self.spec.dataset)
        self.model = Model(self.spec)
        self.graph = Graph(self.model)
        self.snapshots = Snapshots(self.files, self.model, self.spec.epochs)
        training, validation = seeds.split(self.spec.seed, data.count, self.spec.examples, self.spec.validation_count)
        epoch = self._resume(resume_from)
        yield self._started(epoch)
        stopped_early = False
        while epoch < self.spec.epochs and not stopped_early:
            epoch += 1
            started = time.perf_counter()
            loss, accuracy = yield from self._train_epoch(epoch, data, training)
            val = self._evaluate(data, validation) if len(validation) else (None, None)
            metrics = Metrics(loss, accuracy, *val)
            stopped_early = self._watch(epoch, metrics)
            last = stopped_early or epoch == self.spec.epochs
            seconds = time.perf_counter() - started
            yield from self._epoch_end(epoch, metrics, seconds, last)
        yield self._finished(epoch, test, stopped_early)
        self.files.drop_checkpoints()

    def _started(self, epoch: int) -> Started:
        used = engine()
        taken = () if epoch else (self.snapshots.take(0),)
        parameters, steps = count_parameters(self.spec), self.spec.steps_per_epoch
        return Started(used.device, used.name, used.versions, parameters, steps, epoch, taken)

    def _train_epoch(
        self, epoch: int, data: DeviceData, training: Any
    ) -> Generator[Progress, None, tuple[float, float]]:
        """Train one epoch; returns its mean loss and its accuracy, both over the batches as they were trained."""
        tf = tensorflow()
        self.model.start_epoch(epoch)
        order = tf.constant(training[seeds.order(self.spec.seed, epoch, len(training))])
        sums, steps, reported = self.graph.zero(), self.spec.steps_per_epoch, 0.0
        for first, behind in pieces(steps):
            sums = self.graph.train(data.inputs, data.labels, order, tf.constant(first), tf.constant(behind), sums)
            loss, hits, count = (float(value) for value in sums.numpy())
            if not math.isfinite(loss):
                raise self._diverged(epoch, behind)
            if self.should_stop():
                raise _StopRequestedError
            if time.monotonic() - reported >= PROGRESS_SECONDS or behind == steps:
                reported = time.monotonic()
                yield Progress(epoch, behind, steps, loss / count)
        return loss / count, hits / count

    def _evaluate(self, data: DeviceData, chosen: Any) -> tuple[float, float]:
        """Mean loss and accuracy over the images `chosen`."""
        tf = tensorflow()
        indices, sums = tf.constant(chosen), self.graph.zero()
        for first, behind in pieces(-(-len(chosen) // EVALUATION_BATCH)):
            first_batch, last_batch = tf.constant(first), tf.constant(behind)
            sums = self.graph.evaluate(data.inputs, data.labels, indices, first_batch, last_batch, sums)
            if self.should_stop():
                raise _StopRequestedError
        loss, hits, count = (float(value) for value in sums.numpy())
        return loss / count, hits / count

    def _watch(self, epoch: int, metrics: Metrics) -> bool:
        """Feed early stopping; whether it is over."""
        watched = metrics.loss if metrics.val_loss is None else metrics.val_loss
        if self.stopping.improved(watched):
            self.stopping.keep(epoch, watched, self.model.weights())
        return self.stopping.over(epoch)

    def _epoch_end(self, epoch: int, metrics: Metrics, seconds: float, last: bool) -> Iterator[EpochEnd]:
        accuracy = metrics.accuracy if metrics.val_accuracy is None else metrics.val_accuracy
        loss = metrics.loss if metrics.val_loss is None else metrics.val_loss
        taken, dropped = self.snapshots.behind(epoch, (accuracy, -loss))
        saved = None if last else self._checkpoint_if_due(epoch)
        name = relative(saved) if saved else None
        rate = self.spec.optimizer.learning_rate
        yield EpochEnd(epoch, (metrics,), seconds, rate, name, taken, dropped)
        self.snapshots.forget(dropped)
        if saved:
            self.files.drop_checkpoints(keep=saved)

    def _checkpoint_if_due(self, epoch: int) -> Any:
        wait = max(CHECKPOINT_SECONDS, self.checkpoint_cost / CHECKPOINT_SHARE)
        started = time.monotonic()
        if started - self.checkpointed_at < wait:
            return None
        path = self.files.checkpoint(epoch)
        state = checkpoint.State(
            epoch,
            self.model.weights(),
            [variable.numpy() for variable in self.graph.optimizer.variables],
            self.stopping.best_weights,
            self.stopping.best_loss,
            self.stopping.best_epoch,
            self.snapshots.top_epoch,
            self.snapshots.top_score,
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
        self.model.set_weights(state.weights)
        for variable, value in zip(self.graph.optimizer.variables, state.optimizer, strict=True):
            variable.assign(value)
        if state.best_loss is not None:
            self.stopping.keep(state.best_epoch, state.best_loss, state.best_weights)
        self.snapshots.top_epoch, self.snapshots.top_score = state.top_epoch, state.top_score
        return state.epoch

    def _finished(self, epoch: int, test: DeviceData, stopped_early: bool) -> Finished:
        kept = epoch
        if self.stopping.best_weights:
            kept = self.stopping.best_epoch
            self.model.set_weights(self.stopping.best_weights)
        loss, accuracy = self._evaluate(test, np.arange(test.count, dtype=np.int32))
        snapshot = self.snapshots.take(kept)
        temporary = self.files.model.with_name(f".{self.files.attempt}.keras")
        self.model.compiled().save(temporary)
        temporary.replace(self.files.model)
        result = Result(loss, accuracy, kept, relative(self.files.model), snapshot)
        return Finished((result,), stopped_early)

    def _diverged(self, epoch: int, step: int) -> DivergedError:
        return DivergedError(
            N_(
                "The loss is no longer a finite number (epoch {epoch}, step {step}): the steps were too large for this"
                " network. Try a smaller learning rate, such as {rate:g}."
            ),
            epoch=epoch,
            step=step,
            rate=self.spec.optimizer.learning_rate / 10,
        )
