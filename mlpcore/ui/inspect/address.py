"""What the page shows, kept in its address: whoever opens the same address looks at the same thing.

The address alone decides. Widgets are set from it before they are drawn, and their callbacks write into it.
"""

from __future__ import annotations

import re

import streamlit as st

from mlpcore.ui.frame import arrived

_LAST = "inspect.last"
_LONGEST = 64


def restore() -> None:
    """Who comes back from another page finds what this session last looked at; call it before anything is read."""
    if arrived() and "run" not in st.query_params:
        put(**st.session_state.get(_LAST, {}))
    st.session_state[_LAST] = {name: text for name in st.query_params if name != "lang" and (text := get(name))}


def get(name: str) -> str:
    """A parameter's text, empty where it is missing or too long to be ours."""
    text = st.query_params.get(name, "")
    return text if len(text) <= _LONGEST else ""


def number(name: str, low: int, high: int) -> int | None:
    """A parameter as a whole number of this range, None for anything else."""
    text = get(name)
    found = int(text) if re.fullmatch("[0-9]{1,15}", text) else None
    return found if found is not None and low <= found <= high else None


def put(**values: str | int | None) -> None:
    """Write parameters; None takes one out."""
    for name, value in values.items():
        if value is not None:
            st.query_params[name] = str(value)
        elif name in st.query_params:
            del st.query_params[name]
