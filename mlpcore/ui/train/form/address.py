"""A spec in the page's address and back: short, since only what differs from the defaults stands there.

    ?dataset=mnist&hidden=128-relu-0.2,64-tanh&optimizer=sgd&learning_rate=0.1&momentum=0.9
    ?dataset=mnist&repeats=10&folds=5&schedule=plateau&patience=2&shift=0.08&rotation=15

What belongs to the optimizer, the schedule or the augmentation stands under its own name, like all others. What comes
from an address may be anything: it becomes a spec only through `RunSpec.from_dict`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from mlpcore.errors import SpecError
from mlpcore.i18n.messages import Message
from mlpcore.spec import Layer, RunSpec, choices

_OPTIMIZER = ("learning_rate", *dict.fromkeys(key for o in choices.OPTIMIZERS.values() for key in o.parameters))
_SCHEDULE = tuple(dict.fromkeys(key for s in choices.SCHEDULES.values() for key in s.parameters))
_GROUPS = {"optimizer": _OPTIMIZER, "schedule": _SCHEDULE, "augment": tuple(choices.AUGMENT)}
"""The settings with parts of their own, each of which has its own name in an address."""
_TEXTS = ("name", "note")
_NO_LAYERS = "none"

KEYS = (
    *(field.name for field in fields(RunSpec) if field.name != "augment"),
    *(name for parts in _GROUPS.values() for name in parts),
)
"""The names that mean a setting in an address; all others are left alone."""


def to_params(spec: RunSpec, default_dataset: str | None = None) -> dict[str, str]:
    """The address's values for a spec, without those that are the defaults of its dataset and optimizer.

    The dataset itself is left out only where nothing else is set and it is `default_dataset`: a shared link
    must mean the same on a machine that proposes another one.
    """
    plain = _flat(spec)
    chosen = {"dataset": spec.dataset, "optimizer": spec.optimizer.name, "schedule": spec.schedule.name}
    usual = _flat(RunSpec.from_dict(chosen))
    usual |= {"optimizer": RunSpec().optimizer.name, "schedule": RunSpec().schedule.name}
    params = {name: _text(value) for name, value in plain.items() if value != usual.get(name, 0)}
    if params or spec.dataset != default_dataset:
        params = {"dataset": spec.dataset, **params}
    return params


def to_spec(params: Mapping[str, str], default_dataset: str) -> tuple[RunSpec, list[Message]]:
    """The spec that an address describes, and a sentence for each value that was not allowed.

    Such a value, and each that is missing, becomes its default.
    """
    plain: dict[str, Any] = {"dataset": default_dataset, **_plain(params)}
    sentences: list[Message] = []
    while True:
        try:
            return RunSpec.from_dict(plain), sentences
        except SpecError as error:
            sentences += error.problems.values()
            kept = _without(plain, error.problems)
            plain = {"dataset": default_dataset, **(kept if kept != plain else {})}


def _flat(spec: RunSpec) -> dict[str, Any]:
    """All settings under their name in the address; None is 'off' or 'all'."""
    plain = spec.to_dict()
    optimizer, schedule, augment = (plain.pop(group) for group in _GROUPS)
    names = {"optimizer": optimizer.pop("name"), "schedule": schedule.pop("name")}
    return {**plain, **names, **optimizer, **schedule, **(augment or {})}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(_layer_text(layer) for layer in value) or _NO_LAYERS
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _layer_text(layer: Mapping[str, Any]) -> str:
    text = f"{layer['units']}-{layer['activation']}"
    return f"{text}-{_text(layer['dropout'])}" if layer["dropout"] else text


def _plain(params: Mapping[str, str]) -> dict[str, Any]:
    """What `RunSpec.from_dict` reads, not yet checked."""
    plain: dict[str, Any] = {}
    for name in KEYS:
        if name not in params:
            continue
        text = params[name]
        group = next((group for group, parts in _GROUPS.items() if name in parts), None)
        if group is not None:
            plain.setdefault(group, {})[name] = _value(text)
        elif name in _GROUPS:
            plain.setdefault(name, {})["name"] = text
        elif name == "hidden":
            plain[name] = [] if text == _NO_LAYERS else [_layer(part) for part in text.split(",")]
        else:
            plain[name] = text if name in _TEXTS else _value(text)
    return _known(plain)


def _known(plain: dict[str, Any]) -> dict[str, Any]:
    """Without the settings that belong to another optimizer or schedule than the one that is asked for."""
    kept = dict(plain)
    default = RunSpec()
    for group, usual, options in (
        ("optimizer", default.optimizer.name, choices.OPTIMIZERS),
        ("schedule", default.schedule.name, choices.SCHEDULES),
    ):
        if group in plain:
            choice = options.get(plain[group].get("name", usual))
            known = ("name", "learning_rate", *(choice.parameters if choice else ()))
            kept[group] = {name: value for name, value in plain[group].items() if name in known}
    return kept


def _layer(text: str) -> dict[str, Any]:
    names = (field.name for field in fields(Layer))
    values = text.split("-", 2)
    return {name: value if name == "activation" else _value(value) for name, value in zip(names, values, strict=False)}


def _value(text: str) -> Any:
    """A number or a flag where the text is one; else the text, which no numeric setting allows."""
    text = text.strip()
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII):
        return int(text)
    if re.fullmatch(r"[+-]?(\d{1,30}\.?\d{0,30}|\.\d{1,30})(e[+-]?\d{1,3})?", text, re.ASCII | re.IGNORECASE):
        return float(text)
    return text


def _without(plain: Mapping[str, Any], problems: Iterable[str]) -> dict[str, Any]:
    """The settings without those that a problem names: one wrong layer takes all layers with it."""
    kept = dict(plain)
    for path in problems:
        first, _, rest = path.partition(".")
        if first in _GROUPS and rest not in ("", "name"):
            kept[first] = {name: value for name, value in kept.get(first, {}).items() if name != rest}
        else:
            kept.pop(first, None)
    return kept
