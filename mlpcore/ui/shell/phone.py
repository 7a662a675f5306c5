"""Phones: what the visitor's browser says about itself, and the width up to which styles treat a window as a phone's.

Python calls `on_phone`; style sheets use the width of the window, at the widths where Streamlit changes its layout.
"""

from __future__ import annotations

import time

import streamlit as st

from mlpcore.ui.shell.page_scripts import run_script

PHONE_WIDTH = 640
"""Pixels: up to this width Streamlit puts columns below each other, and the styles of all pages save room."""
SIDEBAR_WIDTH = 768
"""Pixels: in narrower windows Streamlit's sidebar covers the page."""


def on_phone() -> bool:
    """Whether the browser says that it is a phone's."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def press_where_sidebar_covers(button: str) -> None:
    """Press the button that a CSS selector names, where the sidebar covers the page."""
    run_script("press", button=button, below=SIDEBAR_WIDTH, at=time.time())
