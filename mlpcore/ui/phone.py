"""Whether the visitor holds a phone: there the sidebar covers the page and starts folded away."""

from __future__ import annotations

import streamlit as st


def on_phone() -> bool:
    """Whether the browser says that it is a phone's."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def fold_sidebar() -> None:
    """Fold the sidebar away, where it covers the page."""
    if on_phone():
        st.set_page_config(initial_sidebar_state="collapsed")
