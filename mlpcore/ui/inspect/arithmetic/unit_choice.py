"""Which unit of a layer is calculated: at first the most active one, for the output the network's answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mlpcore import formatting
from mlpcore.ui.inspect import address
from mlpcore.ui.inspect.arithmetic.sheet import Sheet
from mlpcore.ui.shell.language import _

_TABLE_HEIGHT = 300


def choose(sheet: Sheet, index: int, place: DeltaGenerator | None) -> int:
    """A field for the unit of a layer, and in `place` a table of all of them, whose rows can be chosen; the unit.

    Without a place there is no table: a browser takes longer for it than for the rest of the page.
    """
    outputs = sheet.passed.activations[index][0]
    usual = int(np.argmax(outputs))
    asked = address.number(_name(index), 1, len(outputs))
    unit = usual if asked is None else asked - 1
    unit = _class(sheet, index, unit, usual) if index == sheet.last else _number(index, unit, usual, len(outputs))
    if place is not None:
        with place:
            _table(sheet, index, unit, usual)
    return unit


def _name(index: int) -> str:
    """The address's parameter for the unit of a layer."""
    return f"n{index + 1}"


def _class(sheet: Sheet, index: int, unit: int, usual: int) -> int:
    key = f"inspect_unit_{index}"
    st.session_state[key] = unit
    chosen = st.segmented_control(
        _("The class whose sum is calculated"),
        range(len(sheet.names)),
        format_func=sheet.names.__getitem__,
        key=key,
        on_change=lambda: _put(index, st.session_state[key], usual),
        required=True,
        wrap=True,
    )
    return unit if chosen is None else int(chosen)


def _number(index: int, unit: int, usual: int, count: int) -> int:
    key = f"inspect_unit_{index}"
    st.session_state[key] = unit + 1
    chosen = st.number_input(
        _("Neuron, from 1 to {count}").format(count=formatting.count(count)),
        1,
        count,
        key=key,
        on_change=lambda: _put(index, st.session_state[key] - 1, usual),
        help=_("The neuron that is calculated: at first the most active one for this example."),
        width=220,
    )
    return int(chosen) - 1


def _table(sheet: Sheet, index: int, unit: int, usual: int) -> None:
    """All units with their numbers, the calculated one marked; choosing a row calculates that one."""
    z, a = sheet.passed.preactivations[index][0], sheet.passed.activations[index][0]
    bias = sheet.network.layers[index].bias
    last = index == sheet.last
    names = list(sheet.names) if last else [str(number + 1) for number in range(len(z))]
    heads = (_("Class") if last else _("Neuron"), _("Weighted sum"), _("Bias"), "z", "p" if last else "a")
    columns = (names, z - bias, bias, z, a)
    frame = pd.DataFrame(dict(zip(heads, columns, strict=True)))
    key = _table_key(index, unit)
    st.caption(
        _("All classes; choose a row to calculate it.") if last else _("All neurons; choose a row to calculate it.")
    )
    st.dataframe(
        frame,
        hide_index=True,
        height=min(_TABLE_HEIGHT, 36 * (len(names) + 1)),
        column_config={head: st.column_config.NumberColumn(format="%.3f") for head in heads[1:]},
        key=key,
        on_select=lambda: _picked(key, index, len(z), usual),
        selection_mode="single-row",
        selection_default={"selection": {"rows": [unit]}},
    )


def _table_key(index: int, unit: int) -> str:
    """The table's key: another one once the unit was chosen elsewhere, so that a new table marks it."""
    name = f"inspect_table_{index}"
    version = st.session_state.setdefault(f"{name}_version", 0)
    marked = _marked(f"{name}_{version}")
    if marked is not None and marked != unit:
        version = st.session_state[f"{name}_version"] = version + 1
    return f"{name}_{version}"


def _marked(key: str) -> int | None:
    """The row that is marked in a table, None without one."""
    state = st.session_state.get(key)
    rows = state.selection.rows if state is not None else []
    return rows[0] if rows and isinstance(rows[0], int) else None


def _picked(key: str, index: int, count: int, usual: int) -> None:
    row = _marked(key)
    if row is not None and 0 <= row < count:
        _put(index, row, usual)


def _put(index: int, unit: int, usual: int) -> None:
    address.put(**{_name(index): None if unit == usual else unit + 1})
