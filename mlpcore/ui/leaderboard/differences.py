"""Where the settings of several runs differ, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mlpcore import formatting
from mlpcore.spec import RunSpec
from mlpcore.spec.choices import LOSSES, OPTIMIZERS, PREPARE
from mlpcore.spec.fields import FIELD_LABELS
from mlpcore.ui.leaderboard import words
from mlpcore.ui.shell.language import _, ngettext

LACKING = formatting.UNKNOWN
"""Stands where a run does not have a setting."""


def differing(specs: Sequence[RunSpec]) -> dict[str, list[str]]:
    """The settings that are not the same in all runs: the field, and its value in each run, in words.

    Names and notes do not count. A parameter of an optimizer is shown where it is not the default in all runs.
    """
    told = [settings(spec) for spec in specs]
    table = {field: [one.get(field, LACKING) for one in told] for field in FIELD_LABELS}
    return {field: cells for field, cells in table.items() if len(set(cells)) > 1 and not _all_default(field, specs)}


def settings(spec: RunSpec) -> dict[str, str]:
    """All settings of a run by field, in words."""
    hidden = spec.hidden
    percent = f"{formatting.setting(100 * spec.validation_split)} %"
    told = {
        "dataset": words.dataset(spec.dataset),
        "hidden": " → ".join(formatting.count(layer.units) for layer in hidden) or _("none"),
        "activation": _one_or_each(words.activation(layer.activation) for layer in hidden),
        "dropout": _one_or_each(formatting.setting(layer.dropout) for layer in hidden),
        "optimizer": words.optimizer(spec.optimizer.name),
        "learning_rate": formatting.setting(spec.optimizer.learning_rate),
    }
    for name, value in spec.optimizer.parameters.items():
        told[name] = (_("yes") if value else _("no")) if isinstance(value, bool) else formatting.setting(value)
    told |= {
        "loss": _(LOSSES[spec.loss]) if spec.loss in LOSSES else spec.loss,
        "l1": formatting.setting(spec.l1),
        "l2": formatting.setting(spec.l2),
        "batch_size": formatting.count(spec.batch_size),
        "epochs": formatting.count(spec.epochs),
        "validation_split": LACKING if spec.folds else percent if spec.validation_split else _("none"),
        "training_images": _("all") if spec.training_images is None else formatting.count(spec.training_images),
        "early_stopping": _("off") if spec.early_stopping is None else _patience(spec.early_stopping),
        "schedule": words.schedule(spec.schedule),
        "augment": words.augment(spec.augment),
        "prepare": _(PREPARE[spec.prepare].label) if spec.prepare in PREPARE else spec.prepare,
        "repeats": str(spec.repeats),
        "folds": str(spec.folds) if spec.folds else _("off"),
        "seed": str(spec.seed),
    }
    return told


def label(field: str) -> str:
    """A field's name."""
    return _(FIELD_LABELS.get(field, field))


def _patience(epochs: int) -> str:
    return ngettext("{count} epoch", "{count} epochs", epochs).format(count=epochs)


def _one_or_each(values: Iterable[str]) -> str:
    each = list(values)
    return " → ".join(each if len(set(each)) > 1 else each[:1]) or LACKING


def _all_default(field: str, specs: Sequence[RunSpec]) -> bool:
    """Whether the field belongs to optimizers, and every run leaves it as it is or does not have it."""
    having = [spec.optimizer for spec in specs if field in spec.optimizer.parameters]
    return bool(having) and all(
        field in OPTIMIZERS[one.name].parameters
        and one.parameters[field] == OPTIMIZERS[one.name].parameters[field].default
        for one in having
        if one.name in OPTIMIZERS
    )
