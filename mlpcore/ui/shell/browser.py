"""The browser: whether it is a phone's, the page's address, the visitor's cookie, and scripts that run in it.

The visitor is known by an id that the browser keeps in a cookie, across reloads, pages and days. The cookie comes with
the request that opens a session. At a browser's first visit there is none: the session then makes an id, uses it at
once, and a script on the page puts it into the cookie. Where a browser refuses cookies, each session is a visitor of
its own.
"""

from __future__ import annotations

import json
import re
import time
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from markupsafe import Markup

from mlpcore.actions import Visitor

PHONE_WIDTH = 640
"""Pixels: up to this width Streamlit puts columns below each other, and the styles of all pages save room."""
SIDEBAR_WIDTH = 768
"""Pixels: in narrower windows Streamlit's sidebar covers the page."""

COOKIE = "mlplab_visitor"

_VISITOR = "visitor"
_LONGEST_PARAMETER = 64
_SCRIPT = Markup('<script data-values="{values}">{code}</script>')


def run_script(name: str, **values: Any) -> None:
    """Run the script `<name>.js` of this folder in the browser.

    It reads `values` from its element, and runs again when they change.
    """
    markup = _SCRIPT.format(values=json.dumps(values), code=Markup(_code(name)))
    st.html(str(markup), unsafe_allow_javascript=True)


@cache
def _code(name: str) -> str:
    return Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8")


def on_phone() -> bool:
    """Whether the browser says that it is a phone's.

    Style sheets do not ask: they use the width of the window, at the widths where Streamlit changes its layout.
    """
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def press_where_sidebar_covers(button: str) -> None:
    """Press the button that a CSS selector names, where the sidebar covers the page."""
    run_script("press", button=button, below=SIDEBAR_WIDTH, at=time.time())


def visitor() -> Visitor:
    """The visitor of this session."""
    known = st.session_state.get(_VISITOR)
    if not isinstance(known, Visitor):
        known = Visitor.from_text(st.context.cookies.get(COOKIE)) or Visitor.new()
        st.session_state[_VISITOR] = known
    return known


def keep_visitor() -> None:
    """Let the browser keep the visitor's id; drawn once on each page."""
    base = st.get_option("server.baseUrlPath").strip("/")
    run_script("visitor", id=visitor().id, path=f"/{base}")


def address_text(name: str) -> str:
    """A parameter of the page's address, empty where it is missing or longer than any that a page writes."""
    text = st.query_params.get(name, "")
    return text if len(text) <= _LONGEST_PARAMETER else ""


def address_number(name: str, low: int, high: int) -> int | None:
    """A parameter of the page's address as a whole number of this range, None for anything else."""
    value = whole_number(address_text(name))
    return value if value is not None and low <= value <= high else None


def whole_number(text: str) -> int | None:
    """The number that a text from an address consists of; None for anything but 1 to 15 digits from 0 to 9."""
    return int(text) if re.fullmatch("[0-9]{1,15}", text) else None


def put_in_address(**values: str | int | None) -> None:
    """Write parameters of the page's address; None removes one."""
    for name, value in values.items():
        if value is not None:
            st.query_params[name] = str(value)
        elif name in st.query_params:
            del st.query_params[name]
