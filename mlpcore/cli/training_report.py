"""The output of a training in the foreground: a progress bar with one line per epoch, or JSON lines."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from tqdm import tqdm

from mlpcore import formatting
from mlpcore.cli.output import Output, accuracy
from mlpcore.events import EpochEnd, Event, Progress, Started, deviation, mean
from mlpcore.paths import data_folder
from mlpcore.serving.kept_networks import kept_metrics
from mlpcore.spec import RunSpec
from mlpcore.store import members, runs
from mlpcore.store.connection import opened
from mlpcore.store.members import MemberRow
from mlpcore.store.metrics import epoch_summary
from mlpcore.store.run_record import METRICS
from mlpcore.store.runs import Run

_KEPT_METRICS = {
    "train_accuracy": "accuracy",
    "validation_accuracy": "val_accuracy",
    "train_loss": "loss",
    "validation_loss": "val_loss",
}


class TrainingReport(Protocol):
    """Writes the events of a training, and at the end what the store holds of the run."""

    def write_event(self, event: Event) -> None:
        """Write an event."""

    def write_end(self, record: dict[str, Any]) -> None:
        """Write how the training ended: the value of `final_record`."""


class JsonReport:
    """One JSON object per event, each on a line."""

    def __init__(self, out: Output, run_id: int) -> None:
        self._out = out
        self._run_id = run_id

    def write_event(self, event: Event) -> None:
        """Write `started`, `progress` and `epoch` records; `write_end` writes the last one."""
        if isinstance(event, Started):
            facts = {"device": event.device, "engine": event.engine, "versions": event.versions}
            sizes = {"parameters": event.parameters, "steps": event.steps}
            each = {"members": [asdict(member) for member in event.members]}
            self._out.json({"event": "started", "run": self._run_id, "epoch": event.epoch, **facts, **sizes, **each})
        elif isinstance(event, Progress):
            self._out.json({"event": "progress", **asdict(event)})
        elif isinstance(event, EpochEnd):
            times = {"seconds": event.seconds, "learning_rate": event.learning_rate}
            self._out.json({"event": "epoch", "epoch": event.epoch, **_epoch_metrics(event), **times})

    def write_end(self, record: dict[str, Any]) -> None:
        """Write the last line."""
        self._out.json(record)


def _epoch_metrics(event: EpochEnd) -> dict[str, Any]:
    """An epoch's metrics: the means over the networks, their standard deviations, and those of each network."""
    return epoch_summary(event) | {"members": [member and asdict(member) for member in event.members]}


class BarReport:
    """A progress bar on standard error where that is a terminal, and a line for each epoch."""

    def __init__(self, out: Output, run_id: int, spec: RunSpec) -> None:
        self._out = out
        self._run_id = run_id
        self._spec = spec
        self._steps = spec.steps_per_epoch
        self._bar = tqdm(total=spec.epochs * self._steps, unit="step", disable=None, leave=False)

    def write_event(self, event: Event) -> None:
        """Move the bar, and write one line per epoch."""
        if isinstance(event, Started):
            size = f"{formatting.count(event.parameters)} parameters"
            several = f"{len(event.members)} networks of {size} each"
            self._line(f"Run {self._run_id} trains {several if len(event.members) > 1 else size} on {event.device}.")
        elif isinstance(event, Progress):
            self._move((event.epoch - 1) * self._steps + event.step)
            self._bar.set_postfix_str(f"loss {formatting.loss(event.loss)}", refresh=False)
        elif isinstance(event, EpochEnd):
            self._move(event.epoch * self._steps)
            seconds = formatting.fixed(event.seconds, 2)
            self._line(f"Epoch {event.epoch}/{self._spec.epochs}  {_metrics_text(event)}  {seconds} s")

    def write_end(self, record: dict[str, Any]) -> None:
        """Remove the bar and write the result, if there is one."""
        self._bar.close()
        if record["event"] == "finished":
            self._out.line(f"Run {self._run_id} finished: {_result_text(record)}")

    def _move(self, step: int) -> None:
        self._bar.update(step - self._bar.n)

    def _line(self, text: str) -> None:
        with tqdm.external_write_mode():
            self._out.line(text)


def _metrics_text(event: EpochEnd) -> str:
    """The known metrics of an epoch as text."""
    summary, parts = epoch_summary(event), []
    for name in METRICS:
        value, spread = summary[name], summary[f"{name}_sd"]
        if value is not None and "accuracy" in name:
            parts.append(f"{name} {accuracy(value, spread)}")
        elif value is not None:
            parts.append(f"{name} {formatting.loss(value, spread)}")
    return "  ".join(parts)


def _result_text(record: dict[str, Any]) -> str:
    figures = f"test accuracy {accuracy(record['test_accuracy'], record['test_accuracy_sd'])}"
    if record["test_loss"] is not None:
        figures = f"{figures}, test loss {formatting.loss(record['test_loss'])}"
    count = len(record["members"])
    if count == 1:
        return f"{figures}. Its network is in {record['model']}."
    diverged = sum(member["status"] == "diverged" for member in record["members"])
    means = f"means over {count - diverged} of {count} networks" if diverged else f"means over {count} networks"
    lost = f" {diverged} of the networks diverged." if diverged else ""
    return f"{figures} ({means}).{lost} The networks are in {Path(record['model']).parent}."


def final_record(run_id: int) -> dict[str, Any]:
    """The last line of a training, from the store.

    Its metrics belong to the network that was kept: accuracies 0 to 1, seconds of training with validation. They
    are the means over the networks that have not diverged, `*_sd` their sample standard deviations (None for fewer than
    two), and `members` has the result of each.
    """
    with opened() as db:
        run = runs.get(db, run_id)
        kept = kept_metrics(db, run)
        networks = members.members(db, run_id)
    if not run.ended:
        message = f"Run {run_id} was taken over by another worker, which continues it."
        return {"event": "lost", "run": run_id, "status": run.status, "message": message}
    end = {"event": run.status, "run": run_id, "status": run.status, "epochs": run.epoch, "seconds": run.seconds}
    if run.status != "finished":
        return end | {"message": str(run.failure or "")}
    return end | _run_figures(run, kept) | _member_figures(run, networks, kept)


def _run_figures(run: Run, kept: list[dict[str, Any]]) -> dict[str, Any]:
    means = {name: mean([row[column] for row in kept]) for name, column in _KEPT_METRICS.items()}
    return {
        **means,
        "test_accuracy": run.test_accuracy,
        "test_loss": run.test_loss,
        "kept_epoch": run.kept_epoch,
        "best_epoch": run.best_epoch,
        "best_validation_accuracy": run.best_val_accuracy,
        "stopped_early": run.stopped_early,
        "parameters": run.parameters,
        "device": run.device,
        "model": _path(run.model),
    }


def _member_figures(run: Run, networks: list[MemberRow], kept: list[dict[str, Any]]) -> dict[str, Any]:
    spread = {f"{name}_sd": deviation([row[column] for row in kept]) for name, column in _KEPT_METRICS.items()}
    each = [asdict(network) | {"model": _path(network.model)} for network in networks]
    return {
        **spread,
        "test_accuracy_sd": run.test_accuracy_sd,
        "test_loss_sd": deviation([network.test_loss for network in networks]),
        "best_validation_accuracy_sd": run.best_val_accuracy_sd,
        "members": each,
    }


def _path(model: str | None) -> str | None:
    return str(data_folder() / model) if model else None
