"""A run's settings and state in words, in the user's language."""

from __future__ import annotations

from mlpcore import formatting
from mlpcore.datasets import REGISTRY
from mlpcore.spec import Augment, Schedule
from mlpcore.spec.choices import ACTIVATIONS, AUGMENT, OPTIMIZERS, SCHEDULES, STATUSES
from mlpcore.store.runs import Run
from mlpcore.ui.shell.language import _

_LIGHT = {
    "queued": "#e4e2da",
    "running": "#cfe2f5",
    "finished": "#dcebd9",
    "stopped": "#f3e6c4",
    "diverged": "#f6d5cf",
    "failed": "#f6d5cf",
}
_DARK = {
    "queued": "#3a4644",
    "running": "#1f4b6e",
    "finished": "#234a33",
    "stopped": "#574817",
    "diverged": "#6a2f2a",
    "failed": "#6a2f2a",
}


def status(name: str) -> str:
    """A status."""
    return _(STATUSES[name]) if name in STATUSES else name


def status_colors(dark: bool) -> list[str]:
    """The background of each status, in the order of `STATUSES`."""
    return [(_DARK if dark else _LIGHT)[name] for name in STATUSES]


def dataset(name: str) -> str:
    """A dataset; the bare name of one that is no longer known."""
    return _(REGISTRY[name].label) if name in REGISTRY else name


def layers(summary: str) -> str:
    """The hidden layers' units, "128 → 64", from the store's "128-64"."""
    return _("none") if summary == "0" else summary.replace("-", " → ")


def activation(name: str) -> str:
    """An activation function."""
    return _(ACTIVATIONS[name].label) if name in ACTIVATIONS else name


def activations(summary: str) -> str:
    """The activations in a network, from the store's "relu, tanh"."""
    return ", ".join(activation(name) for name in summary.split(", ")) if summary else ""


def optimizer(name: str) -> str:
    """An optimizer."""
    return OPTIMIZERS[name].label if name in OPTIMIZERS else name


def schedule(chosen: Schedule) -> str:
    """A schedule of the learning rate with its settings: "Exponential (Decay 0.9)"."""
    if chosen.name not in SCHEDULES:
        return chosen.name
    choice = SCHEDULES[chosen.name]
    parts = [
        f"{_(choice.parameters[name].label)} {formatting.setting(value)}"
        for name, value in chosen.parameters.items()
        if name in choice.parameters
    ]
    return f"{_(choice.label)} ({', '.join(parts)})" if parts else _(choice.label)


def augment(chosen: Augment | None) -> str:
    """How far pictures are changed: "Shift 0.08, Rotation 15"."""
    strengths = {name: getattr(chosen, name) for name in AUGMENT} if chosen is not None else {}
    parts = [
        f"{_(AUGMENT[name].label)} {formatting.setting(strength)}" for name, strength in strengths.items() if strength
    ]
    return ", ".join(parts) or _("off")


def networks(run: Run) -> str:
    """How many networks a run trains: "5", or "5 × 10" for repeats of folds."""
    if run.members == 1:
        return "1"
    spec = run.spec
    return " × ".join(str(count) for count in (spec.repeats, spec.folds) if count > 1)


def accuracy(share: float | None, deviation: float | None = None) -> str | None:
    """An accuracy: "97.85 %", of several networks "97.8 ± 0.1 %"; None, an empty cell, where it is not known."""
    if share is None:
        return None
    return formatting.percent(share, deviation, decimals=2 if deviation is None else 1)


def spread() -> str:
    """What ± means."""
    return _(
        "**±** is the standard deviation over the networks of a run: a single network typically lies so far from their"
        " mean, by chance alone. A difference between two runs that is smaller may be luck."
    )


def epochs(run: Run) -> str:
    """How many epochs were trained, and of how many where it is not all of them."""
    return str(run.epoch) if run.epoch == run.epochs else f"{run.epoch} / {run.epochs}"
