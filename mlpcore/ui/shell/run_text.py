"""A run's state, size and results in the user's language, from the columns of the store."""

from __future__ import annotations

from mlpcore import formatting
from mlpcore.spec.choices import STATUSES
from mlpcore.store.runs import Run
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.settings_text import choice_text


def status_text(name: str) -> str:
    """The label of a status."""
    return _(STATUSES[name]) if name in STATUSES else name


def layers_text(summary: str) -> str:
    """The units of the hidden layers, "128 → 64", from the store's "128-64"."""
    return _("none") if summary == "0" else summary.replace("-", " → ")


def activations_text(summary: str) -> str:
    """The labels of a network's activations, from the store's "relu, tanh"."""
    return ", ".join(choice_text("activation", name) for name in summary.split(", ")) if summary else ""


def networks_text(run: Run) -> str:
    """How many networks a run trains: "5", or "5 × 10" for repeats of folds."""
    if run.members == 1 or run.problem is not None:
        return str(run.members)
    spec = run.spec
    return " × ".join(str(count) for count in (spec.repeats, spec.folds) if count > 1)


def epochs_text(run: Run) -> str:
    """How many epochs were trained, and of how many where it is not all of them."""
    return str(run.epoch) if run.epoch == run.epochs else f"{run.epoch} / {run.epochs}"


def accuracy_text(share: float | None, deviation: float | None = None) -> str | None:
    """An accuracy: "97.85 %", of several networks "97.8 ± 0.1 %"; None, an empty cell, where it is not known."""
    if share is None:
        return None
    return formatting.percent(share, deviation, decimals=2 if deviation is None else 1)


def spread_text() -> str:
    """What ± means, as Markdown."""
    return _(
        "**±** is the standard deviation over the networks of a run: by chance alone, a single network typically lies"
        " this far from their mean. A smaller difference between two runs may be due to chance."
    )
