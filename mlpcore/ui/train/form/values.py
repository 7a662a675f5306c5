"""The values of the form's fields, kept in the session, and the spec that they make.

Each field's value lies under its widget's own key, so that it can be set before the widget is drawn. Nothing is
corrected in here: what a user typed stays until the user changes it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st

from mlpcore import datasets
from mlpcore.errors import SpecError
from mlpcore.i18n.messages import Message
from mlpcore.spec import Layer, RunSpec
from mlpcore.spec.choices import OPTIMIZERS
from mlpcore.spec.fields import SETTINGS
from mlpcore.spec.setting import PLAIN, Setting
from mlpcore.ui.shell.language import language

Row = dict[str, Any]
"""A layer as the table shows it: units, activation and dropout, None where a cell is empty."""

_FOLDS = SETTINGS["folds"].allowed
FOLDS = (0, *range(int(_FOLDS.low), int(_FOLDS.high) + 1)) if _FOLDS else (0,)
"""What the field for folds offers; 0 is off."""


def key(name: str) -> str:
    """The widget key of a setting."""
    return f"form.{name}"


def switch_key(name: str) -> str:
    """The widget key of the switch that turns a setting on."""
    return key(f"{name}.on")


def option_key(name: str, option: str, parameter: str) -> str:
    """The widget key of a setting that only one option of a variant has; each option keeps its own values."""
    return key(f"{name}.{option}.{parameter}")


def value(name: str) -> Any:
    """The value of a field."""
    return st.session_state[key(name)]


def applies(name: str) -> bool:
    """Whether a setting means something for the chosen dataset."""
    info = datasets.REGISTRY[value("dataset")]
    return {"augment": info.kind == "image", "prepare": info.draws_digits}.get(name, True)


def reject_unknown_choices() -> None:
    """Undo values that a choice does not offer; call it before the fields are drawn.

    A browser sends the label that it showed: after a change of the language that is a label of the other language,
    and from a hostile browser it may be anything.
    """
    state = st.session_state
    offered: dict[str, Collection[Any]] = {
        name: setting.options for name, setting in SETTINGS.items() if setting.kind in ("choice", "variant")
    }
    for name, options in {**offered, "folds": FOLDS}.items():
        last = key(f"{name}.last")
        if value(name) in options:
            state[last] = value(name)
        if value(name) != state[last] or state.get(key("language")) != language():
            state[key(name)] = state[last]
    state[key("language")] = language()


def filled() -> bool:
    """Whether the session's form has its first values."""
    return key("dataset") in st.session_state


def fill(spec: RunSpec) -> None:
    """Put a spec into the form; call it before the fields are drawn, or in a callback."""
    st.session_state.update(_widget_values(spec))
    set_rows([asdict(layer) for layer in spec.hidden])


def _widget_values(spec: RunSpec) -> dict[str, Any]:
    """The value of each widget but the table of layers, by its key."""
    state: dict[str, Any] = {}
    for name, setting in SETTINGS.items():
        chosen = getattr(spec, name)
        if setting.switch:
            state[switch_key(name)] = chosen is not None and not setting.is_off(chosen)
        if setting.kind == "variant":
            state[key(name)] = chosen.name
            state |= {key(part): getattr(chosen, part) for part in setting.parts}
            for option, choice in setting.options.items():
                own = {part: parameter.default for part, parameter in choice.parameters.items()}
                own |= chosen.parameters if option == chosen.name else {}
                state |= {option_key(name, option, part): own[part] for part in choice.parameters}
        elif setting.kind == "group":
            for part, row in setting.parts.items():
                state[key(f"{name}.{part}")] = row.proposed if chosen is None else getattr(chosen, part)
        elif setting.kind in PLAIN:
            state[key(name)] = setting.proposed if setting.switch and setting.is_off(chosen) else chosen
    return state


def rows() -> list[Row]:
    """The hidden layers as they were last edited."""
    return list(st.session_state[key("rows")])


def set_rows(rows: Sequence[Row]) -> None:
    """Replace the hidden layers; the table is drawn anew."""
    keep_rows(rows)
    st.session_state[key("table")] = st.session_state.get(key("table"), 0) + 1


def keep_rows(rows: Sequence[Row]) -> None:
    """Remember what the table holds now."""
    st.session_state[key("rows")] = list(rows)


def add_layer() -> None:
    """Add a hidden layer like the last one."""
    kept = rows()
    set_rows([*kept, {**(kept[-1] if kept else asdict(Layer()))}])


def remove_layer(index: int) -> None:
    """Remove one of the hidden layers, if there is such a layer."""
    kept = rows()
    set_rows([row for number, row in enumerate(kept) if number != index])


def layer_key(index: int, name: str, language: str) -> str:
    """The widget key of a setting of one layer; the fields are drawn anew for other layers or in another language."""
    return key(f"layer.{st.session_state[key('table')]}.{language}.{index}.{name}")


def spec(rows: Sequence[Row]) -> tuple[RunSpec | None, Mapping[str, Message]]:
    """The spec that the form makes with these layers, or None and a sentence for each field that is wrong."""
    plain = {name: _given_value(setting) for name, setting in SETTINGS.items() if setting.kind != "layers"}
    try:
        return RunSpec.from_dict({**_given(plain), "hidden": [dict(row) for row in rows]}), {}
    except SpecError as error:
        return None, error.problems


def _given_value(setting: Setting) -> Any:
    """What the form says of a setting, as `RunSpec.from_dict` reads it; None where it is empty or off."""
    name, state = setting.name, st.session_state
    if not applies(name) or (setting.switch and not state[switch_key(name)]):
        return None
    if setting.kind == "variant":
        option = value(name)
        own = {part: state[option_key(name, option, part)] for part in setting.options[option].parameters}
        return _given({"name": option, **{part: value(part) for part in setting.parts}, **own})
    if setting.kind == "group":
        return _given({part: value(f"{name}.{part}") for part in setting.parts})
    if setting.switch and value(name) is None:
        return setting.proposed
    return value(name)


def propose_learning_rate() -> None:
    """Set the learning rate to the default of the optimizer that was just chosen."""
    optimizer = OPTIMIZERS.get(value("optimizer"))
    if optimizer is not None:
        st.session_state[key("learning_rate")] = optimizer.learning_rate


def default(setting: Setting) -> Any:
    """What an empty field means with the chosen dataset and optimizer; 0 for a setting of a group."""
    if setting.default is not None:
        return setting.default
    if setting.name == "learning_rate":
        return OPTIMIZERS[value("optimizer")].learning_rate
    if setting.switch:
        return setting.proposed
    return getattr(RunSpec.from_dict({"dataset": value("dataset")}), setting.name, 0.0)


def _given(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Without the fields that are empty, which take their defaults; 1.0 is given as 1, as a user would write it."""
    return {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in plain.items()
        if value is not None
    }
