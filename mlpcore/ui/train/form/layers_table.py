"""The table of hidden layers that one edits directly: one row per layer, from the input to the output.

On a phone there is a card for each layer instead (`layer_cards`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from mlpcore import formatting
from mlpcore.spec import Layer
from mlpcore.spec.fields import SETTINGS
from mlpcore.spec.setting import Setting
from mlpcore.ui.shell.browser import on_phone
from mlpcore.ui.shell.language import _, language
from mlpcore.ui.shell.run_text import choice_text, label_text
from mlpcore.ui.train.form import values
from mlpcore.ui.train.form.layer_cards import edit_layer_cards
from mlpcore.ui.train.form.values import Row
from mlpcore.ui.train.form.widgets import draw_add_layer

_SETTINGS = SETTINGS["hidden"].parts
_WIDTHS = {"units": 90, "activation": 110, "dropout": 97}
"""Pixels of each column: together as wide as the form, so that no value is out of sight."""
_MAX_EDITS = 100
"""The most rows that were edited, added or deleted since the table was drawn anew; a forged message may have more."""
_MAX_TEXT = 100
_LARGEST = 1e15
"""Below this every whole number is one of the table's floats; what is not a number is not below it either."""
_ROW_HEIGHT = 35
_SHOWN_ROWS = 4


def edit_layers() -> list[Row]:
    """Draw the table (cards on a phone) and return its rows as they are now; nothing is corrected."""
    if on_phone():
        return edit_layer_cards()
    table = _table()
    edited = st.data_editor(
        st.session_state[values.key("table_start")],
        key=table,
        num_rows="dynamic",
        hide_index=True,
        height=_ROW_HEIGHT * (2 + _SHOWN_ROWS) if len(values.rows()) > _SHOWN_ROWS else "content",
        row_height=_ROW_HEIGHT,
        placeholder=formatting.UNKNOWN,
        column_config={name: _column(setting) for name, setting in _SETTINGS.items()},
        alt=_("Hidden layers"),
    )
    rows = [_row(record) for record in edited.to_dict("records")]
    values.keep_rows(rows)
    _row_buttons(rows)
    return rows


def _column(setting: Setting) -> Any:
    """How a setting of a layer is edited; nothing is refused here."""
    # The whole name of the rate is wider than its column.
    label = _("Dropout") if setting.name == "dropout" else label_text(setting.name)
    common: dict[str, Any] = {
        "width": _WIDTHS.get(setting.name),
        "default": getattr(Layer(), setting.name),
        "help": _(setting.help),
    }
    if setting.kind == "choice":
        return st.column_config.SelectboxColumn(
            label,
            options=list(setting.options),
            format_func=lambda name: choice_text(setting.name, str(name)),
            required=True,
            **common,
        )
    whole = setting.kind == "integer"
    return st.column_config.NumberColumn(label, step=1 if whole else None, format="%d" if whole else "%g", **common)


def _table() -> str:
    """The key of the table, which starts anew from the kept rows where its own state would not fit.

    The table's state holds edits of what it started with; it is lost with the page, and the browser forgets it
    when the language of the table changes.
    """
    key = _key()
    if key in st.session_state and not _possible_edits(_edits(key), len(st.session_state[values.key("table_start")])):
        values.set_rows(values.rows())
        key = _key()
        st.warning(_("What your browser sent of the table cannot be read: edit it again."), icon=":material/info:")
    if st.session_state.get(values.key("table_key")) != key or key not in st.session_state:
        st.session_state[values.key("table_key")] = key
        st.session_state[values.key("table_start")] = _frame(values.rows())
    return key


def _key() -> str:
    return values.key(f"table.{st.session_state[values.key('table')]}.{language()}")


def _edits(key: str) -> Any:
    """What the browser sent of the table with this key; None where Streamlit cannot read it."""
    try:
        return st.session_state[key]
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None


def _possible_edits(edits: Any, count: int) -> bool:
    """Whether a browser can have sent this of a table that had `count` rows: few edits, of these columns and rows."""
    try:
        edited, added, deleted = (edits[name] for name in ("edited_rows", "added_rows", "deleted_rows"))
        return (
            max(len(edited), len(added), len(deleted)) <= _MAX_EDITS
            and all(type(row) is int and 0 <= row < count for row in (*edited, *deleted))
            and all(
                name in _SETTINGS and _possible_value(value)
                for cells in (*edited.values(), *added)
                for name, value in cells.items()
            )
        )
    except (TypeError, AttributeError, KeyError):
        return False


def _possible_value(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _MAX_TEXT
    return value is None or (isinstance(value, int | float) and abs(value) < _LARGEST)


def _row_buttons(rows: Sequence[Row]) -> None:
    with st.container(horizontal=True, gap="small"):
        draw_add_layer(len(rows))
        st.button(
            _("Remove last layer"),
            key=values.key("remove_layer"),
            icon=":material/remove:",
            on_click=values.remove_layer,
            args=[len(rows) - 1],
            disabled=not rows,
            width="stretch",
        )


def _frame(rows: Sequence[Row]) -> pd.DataFrame:
    """Floats hold whatever is typed: the table itself refuses nothing."""
    frame = pd.DataFrame(rows, columns=list(_SETTINGS))
    return frame.astype({"units": "float64", "activation": "object", "dropout": "float64"})


def _row(record: dict[Any, Any]) -> Row:
    row = {name: None if pd.isna(record[name]) else record[name] for name in _SETTINGS}
    if row["units"] is not None and row["units"] == int(row["units"]):
        row["units"] = int(row["units"])
    return row
