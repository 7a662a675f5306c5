"""Where the inputs and the answer stand."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mlpcore.ui.shell.language import _

WAY = "predict_input"
"""The key of the widget that chooses the way to show the network something."""


def go_to(way: str) -> None:
    """Choose another way from the next run on; a callback for buttons."""
    st.session_state[WAY] = way


def heading() -> None:
    """The page's title and its style sheet."""
    st.html(Path(__file__).with_name("page.css"))
    with st.container(key="predict_title"):
        st.title(_("Try a digit"), anchor=False)


def sides(align: Literal["top", "bottom"] = "top") -> tuple[DeltaGenerator, DeltaGenerator]:
    """What a network is shown, and beside it (on a phone below it) its answer."""
    left, right = st.columns([2, 3], gap="large", vertical_alignment=align)
    return left, right
