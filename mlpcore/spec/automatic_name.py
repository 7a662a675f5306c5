"""The automatic name of a run: its layers and epochs, and every other setting that differs from its default.

`128 · dropout 0.4 · 10 epochs`. It is made from the table of settings, so that a new setting appears in it; the rows
say with `named` when and with `short` how.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from gettext import NullTranslations
from typing import Any

from mlpcore.spec.fields import SETTINGS
from mlpcore.spec.parts import Layer
from mlpcore.spec.run_spec import RunSpec
from mlpcore.spec.setting import Setting
from mlpcore.spec.setting_text import (
    ENGLISH,
    choice_text,
    each_layer_text,
    epochs_text,
    group_text,
    value_text,
)

SEPARATOR = " · "
MAX_LENGTH = 100
"""The most characters of an automatic name; what would be beyond is left out."""

_MAX_FILE_NAME = 60


@dataclass(frozen=True)
class NamePart:
    """What a name can say of one setting; an empty text where there is nothing to say, as of one that is off."""

    text: str
    named: bool


def automatic_name(spec: RunSpec, language: NullTranslations = ENGLISH) -> str:
    """The name of a run to which its user gave none, in a language."""
    return _automatic_name(replace(spec, **_NOT_IN_NAMES), language)


_NOT_IN_NAMES: dict[str, Any] = {"seed": 0, "name": "", "note": ""}
"""Settings that an automatic name never contains: runs that differ in them alone have the same one."""


@lru_cache(maxsize=4096)
def _automatic_name(spec: RunSpec, language: NullTranslations) -> str:
    name = ""
    for part in name_parts(spec, language).values():
        if part.named and part.text:
            longer = f"{name}{SEPARATOR}{part.text}" if name else part.text
            if len(longer) > MAX_LENGTH - 2:
                return f"{name} …"
            name = longer
    return name


@lru_cache(maxsize=4096)
def name_parts(spec: RunSpec, language: NullTranslations = ENGLISH) -> dict[str, NamePart]:
    """What names can say of each setting, by the settings' names in the order of the table."""
    default = _default_spec(spec.dataset)
    parts: dict[str, NamePart] = {}
    for name, setting in SETTINGS.items():
        value, usual = getattr(spec, name), getattr(default, name)
        if name in _SPECIAL_TEXTS:
            unused = name == "validation_split" and spec.folds > 0
            parts[name] = _part(setting, _SPECIAL_TEXTS[name](spec, language), value != usual and not unused)
        elif setting.kind == "layers":
            parts |= _layer_parts(setting, spec.hidden, language)
        elif setting.kind == "variant":
            parts |= _variant_parts(setting, value, usual, language)
        elif setting.kind == "group":
            text = _short(setting, group_text(name, value, language), language) if value else ""
            parts[name] = _part(setting, text, value != usual)
        elif setting.kind != "text":
            parts[name] = _plain_part(setting, value, usual, language)
    return parts


def safe_file_name(spec: RunSpec) -> str:
    """The English automatic name in letters, digits, points and hyphens, which every system allows in a file name."""
    text = re.sub(r"[^a-z0-9.]+", "-", automatic_name(spec).lower())
    return text[:_MAX_FILE_NAME].strip("-.")


@lru_cache(maxsize=64)
def _default_spec(dataset: str) -> RunSpec:
    return RunSpec.from_dict({"dataset": dataset})


def _part(setting: Setting, text: str, changed: bool) -> NamePart:
    return NamePart(text, setting.named == "always" or (changed and setting.named == "changed"))


def _plain_part(setting: Setting, value: Any, usual: Any, language: NullTranslations) -> NamePart:
    if setting.is_off(value):
        text = ""
    elif value is True:
        text = language.gettext(setting.label)
    else:
        text = _short(setting, value_text(setting, value, language), language)
    return _part(setting, text, value != usual)


def _layer_parts(setting: Setting, layers: tuple[Layer, ...], language: NullTranslations) -> dict[str, NamePart]:
    units = "-".join(str(layer.units) for layer in layers)
    parts = {setting.name: _part(setting, units or language.gettext("no hidden layer"), True)}
    for name, row in setting.parts.items():
        if name == "units":
            continue
        values = [getattr(layer, name) for layer in layers]
        text = each_layer_text(value_text(row, value, language) for value in values)
        changed = any(value != getattr(Layer(), name) for value in values)
        parts[name] = _part(row, _short(row, text, language) if layers else "", changed)
    return parts


def _variant_parts(setting: Setting, chosen: Any, usual: Any, language: NullTranslations) -> dict[str, NamePart]:
    """The chosen option, then the settings of all options and its own where they are not as usual for this option."""
    label = _short(setting, choice_text(setting.name, chosen.name, language), language)
    parts = {setting.name: _part(setting, label, chosen.name != usual.name)}
    option = setting.options[chosen.name]
    values: list[tuple[Setting, Any, Any]] = [
        (row, getattr(chosen, name), getattr(option, name, row.default)) for name, row in setting.parts.items()
    ]
    values += [(row, chosen.parameters[name], row.default) for name, row in option.parameters.items()]
    return parts | {row.name: _plain_part(row, value, normal, language) for row, value, normal in values}


def _short(setting: Setting, value: str, language: NullTranslations) -> str:
    if setting.short:
        return language.gettext(setting.short).format(value=value)
    return f"{language.gettext(setting.label)} {value}"


def _epochs(spec: RunSpec, language: NullTranslations) -> str:
    return epochs_text(spec.epochs, language)


def _validation_split(spec: RunSpec, language: NullTranslations) -> str:
    setting = SETTINGS["validation_split"]
    if spec.validation_split == 0:
        return language.gettext("no validation")
    return _short(setting, value_text(setting, spec.validation_split, language), language)


_SPECIAL_TEXTS = {"epochs": _epochs, "validation_split": _validation_split}
"""The settings whose text in a name depends on more than their own row and value."""
