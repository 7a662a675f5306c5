"""Pictures that the server draws as SVG or HTML and whose parts a user can choose, by mouse, finger or keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from markupsafe import Markup

from mlpcore.ui.components.loader import component

_pickable = component("pickable")
_picture = component("pickable", "picture")

MAX_LENGTH = 64
"""Characters of a choice: a longer one is not one of ours."""


def picture(key: str, markup: Markup) -> None:
    """A picture to look at."""
    _picture(key=key, data=str(markup))


def pickable(key: str, markup: Markup, choose: Callable[[str], Any]) -> None:
    """A picture whose elements with `data-pick="VALUE"` call `choose(VALUE)` when they are chosen, before the next run.

    VALUE comes from a browser and may be any text of up to `MAX_LENGTH` characters: `choose` checks it.
    """

    def chosen() -> None:
        state = st.session_state.get(key)
        value = state.get("picked") if isinstance(state, dict) else None
        if isinstance(value, str) and 0 < len(value) <= MAX_LENGTH:
            choose(value)

    _pickable(key=key, data=str(markup), on_picked_change=chosen)
