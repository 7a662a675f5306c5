"""Phones: what the visitor's browser says about itself, and what is done where its window is narrow.

Python goes by `on_phone`; styles and scripts go by the width of the window, at `NARROW` pixels.
"""

from __future__ import annotations

import time

import streamlit as st

from mlpcore.ui.shell.page_scripts import run_script

NARROW = 768
"""Windows of fewer pixels are as narrow as a phone's: there Streamlit's sidebar covers the page."""


def on_phone() -> bool:
    """Whether the browser says that it is a phone's."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def press_where_narrow(button: str) -> None:
    """Press the button that a CSS selector names, where the window is as narrow as a phone's."""
    run_script("press", button=button, narrow=NARROW, at=time.time())
