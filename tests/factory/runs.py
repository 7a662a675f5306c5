"""Realistic runs without a training, made by the functions of the store; tests and benchmarks share them."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator, Sequence
from typing import Any

from sqlite_utils import Database

from mlpcore import datasets
from mlpcore.events import Ended, EpochEnd, Finished, Member, Metrics, Result, Snapshot, Started
from mlpcore.i18n.messages import Message
from mlpcore.spec import RunSpec
from mlpcore.spec.parameters import count_parameters
from mlpcore.store import metrics, queue

_ACTIVATIONS = ("relu", "sigmoid", "tanh", "gelu", "step")
_OPTIMIZERS = ("adam", "sgd", "rmsprop", "adamw")
_LAYERS: Sequence[Sequence[int]] = ((32,), (64,), (128,), (128, 64), (256, 128, 64), ())
_DATASETS = ("mnist", "fashion_mnist", "digits", "iris", "wine")
_DIVERGED = Message(
    "The loss is no longer a finite number (epoch {epoch}, step {step}): the steps were too large for this network."
    " Try a smaller learning rate, such as {rate:g}.",
    {"epoch": 2, "step": 7, "rate": 0.1},
)
_FAILED = Message(
    "There is not enough memory on {device} for this run. Try a smaller network, a smaller batch, or fewer training"
    " examples.",
    {"device": "CPU"},
)


def spec_of(**settings: Any) -> RunSpec:
    """A valid spec from what differs; 30 epochs unless given."""
    return RunSpec.from_dict({"epochs": 30, **settings})


def varied_spec(index: int, epochs: int = 30, **settings: Any) -> RunSpec:
    """One of many different specs, always the same for an index."""
    rng = random.Random(index)
    dropout = rng.choice((0, 0, 0.2, 0.4))
    activation = rng.choice(_ACTIVATIONS)
    optimizer = rng.choice(_OPTIMIZERS)
    dataset = rng.choice(_DATASETS)
    varied = {
        "dataset": dataset,
        "hidden": [{"units": units, "activation": activation, "dropout": dropout} for units in rng.choice(_LAYERS)],
        "optimizer": {"name": optimizer, "learning_rate": rng.choice((0.1, 0.01, 0.003, 0.001))},
        "batch_size": min(rng.choice((16, 32, 64, 128)), datasets.REGISTRY[dataset].train_count // 2),
        "epochs": epochs,
        "validation_split": 0 if index % 20 == 19 else 0.1,
        "seed": index,
        "name": rng.choice(("", "", f"try {index}", f"week {index % 14 + 1}, group {rng.choice('ABCD')}")),
    }
    return RunSpec.from_dict(varied | settings)


def curve(spec: RunSpec, final: float | None = None, member: int = 0) -> list[Metrics]:
    """Plausible metrics for each epoch: they rise fast, then level off at about `final`, and overfit a little."""
    rng = random.Random(f"{spec.seed} {spec.to_json()}")
    final = final if final is not None else rng.uniform(0.82, 0.985)
    pace = rng.uniform(0.12, 0.7)
    if member:
        rng = random.Random(f"{member} {spec.to_json()}")
        pace *= rng.uniform(0.9, 1.1)
    metrics_of_epochs = []
    for epoch in range(1, spec.epochs + 1):
        learnt = 1 - math.exp(-pace * epoch)
        wobble = rng.gauss(0, 0.003)
        accuracy = min(1.0, 0.1 + (final + 0.012 - 0.1) * learnt + abs(wobble) / 2)
        loss = 2.3 * (1 - learnt) + 0.09 + 1.2 * (1 - final) * learnt
        if spec.validation_count:
            val_accuracy = min(1.0, max(0.0, 0.1 + (final - 0.1) * learnt + wobble))
            metrics_of_epochs.append(Metrics(loss, accuracy, loss * 1.03 + 0.004 * epoch * learnt, val_accuracy))
        else:
            metrics_of_epochs.append(Metrics(loss, accuracy))
    return metrics_of_epochs


def members_of(spec: RunSpec) -> tuple[Member, ...]:
    """The networks that a run of this spec trains, in order."""
    folds = range(spec.folds) if spec.folds else (None,)
    return tuple(Member(spec.seed + repeat, fold) for repeat in range(spec.repeats) for fold in folds)


def member_curves(spec: RunSpec, final: float | None = None) -> list[list[Metrics]]:
    """The `curve` of each member; what they reach varies a little around the same."""
    rng = random.Random(f"members {spec.to_json()}")
    if spec.members == 1:
        return [curve(spec, final)]
    final = final if final is not None else rng.uniform(0.82, 0.985)
    return [curve(spec, min(0.999, final + rng.gauss(0, 0.004)), member) for member in range(spec.members)]


def make_run(
    db: Database,
    spec: RunSpec | None = None,
    *,
    status: str = "finished",
    done: int | None = None,
    final: float | None = None,
    seconds: float = 0.7,
    now: float | None = None,
    worker: str = "worker-1",
    log: str = "",
    message: Message | None = None,
    diverged: int | None = None,
    stopped_early: int | None = None,
    owner: str = "",
) -> int:
    """A run that went as far as `status` says; its id.

    `done` epochs are recorded; by default all of a finished run, none of a queued one, else half of them. `final` is
    about the validation accuracy that it reaches. Of several members, `diverged` is one that diverges after the first
    half of the epochs, and `stopped_early` one that early stopping stops there.
    """
    spec = spec or spec_of()
    now = now or time.time()
    run_id = queue.enqueue(db, spec, owner, now=now)
    if status == "queued":
        return run_id
    claim = queue.claim(db, worker, now=now, run_id=run_id)
    assert claim is not None
    done = done if done is not None else spec.epochs if status == "finished" else spec.epochs // 2
    defaults = {"diverged": _DIVERGED, "failed": _FAILED, "stopped": Message("Stopped by hand.")}
    ends = {name: Ended(name, message or text, log) for name, text in defaults.items()}
    for event in training_events(
        spec, run_id, done=done, final=final, seconds=seconds, diverged=diverged, stopped_early=stopped_early
    ):
        if not isinstance(event, Finished):
            metrics.record(db, claim, event, now + (event.epoch * seconds if isinstance(event, EpochEnd) else 0))
        elif status != "running":
            metrics.record(db, claim, ends.get(status, event), now + done * seconds)
    return run_id


def training_events(
    spec: RunSpec,
    run_id: int = 1,
    *,
    done: int | None = None,
    final: float | None = None,
    seconds: float = 0.7,
    diverged: int | None = None,
    stopped_early: int | None = None,
) -> Iterator[Started | EpochEnd | Finished]:
    """The events of the training of a run, as `make_run` records them; it finishes after `done` epochs."""
    versions = {"keras": "3.15.1", "tensorflow": "2.21.0"}
    yield Started("CPU", "tensorflow", versions, count_parameters(spec), spec.steps_per_epoch, members_of(spec))
    curves = member_curves(spec, final)
    done = spec.epochs if done is None else done
    half = spec.epochs // 2
    for epoch in range(1, done + 1):
        second_half = epoch > half
        metrics_of_members = [
            whole[half - 1 if second_half and member == stopped_early else epoch - 1]
            for member, whole in enumerate(curves)
        ]
        alive = tuple(
            None if second_half and member == diverged else metrics_of_member
            for member, metrics_of_member in enumerate(metrics_of_members)
        )
        kept_epochs = {stopped_early: half} if stopped_early is not None and second_half else {}
        yield EpochEnd(epoch, alive, seconds, spec.optimizer.learning_rate, kept_epochs=kept_epochs)
    kept = [half if member == stopped_early else done for member in range(spec.members)]
    results = [_result(run_id, curves[member][epoch - 1], epoch, member) for member, epoch in enumerate(kept)]
    yield Finished(tuple(None if member == diverged else result for member, result in enumerate(results)))


def finished_event(run_id: int, last: Metrics, epoch: int) -> Finished:
    """The end of a run of one network whose test accuracy is a little below its validation accuracy."""
    return Finished((_result(run_id, last, epoch, 0),))


def _result(run_id: int, last: Metrics, epoch: int, member: int) -> Result:
    accuracy = last.accuracy if last.val_accuracy is None else last.val_accuracy
    name = f"-{member:02}" if member else ""
    snapshot = Snapshot(epoch, f"models/{run_id}/epoch-{epoch}{name}.safetensors", member)
    return Result(last.loss * 1.1, accuracy - 0.004, epoch, f"models/{run_id}/network{name}.keras", snapshot)


def make_runs(
    db: Database, count: int, epochs: int = 30, now: float | None = None, *, mixed: bool = False
) -> list[int]:
    """`count` varied runs with all kinds of ends, one every ten minutes up to `now`; their ids.

    Where they are `mixed`, every fourth trains several networks: repeats, folds, or both, some with a diverged one.
    """
    now = now or time.time()
    run_ids = []
    for index in range(count):
        status = {7: "diverged", 23: "failed", 31: "stopped"}.get(index % 40, "finished")
        started = now - (count - index) * 600
        several = _SEVERAL[index // 4 % len(_SEVERAL)] if mixed and index % 4 == 3 else {}
        spec = varied_spec(index, epochs, **several)
        diverged = 1 if several and index % 3 == 0 and epochs > 1 else None
        run_ids.append(make_run(db, spec, status=status, now=started, log=_LOG, diverged=diverged))
    return run_ids


_SEVERAL: Sequence[dict[str, int]] = ({"repeats": 5}, {"folds": 5}, {"repeats": 2, "folds": 3})


_LOG = "Epoch 2\n  loss: inf\nThe training ended.\n"
