"""A run in the user's language: its name in lists, its state, size and results, and its settings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mlpcore import datasets, formatting
from mlpcore.i18n.messages import isolated
from mlpcore.spec import RunSpec, setting_text
from mlpcore.spec.choices import STATUSES
from mlpcore.spec.fields import label
from mlpcore.spec.setting import Setting
from mlpcore.store import run_names
from mlpcore.store.runs import Run
from mlpcore.ui.shell.language import _, texts

NO_LAYERS = "0"
"""The store's text for a network without hidden layers; reading each run's spec would take longer."""


def run_label(run: Run) -> str:
    """One line for a selection box, which shows it as plain text."""
    parts = [network_title(run)]
    accuracy = listed_accuracy(run)
    if accuracy is not None:
        parts.append(accuracy)
    if run.status != "finished":
        parts.append(_(STATUSES[run.status]))
    return " · ".join(parts)


def run_name(run: Run) -> str:
    """The name of a run: the user's, or an automatic one that says which settings are not the defaults."""
    return run_names.run_name(run, texts())


def distinct_names(runs: Iterable[Run]) -> dict[int, str]:
    """The names of the runs of one list by their ids; equal ones are followed by what tells the runs apart."""
    return run_names.run_names(runs, texts())


def network_title(run: Run) -> str:
    """A run in a list: its number and name, its dataset and its hidden layers, as plain text.

    An automatic name begins with the layers, and follows the dataset.
    """
    dataset = _(datasets.REGISTRY[run.dataset].label)
    if not run.name:
        return " · ".join((f"#{run.id}", dataset, run_name(run)))
    layers = _("no hidden layer") if run.layers == NO_LAYERS else run.layers
    return " · ".join((f"#{run.id} {isolated(run.name)}", dataset, layers))


def listed_accuracy(run: Run) -> str | None:
    """The accuracy of the network that a run kept and its epoch, for lists; None where it is not known.

    It is measured on the validation set, or without one on the training set; without a result after the best epoch.
    Several networks may be kept after different epochs, which are then not named.
    """
    accuracy = run.kept_val_accuracy if run.validated else run.kept_accuracy
    if accuracy is None:
        return None
    epoch = kept_epoch(run)
    if epoch is None:
        text = _("validation {accuracy}") if run.validated else _("training {accuracy}")
    elif run.validated:
        text = _("validation {accuracy} (epoch {epoch})")
    else:
        text = _("training {accuracy} (epoch {epoch})")
    return text.format(accuracy=formatting.percent(accuracy), epoch=epoch)


def kept_epoch(run: Run) -> int | None:
    """The epoch after which a run's networks were kept, or without a result the best one; None for several epochs."""
    if run.kept_epoch is None:
        return run.best_epoch
    several = run.members > 1 and run.problem is None and run.spec.early_stopping is not None
    return None if several else run.kept_epoch


def member_name(index: int, spec: RunSpec) -> str:
    """The name of a network of a run of several: its number from 1 on, its seed and its fold."""
    parts = [_("Network {number}").format(number=index + 1)]
    if spec.repeats > 1:
        parts.append(_("seed {seed}").format(seed=spec.seed + index // max(1, spec.folds)))
    if spec.folds:
        parts.append(_("fold {fold}").format(fold=index % spec.folds + 1))
    return " · ".join(parts)


def status_text(name: str) -> str:
    """The label of a status."""
    return _(STATUSES[name]) if name in STATUSES else name


def layers_text(summary: str) -> str:
    """The units of the hidden layers, "128 → 64", from the store's "128-64"."""
    return _("none") if summary == NO_LAYERS else summary.replace("-", " → ")


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
    """An accuracy as `formatting.accuracy` writes it; None, an empty cell, where it is not known."""
    return None if share is None else formatting.accuracy(share, deviation)


def spread_text() -> str:
    """What ± means, as Markdown."""
    return _(
        "**±** is the standard deviation over the networks of a run: by chance alone, a single network typically lies"
        " this far from their mean. A smaller difference between two runs may be due to chance."
    )


def label_text(name: str) -> str:
    """The label of a setting."""
    return _(label(name))


def choice_text(name: str, option: str) -> str:
    """The label of what a choice or variant offers; the bare name of an option that is no longer known."""
    return setting_text.choice_text(name, option, texts())


def value_text(setting: Setting, value: Any) -> str:
    """The value of a plain setting."""
    return setting_text.value_text(setting, value, texts())


def settings_text(spec: RunSpec) -> dict[str, str]:
    """All settings of a run but its name and note, by their names."""
    return setting_text.settings_text(spec, texts())
