"""Who visits: an id that the browser keeps in a cookie, across reloads, pages and days.

The cookie comes with the request that opens a session. At a browser's first visit there is none: the session then
makes an id, uses it at once, and a script on the page puts it into the cookie. Where a browser refuses cookies, each
session is a visitor of its own.
"""

from __future__ import annotations

import streamlit as st

from mlpcore.actions import Visitor
from mlpcore.ui.shell.page_scripts import run_script

COOKIE = "mlplab_visitor"

_STATE = "visitor"


def visitor() -> Visitor:
    """The visitor of this session."""
    known = st.session_state.get(_STATE)
    if not isinstance(known, Visitor):
        known = Visitor.from_text(st.context.cookies.get(COOKIE)) or Visitor.new()
        st.session_state[_STATE] = known
    return known


def keep_visitor() -> None:
    """Let the browser keep the visitor's id; drawn once on each page."""
    base = st.get_option("server.baseUrlPath").strip("/")
    run_script("visitor", id=visitor().id, path=f"/{base}")
