"""The hidden layers on a phone, where a table has no room: a card for each layer, from the input to the output."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mlpcore.spec.fields import SETTINGS
from mlpcore.spec.setting import Setting
from mlpcore.ui.shell.language import _, language
from mlpcore.ui.shell.run_text import choice_text, label_text
from mlpcore.ui.train.form import values
from mlpcore.ui.train.form.values import Row
from mlpcore.ui.train.form.widgets import draw_add_layer

_SETTINGS = SETTINGS["hidden"].parts
_NUMBER_WIDTH = 64
"""Pixels of a field for a number; the choice of the activation takes what is left of the line."""


def edit_layer_cards() -> list[Row]:
    """Draw the cards and return the layers as they are now; nothing is corrected."""
    rows = [_draw_card(index, row) for index, row in enumerate(values.rows())]
    values.keep_rows(rows)
    draw_add_layer(len(rows))
    return rows


def _draw_card(index: int, row: Row) -> Row:
    with st.container(border=True, gap="xsmall", key=f"layer_card_{index}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_('Hidden {number}').format(number=index + 1)}**", width="stretch")
            st.button(
                _("Remove this layer"),
                key=values.key(f"delete_layer.{index}"),
                icon=":material/delete:",
                type="tertiary",
                on_click=values.remove_layer,
                args=[index],
            )
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="bottom", key=f"layer_fields_{index}"):
            return {name: _draw_field(index, setting, row) for name, setting in _SETTINGS.items()}


def _draw_field(index: int, setting: Setting, row: Row) -> object:
    """The field of one setting of a layer; where the session does not know it yet, it starts with the kept value."""
    key = values.layer_key(index, setting.name, language())
    # The whole name of the rate is wider than its field.
    label = _("Dropout") if setting.name == "dropout" else label_text(setting.name)
    kept = row[setting.name]
    if setting.kind == "choice":
        options: Sequence[str] = list(setting.options)
        if st.session_state.get(key, kept) not in options:
            options = [*options, str(kept)]
            st.session_state[key] = str(kept)
        st.session_state.setdefault(key, kept)
        return st.selectbox(label, options, format_func=lambda name: choice_text(setting.name, name), key=key)
    whole = setting.kind == "integer"
    st.session_state.setdefault(key, kept if kept is None or whole else float(kept))
    step = 1 if whole else 0.1
    return st.number_input(label, value=None, step=step, format="%d" if whole else "%g", key=key, width=_NUMBER_WIDTH)
