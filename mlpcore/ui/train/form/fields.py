"""The form's fields: each with its words, a help text, and the sentence that says what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import streamlit as st

from mlpcore.i18n.messages import Message
from mlpcore.spec.fields import FIELD_LABELS
from mlpcore.ui.shell.language import _, escaped, rendered
from mlpcore.ui.train.form import values

Option = TypeVar("Option", str, int)

Problems = Mapping[str, Message]
"""What is wrong with the form: the field's path in a spec (`hidden.0.units`) to its sentence."""


def label(field: str) -> str:
    """The field's name in the user's language."""
    return _(FIELD_LABELS[field])


def choice(
    field: str,
    options: Iterable[Option],
    label_of: Callable[[Option], str],
    help_text: str,
    problems: Problems,
    on_change: Callable[[], None] | None = None,
) -> None:
    """A field that takes one of a few names."""
    st.selectbox(
        label(field),
        list(options),
        format_func=label_of,
        key=values.key(field),
        help=help_text,
        on_change=on_change,
        filter_mode=None,
        persist_state="session",
    )
    show_problems(problems, field)


def integer(
    field: str,
    help_text: str,
    problems: Problems,
    step: int = 1,
    empty: str = "",
    key: str | None = None,
) -> None:
    """A field for a whole number; an empty one means its default, or what `empty` says.

    `key` is its widget's where that is not the one of its own name.
    """
    st.number_input(
        label(field),
        value=None,
        step=step,
        placeholder=empty or str(values.defaults()[field]),
        key=key or values.key(field),
        help=help_text,
        persist_state="session",
    )
    show_problems(problems, field)


def number(
    field: str,
    help_text: str,
    problems: Problems,
    step: float,
    path: str | None = None,
    key: str | None = None,
    disabled: bool = False,
) -> None:
    """A field for any number, empty for its default; `path` is its place in a spec, `key` as for `integer`."""
    st.number_input(
        label(field),
        value=None,
        step=step,
        format="%g",
        placeholder=f"{values.defaults()[field]:g}",
        key=key or values.key(field),
        help=help_text,
        disabled=disabled,
        persist_state="session",
    )
    show_problems(problems, path or field)


def flag(field: str, help_text: str, problems: Problems, path: str | None = None, key: str | None = None) -> None:
    """A field that is on or off."""
    st.checkbox(label(field), key=key or values.key(field), help=help_text, persist_state="session")
    show_problems(problems, path or field)


def show_problems(problems: Problems, *paths: str) -> None:
    """The sentences for these fields and what belongs to them, in red."""
    for path, sentence in problems.items():
        if any(path == wanted or path.startswith(f"{wanted}.") for wanted in paths):
            show_problem(sentence)


def show_problem(sentence: Message) -> None:
    """One sentence in red."""
    st.markdown(f":red[:material/error: {escaped(rendered(sentence))}]")


def a_tenth_of(number: float | None) -> float:
    """A step for the buttons beside a field that fits its size: 0.0001 for 0.001."""
    if not number or number < 0 or not math.isfinite(number):
        return 0.001
    return float(f"1e{math.floor(math.log10(number)) - 1}")
