"""What a page shows in place of a list that is empty, alike on all pages: why, and what to do."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.links import page_link


def empty_state(title: str, text: str = "", icon: str = ":material/info:") -> DeltaGenerator:
    """Draw a box with this title and text; what leads on, such as a button, is drawn in the container returned."""
    box = st.container(border=True, horizontal_alignment="center", gap="small")
    with box:
        st.subheader(f"{icon} {title}", anchor=False, width="content")
        if text:
            st.markdown(text, width="content")
    return box


def nothing_trained_yet(title: str, text: str) -> None:
    """Draw the box of a page that needs runs where there are none, with the link to the page that trains."""
    with empty_state(title, text, ":material/model_training:"):
        page_link("dashboard.py", _("Train a network"), ":material/play_arrow:")
