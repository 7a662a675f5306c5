"""A spec in the page's address and back: short, since only what differs from the defaults stands there.

    ?dataset=mnist&hidden=128-relu-0.2,64-tanh&optimizer=sgd&learning_rate=0.1&momentum=0.9

What comes from an address may be anything: it becomes a spec only through `RunSpec.from_dict`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from mlpcore import choices
from mlpcore.errors import SpecError
from mlpcore.messages import Message
from mlpcore.spec import Layer, RunSpec

_OPTIMIZER = ("learning_rate", *dict.fromkeys(key for o in choices.OPTIMIZERS.values() for key in o.parameters))
_TEXTS = ("name", "note")
_NO_LAYERS = "none"

KEYS = (*(field.name for field in fields(RunSpec)), *_OPTIMIZER)
"""The names that mean a setting in an address; all others are left alone."""


def to_params(spec: RunSpec, default_dataset: str | None = None) -> dict[str, str]:
    """The address's values for a spec, without those that are the defaults of its dataset and optimizer.

    The dataset itself is left out only where nothing else is set and it is `default_dataset`: a shared link
    must mean the same on a machine that proposes another one.
    """
    plain = _flat(spec)
    usual = _flat(RunSpec.from_dict({"dataset": spec.dataset, "optimizer": spec.optimizer.name}))
    usual["optimizer"] = RunSpec().optimizer.name
    params = {name: _text(value) for name, value in plain.items() if value != usual[name]}
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
    optimizer = plain.pop("optimizer")
    return {**plain, "optimizer": optimizer.pop("name"), **optimizer}


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
    optimizer: dict[str, Any] = {}
    for name in KEYS:
        if name not in params:
            continue
        text = params[name]
        if name in _OPTIMIZER:
            optimizer[name] = _value(text)
        elif name == "optimizer":
            optimizer["name"] = text
        elif name == "hidden":
            plain[name] = [] if text == _NO_LAYERS else [_layer(part) for part in text.split(",")]
        else:
            plain[name] = text if name in _TEXTS else _value(text)
    return {**plain, "optimizer": _known(optimizer)} if optimizer else plain


def _known(optimizer: Mapping[str, Any]) -> dict[str, Any]:
    """Without the settings that belong to another optimizer."""
    choice = choices.OPTIMIZERS.get(optimizer.get("name", RunSpec().optimizer.name))
    known = ("name", "learning_rate", *(choice.parameters if choice else ()))
    return {name: value for name, value in optimizer.items() if name in known}


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
        if first == "optimizer" and rest not in ("", "name"):
            kept["optimizer"] = {name: value for name, value in kept.get("optimizer", {}).items() if name != rest}
        else:
            kept.pop(first, None)
    return kept
