"""What stands in the form's fields, kept in the session, and the spec that it makes.

Each field's value lies under its widget's own key, so that it can be set before the widget is drawn. Nothing is
corrected in here: what a user typed stays until the user changes it.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

import streamlit as st

from mlpcore import datasets
from mlpcore.errors import SpecError
from mlpcore.i18n.messages import Message
from mlpcore.spec import RunSpec, choices, complete_optimizer
from mlpcore.spec.parts import complete_schedule
from mlpcore.ui.shell.language import language

Row = dict[str, Any]
"""A layer as it stands in the table: units, activation and dropout, None where a cell is empty."""

PATIENCE = 5
FOLDS = (0, *range(int(choices.FOLDS.low), int(choices.FOLDS.high) + 1))
"""What the field for folds offers; 0 is off."""
_CHOICES: Mapping[str, Container[str | int]] = {
    "dataset": datasets.REGISTRY,
    "optimizer": choices.OPTIMIZERS,
    "schedule": choices.SCHEDULES,
    "loss": choices.LOSSES,
    "prepare": choices.PREPARE,
    "folds": FOLDS,
}
_PLAIN = (
    "dataset", "loss", "l1", "l2", "batch_size", "epochs", "validation_split", "training_images", "prepare",
    "repeats", "folds", "seed", "name", "note",
)  # fmt: skip


def key(field: str) -> str:
    """The widget key of a field: a name of `RunSpec`, or one of those that `fill` adds."""
    return f"form.{field}"


def optimizer_key(optimizer: str, parameter: str) -> str:
    """The widget key of an optimizer's own parameter; each optimizer keeps its own values."""
    return key(f"{optimizer}.{parameter}")


def schedule_key(schedule: str, parameter: str) -> str:
    """The widget key of a schedule's own parameter; each schedule keeps its own values."""
    return key(f"schedule.{schedule}.{parameter}")


def strength_key(name: str) -> str:
    """The widget key of a strength of the augmentation."""
    return key(f"augment.{name}")


def value(field: str) -> Any:
    """What stands in a field."""
    return st.session_state[key(field)]


def has_pictures() -> bool:
    """Whether the chosen dataset holds pictures, which augmentation can change."""
    return datasets.REGISTRY[value("dataset")].kind == "image"


def has_digits() -> bool:
    """Whether the chosen dataset holds pictures of digits, which can be straightened."""
    return datasets.REGISTRY[value("dataset")].draws_digits


def settle() -> None:
    """Undo what no choice offers, before anything is drawn, and say choices in the user's language.

    A browser sends the label that it showed: after a change of the language that is a word of the other one, and
    from a hostile one it is anything.
    """
    state = st.session_state
    for field, options in _CHOICES.items():
        last = key(f"{field}.last")
        if value(field) in options:
            state[last] = value(field)
        if value(field) != state[last] or state.get(key("language")) != language():
            state[key(field)] = state[last]
    state[key("language")] = language()


def filled() -> bool:
    """Whether the session's form has its first values."""
    return key("dataset") in st.session_state


def snapshot() -> tuple[str, ...]:
    """What stands in the form, to see whether anything was changed."""
    fields = ("optimizer", "learning_rate", "schedule", "augment", "stop_early", "early_stopping", "table_key")
    keys = [key(field) for field in (*_PLAIN, *fields)]
    keys += [optimizer_key(name, own) for name, optimizer in choices.OPTIMIZERS.items() for own in optimizer.parameters]
    keys += [schedule_key(name, own) for name, schedule in choices.SCHEDULES.items() for own in schedule.parameters]
    keys += [strength_key(name) for name in choices.AUGMENT]
    table = st.session_state.get(st.session_state.get(key("table_key"), ""))
    return (*(str(st.session_state.get(one)) for one in keys), str(table))


def fill(spec: RunSpec) -> None:
    """Put a spec into the form; call it before the fields are drawn, or in a callback."""
    state = st.session_state
    for field in _PLAIN:
        state[key(field)] = getattr(spec, field)
    state[key("optimizer")] = spec.optimizer.name
    state[key("learning_rate")] = spec.optimizer.learning_rate
    for name in choices.OPTIMIZERS:
        chosen = spec.optimizer if name == spec.optimizer.name else complete_optimizer(name)
        for parameter, setting in chosen.parameters.items():
            state[optimizer_key(name, parameter)] = setting
    state[key("schedule")] = spec.schedule.name
    for name in choices.SCHEDULES:
        course = spec.schedule if name == spec.schedule.name else complete_schedule(name)
        for parameter, setting in course.parameters.items():
            state[schedule_key(name, parameter)] = setting
    state[key("augment")] = spec.augment is not None
    for name, strength in choices.AUGMENT.items():
        state[strength_key(name)] = strength.usual if spec.augment is None else getattr(spec.augment, name)
    state[key("stop_early")] = spec.early_stopping is not None
    state[key("early_stopping")] = spec.early_stopping or PATIENCE
    set_rows([{"units": h.units, "activation": h.activation, "dropout": h.dropout} for h in spec.hidden])


def rows() -> list[Row]:
    """The hidden layers as they were last edited."""
    return list(st.session_state[key("rows")])


def set_rows(rows: Sequence[Row]) -> None:
    """Replace the hidden layers; the table is drawn anew."""
    st.session_state[key("rows")] = list(rows)
    st.session_state[key("table")] = st.session_state.get(key("table"), 0) + 1


def keep_rows(rows: Sequence[Row]) -> None:
    """Remember what the table holds now."""
    st.session_state[key("rows")] = list(rows)


def spec(rows: Sequence[Row]) -> tuple[RunSpec | None, Mapping[str, Message]]:
    """The spec that the form makes with these layers, or None and a sentence for each field that is wrong."""
    plain: dict[str, Any] = {field: value(field) for field in _PLAIN if field != "prepare" or has_digits()}
    plain["hidden"] = [dict(row) for row in rows]
    plain["early_stopping"] = (value("early_stopping") or PATIENCE) if value("stop_early") else None
    name = value("optimizer")
    own = {
        parameter: st.session_state[optimizer_key(name, parameter)] for parameter in choices.OPTIMIZERS[name].parameters
    }
    plain["optimizer"] = _given({"name": name, "learning_rate": value("learning_rate"), **own})
    plain["schedule"] = _given({"name": value("schedule"), **_schedule_parameters()})
    if value("augment") and has_pictures():
        plain["augment"] = _given({strength: st.session_state[strength_key(strength)] for strength in choices.AUGMENT})
    try:
        return RunSpec.from_dict(_given(plain)), {}
    except SpecError as error:
        return None, error.problems


def _schedule_parameters() -> dict[str, Any]:
    name = value("schedule")
    return {own: st.session_state[schedule_key(name, own)] for own in choices.SCHEDULES[name].parameters}


def propose_learning_rate() -> None:
    """Set the learning rate to the default of the optimizer that was just chosen."""
    optimizer = choices.OPTIMIZERS.get(value("optimizer"))
    if optimizer is not None:
        st.session_state[key("learning_rate")] = optimizer.learning_rate


def defaults() -> dict[str, Any]:
    """What an empty field means with the chosen dataset, optimizer and schedule, by field."""
    chosen = {field: value(field) for field in ("dataset", "optimizer", "schedule")}
    plain = RunSpec.from_dict(chosen).to_dict()
    parts = {**plain.pop("optimizer"), **plain.pop("schedule"), **dict.fromkeys(choices.AUGMENT, 0.0)}
    return {**parts, **plain, "early_stopping": PATIENCE}


def _given(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Without the fields that are empty, which take their defaults; 1.0 is given as 1, as one would say it."""
    return {
        field: int(one) if isinstance(one, float) and one.is_integer() else one
        for field, one in plain.items()
        if one is not None
    }
