"""A run in the user's language: its name in lists, its state, size and results, and its settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mlpcore import datasets, formatting
from mlpcore.spec import RunSpec
from mlpcore.spec.choices import STATUSES
from mlpcore.spec.fields import SETTINGS, every_setting, label
from mlpcore.spec.setting import Setting
from mlpcore.spec.validation import is_number
from mlpcore.store.runs import Run
from mlpcore.ui.shell.language import _, isolated, ngettext

MISSING = formatting.UNKNOWN
"""Written where a run does not have a setting."""

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


def network_title(run: Run) -> str:
    """A run in a list: its number and name, its dataset and its hidden layers, as plain text."""
    layers = _("no hidden layer") if run.layers == NO_LAYERS else run.layers
    return " · ".join((f"#{run.id} {isolated(run.name)}".strip(), _(datasets.REGISTRY[run.dataset].label), layers))


def listed_accuracy(run: Run) -> str | None:
    """The accuracy of a run in lists and the epoch that it belongs to; None where it is not known.

    It is measured on the validation set, or without one on the training set, after the best epoch, or where another
    one was kept, after the last.
    """
    best = run.kept_epoch in (None, run.best_epoch)
    epoch = run.best_epoch if best else run.epoch
    if run.validated:
        text, accuracy = _("validation {accuracy} (epoch {epoch})"), run.best_val_accuracy if best else run.val_accuracy
    else:
        text, accuracy = _("training {accuracy} (epoch {epoch})"), run.best_accuracy if best else run.accuracy
    return None if accuracy is None else text.format(accuracy=formatting.percent(accuracy), epoch=epoch)


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
    options = every_setting()[name].options
    return _(options[option].label) if option in options else option


def variant_text(name: str, chosen: Any) -> str:
    """A variant with the settings of its option: "Exponential (Decay 0.9)"."""
    option = SETTINGS[name].options.get(chosen.name)
    if option is None:
        return str(chosen.name)
    own = [(row, chosen.parameters[key]) for key, row in option.parameters.items() if key in chosen.parameters]
    values = [f"{_(row.label)} {value_text(row, value)}" for row, value in own]
    return f"{_(option.label)} ({', '.join(values)})" if values else _(option.label)


def group_text(name: str, chosen: Any) -> str:
    """The settings of a group that are not 0: "Shift 0.08, Rotation 15"."""
    values = [(row, getattr(chosen, key)) for key, row in SETTINGS[name].parts.items()] if chosen else []
    return ", ".join(f"{_(row.label)} {value_text(row, value)}" for row, value in values if value) or _("off")


def value_text(setting: Setting, value: Any) -> str:
    """The value of a plain setting."""
    if setting.is_off(value):
        return _(setting.empty)
    if setting.kind == "choice":
        return choice_text(setting.name, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if not is_number(value):
        return str(value)
    if setting.written == "percent":
        return f"{formatting.setting(100 * value)} %"
    return str(value) if setting.written == "digits" else formatting.setting(value)


def settings_text(spec: RunSpec) -> dict[str, str]:
    """All settings of a run but its name and note, by their names."""
    texts: dict[str, str] = {}
    for name, setting in SETTINGS.items():
        if setting.kind == "text":
            continue
        value = getattr(spec, name)
        if name in _SPECIAL_TEXTS:
            texts |= _SPECIAL_TEXTS[name](spec)
        elif setting.kind == "group":
            texts[name] = group_text(name, value)
        elif setting.kind == "variant":
            texts[name] = variant_text(name, value)
        else:
            texts[name] = value_text(setting, value)
    return texts


def _hidden(spec: RunSpec) -> dict[str, str]:
    layers = spec.hidden
    return {
        "hidden": " → ".join(formatting.count(layer.units) for layer in layers) or _("none"),
        "activation": _one_or_each(choice_text("activation", layer.activation) for layer in layers),
        "dropout": _one_or_each(formatting.setting(layer.dropout) for layer in layers),
    }


def _optimizer(spec: RunSpec) -> dict[str, str]:
    """Each of its settings gets a line of its own, so that two runs can be compared setting by setting."""
    rows = every_setting()
    chosen = spec.optimizer
    return {
        "optimizer": choice_text("optimizer", chosen.name),
        "learning_rate": value_text(rows["learning_rate"], chosen.learning_rate),
        **{name: value_text(rows.get(name, Setting(name, name)), value) for name, value in chosen.parameters.items()},
    }


def _validation_split(spec: RunSpec) -> dict[str, str]:
    share = spec.validation_split
    if spec.folds:
        return {"validation_split": MISSING}
    return {"validation_split": value_text(SETTINGS["validation_split"], share) if share else _("none")}


def _early_stopping(spec: RunSpec) -> dict[str, str]:
    epochs = spec.early_stopping
    text = _("off") if epochs is None else ngettext("{count} epoch", "{count} epochs", epochs).format(count=epochs)
    return {"early_stopping": text}


_SPECIAL_TEXTS: dict[str, Callable[[RunSpec], dict[str, str]]] = {
    "hidden": _hidden,
    "optimizer": _optimizer,
    "validation_split": _validation_split,
    "early_stopping": _early_stopping,
}
"""The settings whose text depends on more than their own row and value."""


def _one_or_each(values: Iterable[str]) -> str:
    each = list(values)
    return " → ".join(each if len(set(each)) > 1 else each[:1]) or MISSING
