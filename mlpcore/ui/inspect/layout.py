"""How the page begins: its title, which a phone leaves to the menu, and its style sheet."""

from __future__ import annotations

from pathlib import Path

import streamlit as st


def heading(title: str) -> None:
    """The page's title."""
    st.html(Path(__file__).with_name("page.css"))
    with st.container(key="inspect_title"):
        st.title(title, anchor=False)
