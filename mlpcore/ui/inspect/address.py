"""What the page shows, kept in its address: whoever opens the same address looks at the same thing.

The address alone decides. Widgets are set from it before they are drawn, and their callbacks write into it.
"""

from __future__ import annotations

import streamlit as st

from mlpcore.ui.shell.page_shell import arrived
from mlpcore.ui.shell.url_sync import get, number, put

__all__ = ["get", "number", "put", "restore"]

_LAST = "inspect.last"


def restore() -> None:
    """Who comes back from another page finds what this session last looked at; call it before anything is read."""
    if arrived() and "run" not in st.query_params:
        put(**st.session_state.get(_LAST, {}))
    st.session_state[_LAST] = {name: text for name in st.query_params if name != "lang" and (text := get(name))}
