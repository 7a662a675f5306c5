"""How far a run is, in the words of the strip above its curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from gettext import NullTranslations

from mlpcore import disk, formatting
from mlpcore.spec.choices import STATUSES
from mlpcore.store import liveness, queue_order
from mlpcore.store.connection import Database
from mlpcore.store.liveness import Worker
from mlpcore.store.queue_order import Wait
from mlpcore.store.runs import Run

_SILENT_SECONDS = 10.0
_NO_WORKER_SECONDS = 30.0


@dataclass(frozen=True)
class Progress:
    """The progress of a run.

    `state` gives the colour: running, finished, failed, diverged, or anything else for grey; `status` is its text
    in the user's language. `epoch` is the current one, counted from 1; `step` of its `steps` are done. `loss` is the
    running loss of this epoch and `seconds` the time left, None where unknown.
    """

    state: str
    status: str
    epoch: int = 0
    epochs: int = 0
    step: int = 0
    steps: int = 0
    loss: float | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class QueueState:
    """What a queued run waits for: `before` runs come first, and these workers train.

    It starts in about `starts_in` seconds, if that is known.
    """

    before: int = 0
    workers: Sequence[Worker] = ()
    starts_in: float | None = None


def queue_state(db: Database, run: Run) -> QueueState:
    """What a run waits for; empty for one that does not wait."""
    return state_in_queue(run, liveness.workers(db), queue_order.waits(db)) if run.status == "queued" else QueueState()


def state_in_queue(run: Run, workers: Sequence[Worker], waits: Mapping[int, Wait]) -> QueueState:
    """What a queued run waits for, where these are all workers and all runs that wait.

    A run that is not among them has just been queued, and its place is not known yet.
    """
    wait = waits.get(run.id)
    return QueueState(wait.before, workers, wait.starts_in) if wait else QueueState(workers=workers)


def progress_of(run: Run, texts: NullTranslations, now: float, waits_for: QueueState | None = None) -> Progress:
    """What the strip above the curves says of a run, in the language of `texts`."""
    _ = texts.gettext
    if run.status == "queued":
        return Progress("queued", waiting_text(run, texts, now, waits_for or QueueState()))
    if run.ended:
        return Progress(run.status, _(STATUSES[run.status]), run.epoch, run.epochs)
    if run.epoch >= run.epochs:
        return Progress("running", _("Testing …"), run.epochs, run.epochs, run.steps, run.steps)
    status, left = _running_text(run, texts, now), time_left(run, now)
    return Progress("running", status, run.epoch + 1, run.epochs, run.step, run.steps, run.running_loss, left)


def waiting_text(run: Run, texts: NullTranslations, now: float, waits_for: QueueState) -> str:
    """Why a queued run does not train yet."""
    _, ngettext = texts.gettext, texts.ngettext
    if not waits_for.workers and disk.has_no_room():
        return disk.WAITING.render(_)
    if not waits_for.workers:
        if now - run.created_at < _NO_WORKER_SECONDS:
            return _("A worker is starting …")
        return _("There is no worker: start one with python -m mlpcore worker")
    if all(worker.status == "starting" for worker in waits_for.workers):
        return _("A worker is starting, which takes a few seconds …")
    before, starts_in = waits_for.before, waits_for.starts_in
    text = _("Waiting for a free worker …")
    if before:
        text = ngettext("Waiting: {count} run comes first", "Waiting: {count} runs come first", before).format(
            count=before
        )
    if not starts_in:
        return text
    time = formatting.rough_duration(starts_in).render(_)
    return _("{waiting} (starts in about {time})").format(waiting=text, time=time)


def _running_text(run: Run, texts: NullTranslations, now: float) -> str:
    _ = texts.gettext
    if run.cancel_requested:
        return _("Stopping …")
    if run.waiting_for is not None:
        return run.waiting_for.render(_)
    if run.progress_at is not None and now - run.progress_at > _SILENT_SECONDS:
        if disk.has_no_room():  # then what the run waits for may not be recorded either
            return disk.WAITING.render(_)
        seconds = formatting.count(round(now - run.progress_at))
        return _(
            "No progress for {seconds} s: the machine is busy, or the worker has ended and another one will continue"
        ).format(seconds=seconds)
    if run.step == 0 and run.epoch == 0:
        return _("Preparing …")
    return _(STATUSES[run.status])


def time_left(run: Run, now: float) -> float | None:
    """About how many seconds the training still takes; None before anything is known."""
    within = run.step / run.steps if run.steps else 0.0
    if run.epoch:
        each = run.seconds / run.epoch
    elif within > 0.05 and run.started_at is not None:
        each = (now - run.started_at) / within
    else:
        return None
    return max(0.0, (run.epochs - run.epoch - within) * each)
