"""The form's fields, drawn from the rows of the table of settings, and the sentences that say what is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from mlpcore.i18n.messages import Message
from mlpcore.spec.choices import MAX_LAYERS
from mlpcore.spec.setting import Setting
from mlpcore.ui.shell.language import _, escaped, rendered
from mlpcore.ui.shell.run_text import choice_text, label_text
from mlpcore.ui.train.form import values

Problems = Mapping[str, Message]
"""What is wrong with the form: the path of a field in a spec (`hidden.0.units`) to its sentence."""


def draw_setting(
    setting: Setting,
    key: str = "",
    *,
    placeholder: str = "",
    step: float | None = None,
    disabled: bool = False,
    on_change: Callable[[], None] | None = None,
) -> None:
    """The widget of a plain setting or of a variant's name; an empty field means its default, or "off".

    `key` is the widget's where it is not `values.key(setting.name)`; `step` replaces that of the row.
    """
    key = key or values.key(setting.name)
    label, help_text = label_text(setting.name), _(setting.help)
    if setting.kind == "flag":
        st.checkbox(label, key=key, help=help_text, persist_state="session")
    elif setting.kind == "text":
        field = st.text_area if setting.multiline else st.text_input
        size: dict[str, Any] = {"height": 80} if setting.multiline else {}
        hint = _(setting.empty) if setting.empty else None
        field(label, key=key, help=help_text, placeholder=hint, persist_state="session", **size)
    elif setting.kind in ("integer", "number"):
        step = setting.step if step is None else step
        whole = setting.kind == "integer"
        st.number_input(
            label,
            value=None,
            step=int(step) if whole else float(step or a_tenth_of(st.session_state.get(key))),
            format=None if whole else "%g",
            placeholder=placeholder or _empty_text(setting),
            key=key,
            help=help_text,
            disabled=disabled,
            persist_state="session",
        )
    else:
        draw_choice(setting, lambda option: choice_text(setting.name, option), list(setting.options), on_change)


def _empty_text(setting: Setting) -> str:
    """What an empty field of a number means: its default, or that the setting is off."""
    is_off = setting.optional and not setting.switch
    return _(setting.empty) if is_off else f"{values.default(setting):g}"


def draw_choice(
    setting: Setting,
    label_of: Callable[[Any], str],
    options: Sequence[Any],
    on_change: Callable[[], None] | None = None,
) -> None:
    """A field that takes one of a few options."""
    st.selectbox(
        label_text(setting.name),
        options,
        format_func=label_of,
        key=values.key(setting.name),
        help=_(setting.help),
        on_change=on_change,
        filter_mode=None,
        persist_state="session",
    )


def draw_switch(setting: Setting, help_text: str = "") -> bool:
    """The switch of a setting that has one, by default with the setting's own help text; whether it is on."""
    key = values.switch_key(setting.name)
    st.toggle(_(setting.switch), key=key, help=help_text or _(setting.help), persist_state="session")
    return bool(st.session_state[key])


def draw_in_halves(settings: Sequence[Setting], draw: Callable[[Setting], None]) -> None:
    """Draw settings two in a line."""
    for first in range(0, len(settings), 2):
        for column, setting in zip(st.columns(2, gap="small"), settings[first : first + 2], strict=False):
            with column:
                draw(setting)


def draw_add_layer(layers: int) -> None:
    """The button that adds a layer to this many."""
    st.button(
        _("Add a layer"),
        key=values.key("add_layer"),
        icon=":material/add:",
        on_click=values.add_layer,
        disabled=layers >= MAX_LAYERS,
        width="stretch",
    )


def show_problems(problems: Problems, *paths: str) -> None:
    """The sentences for these fields and what belongs to them, in red."""
    for path, sentence in problems.items():
        if any(path == field or path.startswith(f"{field}.") for field in paths):
            st.markdown(f":red[:material/error: {escaped(rendered(sentence))}]")


def sentence_list(sentences: Sequence[Message]) -> str:
    """Sentences as a Markdown list."""
    return "\n".join(f"- {escaped(rendered(sentence))}" for sentence in sentences)


def a_tenth_of(number: float | None) -> float:
    """A step for the buttons beside a field that fits its size: 0.0001 for 0.001."""
    if not number or number < 0 or not math.isfinite(number):
        return 0.001
    return float(f"1e{math.floor(math.log10(number)) - 1}")
