"""A run's settings and state in words, in the user's language."""

from __future__ import annotations

from mlpcore.choices import ACTIVATIONS, OPTIMIZERS, STATUSES
from mlpcore.datasets import REGISTRY
from mlpcore.store.runs import Run
from mlpcore.ui.language import _

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


def epochs(run: Run) -> str:
    """How many epochs were trained, and of how many where it is not all of them."""
    return str(run.epoch) if run.epoch == run.epochs else f"{run.epoch} / {run.epochs}"
