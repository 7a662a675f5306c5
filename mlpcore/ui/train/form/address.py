"""The form and the shown run in the page's address: short, since it holds only what differs from the defaults.

    ?dataset=mnist&hidden=128-relu-0.2,64-tanh&optimizer=sgd&learning_rate=0.1&momentum=0.9
    ?dataset=mnist&repeats=10&folds=5&schedule=plateau&patience=2&shift=0.08&rotation=15

What belongs to the optimizer, the schedule or the augmentation has its own name, like all others. What comes
from an address may be anything: it becomes a spec only through `RunSpec.from_dict`. The address is read when it comes
from outside and written when the form or the shown run changes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from mlpcore import datasets
from mlpcore.errors import SpecError
from mlpcore.i18n.messages import Message
from mlpcore.spec import Layer, RunSpec
from mlpcore.spec.fields import SETTINGS
from mlpcore.spec.setting import Setting, own_settings
from mlpcore.ui.shell.browser import went_in_history
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import arrived
from mlpcore.ui.train.form import values
from mlpcore.ui.train.form.widgets import sentence_list

_NO_LAYERS = "none"
_GROUPS = {name: list(own_settings(row)) for name, row in SETTINGS.items() if row.kind in ("variant", "group")}
"""The settings that have settings of their own, each of which has its own name in an address."""

KEYS = (
    *(row.address_name for row in SETTINGS.values() if row.kind != "group"),
    *(part.address_name for parts in _GROUPS.values() for part in parts),
)
"""The names that mean a setting in an address; all others are left alone."""

RUN, MEMBER = "run", "member"
"""The names of the shown run and of its network."""

_OURS = (*KEYS, RUN, MEMBER)
_SENTENCES = "form.address_sentences"


def to_params(spec: RunSpec, default_dataset: str | None = None) -> dict[str, str]:
    """The address's values for a spec, without those that are the defaults of its dataset and optimizer.

    The dataset itself is left out only where nothing else is set and it is `default_dataset`: a shared link
    must mean the same on a machine that proposes another dataset.
    """
    default = RunSpec()
    variants = [name for name, row in SETTINGS.items() if row.kind == "variant"]
    chosen = {name: getattr(spec, name).name for name in variants}
    usual = _flat(RunSpec.from_dict({"dataset": spec.dataset, **chosen}))
    usual |= {SETTINGS[name].address_name: getattr(default, name).name for name in variants}
    params = {name: _text(value) for name, value in _flat(spec).items() if value != usual.get(name, 0)}
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
    """All settings under their names in the address; None is "off" or "all"."""
    flat: dict[str, Any] = {}
    for name, row in SETTINGS.items():
        value = getattr(spec, name)
        if name not in _GROUPS:
            flat[row.address_name] = value
            continue
        own = {part: getattr(value, part) for part in row.parts} if value is not None else {}
        if row.kind == "variant":
            flat[row.address_name] = value.name
            own |= value.parameters
        flat |= {part.address_name: own[part.name] for part in _GROUPS[name] if part.name in own}
    return flat


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(_layer_text(layer) for layer in value) or _NO_LAYERS
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _layer_text(layer: Layer) -> str:
    text = f"{layer.units}-{layer.activation}"
    return f"{text}-{_text(layer.dropout)}" if layer.dropout else text


def _plain(params: Mapping[str, str]) -> dict[str, Any]:
    """What `RunSpec.from_dict` reads, not yet checked.

    Full-width characters, as a Japanese keyboard types them, mean their ASCII equals, except in a name or note.
    """
    typed, params = params, {name: unicodedata.normalize("NFKC", text) for name, text in params.items()}
    plain: dict[str, Any] = {}
    for name, row in SETTINGS.items():
        text = (typed if row.kind == "text" else params).get(row.address_name) if row.kind != "group" else None
        if name in _GROUPS:
            group = {"name": text} if text is not None else {}
            group |= {p.name: _value(params[p.address_name]) for p in _GROUPS[name] if p.address_name in params}
            if group:
                plain[name] = _without_other_options(row, group)
        elif text is not None and row.kind == "layers":
            plain[name] = [] if text == _NO_LAYERS else [_layer(part) for part in text.split(",")]
        elif text is not None:
            plain[name] = text if row.kind in ("text", "choice") else _value(text)
    return plain


def _without_other_options(row: Setting, given: dict[str, Any]) -> dict[str, Any]:
    """Without the settings that only belong to another option of the variant than the chosen one."""
    if row.kind != "variant":
        return given
    option = row.options.get(given.get("name", getattr(RunSpec(), row.name).name))
    known = ("name", *row.parts, *(option.parameters if option is not None else ()))
    return {name: value for name, value in given.items() if name in known}


def _layer(text: str) -> dict[str, Any]:
    rows = SETTINGS["hidden"].parts.values()
    values = text.split("-", len(rows) - 1)
    return {
        row.name: value if row.kind == "choice" else _value(value) for row, value in zip(rows, values, strict=False)
    }


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
        first, _dot, rest = path.partition(".")
        if first in _GROUPS and rest not in ("", "name"):
            kept[first] = {name: value for name, value in kept.get(first, {}).items() if name != rest}
        else:
            kept.pop(first, None)
    return kept


def read_address() -> bool:
    """Fill the form from the address if the address came from outside; whether it did.

    That is so at the first run of a session, after a link from another page, and after the browser's Back.
    """
    params = _ours(st.query_params.to_dict())
    if not values.filled():
        _fill(params)
        return True
    if arrived():
        if has_settings():
            _fill(params)
        return RUN in params
    if went_in_history():
        _fill(params)
        return True
    return False


def run_text() -> str | None:
    """The run to show, as the address names it."""
    return st.query_params.get(RUN)


def member_text() -> str | None:
    """The network of that run, as the address names it."""
    return st.query_params.get(MEMBER)


def has_settings() -> bool:
    """Whether the address contains any setting."""
    return any(name in KEYS for name in st.query_params)


def write_address(spec: RunSpec | None, shown: Mapping[str, str]) -> None:
    """Write the form and the shown run into the address; a form with an error leaves its settings as they were."""
    present = st.query_params.to_dict()
    if spec is None:
        settings = {name: text for name, text in present.items() if name in KEYS}
    else:
        settings = to_params(spec, datasets.default())
        if st.session_state.get(_SENTENCES, (spec, ()))[0] != spec:
            del st.session_state[_SENTENCES]
    ours = {**settings, **shown}
    others = {name: text for name, text in present.items() if name not in _OURS}
    if present != others | ours:
        st.query_params.from_dict(others | ours)


def show_rejected() -> None:
    """Say what was wrong in the address, until the form is changed."""
    _spec, sentences = st.session_state.get(_SENTENCES, (None, ()))
    if sentences:
        intro = _("The link contains settings that are not valid; their defaults are used instead:")
        st.warning(f"{intro}\n\n{sentence_list(sentences)}")


def _fill(params: Mapping[str, str]) -> None:
    spec, sentences = to_spec(params, datasets.default())
    values.fill(spec)
    st.session_state[_SENTENCES] = spec, tuple(sentences)


def _ours(params: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in params.items() if name in _OURS}
