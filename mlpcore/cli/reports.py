"""How a training in the foreground is told: as a progress bar with a line an epoch, or as JSON lines."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Protocol

from tqdm import tqdm

from mlpcore.cli.output import Output
from mlpcore.events import EpochEnd, Event, Progress, Started
from mlpcore.settings import data_folder
from mlpcore.spec import RunSpec
from mlpcore.store import leaderboard, runs
from mlpcore.store.connection import opened


class Report(Protocol):
    """Hears what a run tells, and last what the store holds of it."""

    def hear(self, event: Event) -> None:
        """Tell an event."""

    def end(self, final: dict[str, Any]) -> None:
        """Tell how it ended: the value of `final`."""


def final(run_id: int) -> dict[str, Any]:
    """The last line of a run, from the store.

    Its figures belong to the network that was kept: accuracies 0 to 1, seconds of training with validation.
    """
    with opened() as db:
        run = runs.get(db, run_id)
        curve = leaderboard.curves(db, [run_id]).get(run_id, [])
    if not run.ended:
        lost = f"Run {run_id} goes on in another worker, which took it over."
        return {"event": "lost", "run": run_id, "status": run.status, "message": lost}
    end = {"event": run.status, "run": run_id, "status": run.status, "epochs": run.epoch, "seconds": run.seconds}
    if run.status != "finished":
        return end | {"message": str(run.failure or "")}
    kept = next((epoch for epoch in curve if epoch["epoch"] == run.kept_epoch), {})
    return end | {
        "train_accuracy": kept.get("accuracy"),
        "validation_accuracy": kept.get("val_accuracy"),
        "test_accuracy": run.test_accuracy,
        "train_loss": kept.get("loss"),
        "validation_loss": kept.get("val_loss"),
        "test_loss": run.test_loss,
        "kept_epoch": run.kept_epoch,
        "best_epoch": run.best_epoch,
        "best_validation_accuracy": run.best_val_accuracy,
        "stopped_early": run.stopped_early,
        "parameters": run.parameters,
        "device": run.device,
        "model": str(data_folder() / run.model) if run.model else None,
    }


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
            self._out.json({"event": "started", "run": self._run_id, "epoch": event.epoch, **facts, **sizes})
        elif isinstance(event, Progress):
            self._out.json({"event": "progress", **asdict(event)})
        elif isinstance(event, EpochEnd):
            times = {"seconds": event.seconds, "learning_rate": event.learning_rate}
            self._out.json({"event": "epoch", "epoch": event.epoch, **asdict(event.mean), **times})

    def end(self, final: dict[str, Any]) -> None:
        """Write the last line."""
        self._out.json(final)


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
            self._line(f"Run {self._run_id} trains {event.parameters:,} parameters on {event.device}.")
        elif isinstance(event, Progress):
            self._move((event.epoch - 1) * self._steps + event.step)
            self._bar.set_postfix_str(f"loss {event.loss:.4f}", refresh=False)
        elif isinstance(event, EpochEnd):
            self._move(event.epoch * self._steps)
            figures = {name: value for name, value in asdict(event.mean).items() if value is not None}
            told = "  ".join(f"{name} {value:.4f}" for name, value in figures.items())
            self._line(f"Epoch {event.epoch}/{self._spec.epochs}  {told}  {event.seconds:.2f} s")

    def end(self, final: dict[str, Any]) -> None:
        """Take the bar away and write the result, or why there is none."""
        self._bar.close()
        if final["event"] == "finished":
            figures = f"test accuracy {final['test_accuracy']:.4f}, test loss {final['test_loss']:.4f}"
            self._out.line(f"Run {self._run_id} finished: {figures}. Its network is in {final['model']}.")

    def _move(self, step: int) -> None:
        self._bar.update(step - self._bar.n)

    def _line(self, text: str) -> None:
        with tqdm.external_write_mode():
            self._out.line(text)
