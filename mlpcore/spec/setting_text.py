"""The settings of a run in words, in any language: values, layers, options with their own settings.

`language` is a catalogue of gettext; without one the texts are English.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from gettext import NullTranslations
from typing import Any

from mlpcore import formatting
from mlpcore.spec.fields import SETTINGS, every_setting
from mlpcore.spec.run_spec import RunSpec
from mlpcore.spec.setting import Setting
from mlpcore.spec.validation import is_number

ENGLISH = NullTranslations()

MISSING = formatting.UNKNOWN
"""Written where a run does not have a setting."""


def value_text(setting: Setting, value: Any, language: NullTranslations = ENGLISH) -> str:
    """The value of a plain setting."""
    if setting.is_off(value):
        return language.gettext(setting.empty)
    if setting.kind == "choice":
        return choice_text(setting.name, value, language)
    if isinstance(value, bool):
        return language.gettext("yes") if value else language.gettext("no")
    if not is_number(value):
        return str(value)
    if setting.written == "percent":
        return f"{formatting.setting(100 * value)} %"
    return str(value) if setting.written == "digits" else formatting.setting(value)


def choice_text(name: str, option: str, language: NullTranslations = ENGLISH) -> str:
    """The label of what a choice or variant offers; the bare name of an option that is no longer known."""
    options = every_setting()[name].options
    return language.gettext(options[option].label) if option in options else option


def variant_text(name: str, chosen: Any, language: NullTranslations = ENGLISH) -> str:
    """A variant with the settings of its option: "Exponential (Decay 0.9)"."""
    option = SETTINGS[name].options.get(chosen.name)
    if option is None:
        return str(chosen.name)
    own = [(row, chosen.parameters[key]) for key, row in option.parameters.items() if key in chosen.parameters]
    values = [f"{language.gettext(row.label)} {value_text(row, value, language)}" for row, value in own]
    label = language.gettext(option.label)
    return f"{label} ({', '.join(values)})" if values else label


def group_text(name: str, chosen: Any, language: NullTranslations = ENGLISH) -> str:
    """The settings of a group that are not 0: "Shift 0.08, Rotation 15"."""
    values = [(row, getattr(chosen, key)) for key, row in SETTINGS[name].parts.items()] if chosen else []
    texts = [f"{language.gettext(row.label)} {value_text(row, value, language)}" for row, value in values if value]
    return ", ".join(texts) or language.gettext("off")


def each_layer_text(values: Iterable[str]) -> str:
    """A setting of the hidden layers: one text where all layers have the same, else one for each layer."""
    each = list(values)
    return " → ".join(each if len(set(each)) > 1 else each[:1]) or MISSING


def settings_text(spec: RunSpec, language: NullTranslations = ENGLISH) -> dict[str, str]:
    """All settings of a run but its name and note, by their names."""
    texts: dict[str, str] = {}
    for name, setting in SETTINGS.items():
        if setting.kind == "text":
            continue
        value = getattr(spec, name)
        if name in _SPECIAL_TEXTS:
            texts |= _SPECIAL_TEXTS[name](spec, language)
        elif setting.kind == "group":
            texts[name] = group_text(name, value, language)
        elif setting.kind == "variant":
            texts[name] = variant_text(name, value, language)
        else:
            texts[name] = value_text(setting, value, language)
    return texts


def _hidden(spec: RunSpec, language: NullTranslations) -> dict[str, str]:
    layers = spec.hidden
    return {
        "hidden": " → ".join(formatting.count(layer.units) for layer in layers) or language.gettext("none"),
        "activation": each_layer_text(choice_text("activation", layer.activation, language) for layer in layers),
        "dropout": each_layer_text(formatting.setting(layer.dropout) for layer in layers),
    }


def _optimizer(spec: RunSpec, language: NullTranslations) -> dict[str, str]:
    """Each of its settings gets a line of its own, so that two runs can be compared setting by setting."""
    rows = every_setting()
    chosen = spec.optimizer
    return {
        "optimizer": choice_text("optimizer", chosen.name, language),
        "learning_rate": value_text(rows["learning_rate"], chosen.learning_rate, language),
        **{
            name: value_text(rows.get(name, Setting(name, name)), value, language)
            for name, value in chosen.parameters.items()
        },
    }


def _validation_split(spec: RunSpec, language: NullTranslations) -> dict[str, str]:
    share = spec.validation_split
    if spec.folds:
        return {"validation_split": MISSING}
    row = SETTINGS["validation_split"]
    return {"validation_split": value_text(row, share, language) if share else language.gettext("none")}


def _early_stopping(spec: RunSpec, language: NullTranslations) -> dict[str, str]:
    epochs = spec.early_stopping
    return {"early_stopping": language.gettext("off") if epochs is None else epochs_text(epochs, language)}


def epochs_text(epochs: int, language: NullTranslations = ENGLISH) -> str:
    """A number of epochs: "1 epoch", "10 epochs"."""
    text = language.ngettext("{count} epoch", "{count} epochs", epochs)
    return text.format(count=formatting.count(epochs))


_SPECIAL_TEXTS: dict[str, Callable[[RunSpec, NullTranslations], dict[str, str]]] = {
    "hidden": _hidden,
    "optimizer": _optimizer,
    "validation_split": _validation_split,
    "early_stopping": _early_stopping,
}
"""The settings whose text depends on more than their own row and value."""
