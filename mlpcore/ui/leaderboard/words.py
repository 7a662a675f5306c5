"""A run's settings and state in words, in the user's language."""

from __future__ import annotations

from mlpcore import formatting
from mlpcore.spec.choices import STATUSES
from mlpcore.store.runs import Run
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.settings_text import choice_text

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
    return choice_text("dataset", name)


def layers(summary: str) -> str:
    """The hidden layers' units, "128 → 64", from the store's "128-64"."""
    return _("none") if summary == "0" else summary.replace("-", " → ")


def activations(summary: str) -> str:
    """The activations in a network, from the store's "relu, tanh"."""
    return ", ".join(choice_text("activation", name) for name in summary.split(", ")) if summary else ""


def optimizer(name: str) -> str:
    """An optimizer; the bare name of one that is no longer known."""
    return choice_text("optimizer", name)


def networks(run: Run) -> str:
    """How many networks a run trains: "5", or "5 × 10" for repeats of folds."""
    if run.members == 1 or run.problem is not None:
        return str(run.members)
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
        "**±** is the standard deviation over the networks of a run: by chance alone, a single network typically lies"
        " this far from their mean. A smaller difference between two runs may be due to chance."
    )


def epochs(run: Run) -> str:
    """How many epochs were trained, and of how many where it is not all of them."""
    return str(run.epoch) if run.epoch == run.epochs else f"{run.epoch} / {run.epochs}"
