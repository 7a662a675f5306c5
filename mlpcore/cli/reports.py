"""How a training in the foreground is told: as a progress bar with a line an epoch, or as JSON lines."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from tqdm import tqdm

from mlpcore import formatting
from mlpcore.cli.output import Output, accuracy
from mlpcore.events import EpochEnd, Event, Progress, Started
from mlpcore.spec import RunSpec
from mlpcore.store.metrics import METRICS
from mlpcore.store.metrics import epoch_summary as summary


class Report(Protocol):
    """Hears what a run tells, and last what the store holds of it."""

    def hear(self, event: Event) -> None:
        """Tell an event."""

    def end(self, final: dict[str, Any]) -> None:
        """Tell how it ended: the value of `final`."""


class JsonReport:
    """One JSON object a line for each event."""

    def __init__(self, out: Output, run_id: int) -> None:
        self._out = out
        self._run_id = run_id

    def hear(self, event: Event) -> None:
        """Write `started`, `progress` and `epoch`; ends come with `end`."""
        if isinstance(event, Started):
            facts = {"device": event.device, "engine": event.engine, "versions": event.versions}
            sizes = {"parameters": event.parameters, "steps": event.steps}
            members = {"members": [asdict(member) for member in event.members]}
            self._out.json({"event": "started", "run": self._run_id, "epoch": event.epoch, **facts, **sizes, **members})
        elif isinstance(event, Progress):
            self._out.json({"event": "progress", **asdict(event)})
        elif isinstance(event, EpochEnd):
            times = {"seconds": event.seconds, "learning_rate": event.learning_rate}
            self._out.json({"event": "epoch", "epoch": event.epoch, **_figures(event), **times})

    def end(self, final: dict[str, Any]) -> None:
        """Write the last line."""
        self._out.json(final)


def _figures(event: EpochEnd) -> dict[str, Any]:
    """An epoch's metrics: the means over the networks, their standard deviations, and those of each network."""
    return summary(event) | {"members": [member and asdict(member) for member in event.members]}


class BarReport:
    """A progress bar on standard error where that is a terminal, and a line for each epoch."""

    def __init__(self, out: Output, run_id: int, spec: RunSpec) -> None:
        self._out = out
        self._run_id = run_id
        self._spec = spec
        self._steps = spec.steps_per_epoch
        self._bar = tqdm(total=spec.epochs * self._steps, unit="step", disable=None, leave=False)

    def hear(self, event: Event) -> None:
        """Move the bar, and write a line where an epoch ends."""
        if isinstance(event, Started):
            size = f"{formatting.count(event.parameters)} parameters"
            several = f"{len(event.members)} networks of {size} each"
            self._line(f"Run {self._run_id} trains {several if len(event.members) > 1 else size} on {event.device}.")
        elif isinstance(event, Progress):
            self._move((event.epoch - 1) * self._steps + event.step)
            self._bar.set_postfix_str(f"loss {formatting.loss(event.loss)}", refresh=False)
        elif isinstance(event, EpochEnd):
            self._move(event.epoch * self._steps)
            self._line(f"Epoch {event.epoch}/{self._spec.epochs}  {_told(event)}  {event.seconds:.2f} s")

    def end(self, final: dict[str, Any]) -> None:
        """Take the bar away and write the result, or why there is none."""
        self._bar.close()
        if final["event"] == "finished":
            self._out.line(f"Run {self._run_id} finished: {_result(final)}")

    def _move(self, step: int) -> None:
        self._bar.update(step - self._bar.n)

    def _line(self, text: str) -> None:
        with tqdm.external_write_mode():
            self._out.line(text)


def _told(event: EpochEnd) -> str:
    """An epoch's metrics as text, those that there are."""
    figures, parts = summary(event), []
    for name in METRICS:
        value, deviation = figures[name], figures[f"{name}_sd"]
        if value is not None and "accuracy" in name:
            parts.append(f"{name} {accuracy(value, deviation)}")
        elif value is not None:
            parts.append(f"{name} {formatting.loss(value, deviation)}")
    return "  ".join(parts)


def _result(final: dict[str, Any]) -> str:
    figures = f"test accuracy {accuracy(final['test_accuracy'], final['test_accuracy_sd'])}"
    if final["test_loss"] is not None:
        figures = f"{figures}, test loss {formatting.loss(final['test_loss'])}"
    count = len(final["members"])
    if count == 1:
        return f"{figures}. Its network is in {final['model']}."
    diverged = sum(member["status"] == "diverged" for member in final["members"])
    means = f"means over {count - diverged} of {count} networks" if diverged else f"means over {count} networks"
    lost = f" {diverged} of the networks diverged." if diverged else ""
    return f"{figures} ({means}).{lost} The networks are in {Path(final['model']).parent}."
