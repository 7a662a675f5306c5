"""The browser: whether it is a phone's, the page's address, the visitor's cookie, and scripts that run in it.

The visitor is known by an id that the browser keeps in a cookie, across reloads, pages and days. The cookie is set with
the page (`live.visitor_cookie`) and comes with the request that opens a session. Where there is none, the session makes
an id, uses it at once, and a script on the page puts it into the cookie. Where a browser refuses cookies, each session
is a visitor of its own.

A visitor at the server's own machine may do more than others, so nothing may pass for one: not a reverse proxy on this
machine, through which all visitors come from its own address, and not a page of another site that has its name
resolved to this machine.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from dataclasses import replace
from functools import cache
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from markupsafe import Markup
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mlpcore.actions import Visitor
from mlpcore.live.visitor_cookie import COOKIE

PHONE_WIDTH = 640
"""Pixels: up to this width Streamlit puts columns below each other, and the styles of all pages save room."""
SIDEBAR_WIDTH = 768
"""Pixels: in narrower windows Streamlit's sidebar covers the page."""

_VISITOR, _SESSION = "visitor", "session_id"
_LOCAL_NAMES = {"localhost", "127.0.0.1", "::1"}
_PROXY_HEADERS = ("forwarded", "x-forwarded", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip", "via")
"""The beginnings of the names of headers, in lower case, that only a proxy adds to a request."""
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
        known = _from_cookie() or Visitor.new()
        st.session_state[_VISITOR] = known
    return replace(known, local=_at_servers_machine())


def session_id() -> str:
    """A name for this session, which no other session has."""
    return str(st.session_state.setdefault(_SESSION, secrets.token_hex(8)))


def keep_visitor() -> None:
    """Let the browser keep the visitor's id; drawn once on each page.

    An id that the browser has sent is not sent back: the script then only renews the cookie.
    """
    base = st.get_option("server.baseUrlPath").strip("/")
    known = visitor()
    run_script("visitor", id="" if _from_cookie() == replace(known, local=False) else known.id, path=f"/{base}")


def sent_visitor() -> bool:
    """Whether the browser sent the visitor's id when it opened the session: it has been here before."""
    return _from_cookie() is not None


def _from_cookie() -> Visitor | None:
    return Visitor.from_text(st.context.cookies.get(COOKIE))


def _at_servers_machine() -> bool:
    """Whether the browser runs on the server's own machine and has reached it directly."""
    headers = {name.lower(): value for name, value in st.context.headers.items()}
    return (
        _from_loopback()
        and not any(name.startswith(_PROXY_HEADERS) for name in headers)
        and _names_this_machine(f"//{headers.get('host', '')}")
        and _names_this_machine(headers.get("origin", "//localhost"))
    )


def _names_this_machine(url: str) -> bool:
    try:
        return urlsplit(url).hostname in _LOCAL_NAMES
    except ValueError:
        return False


def _from_loopback() -> bool:
    """Whether the connection of this session comes from a loopback address.

    `st.context.ip_address` cannot tell: it is None for such an address, and also where the address is not known.
    """
    context = get_script_run_ctx()
    client = runtime.get_instance().get_client(context.session_id) if context and runtime.exists() else None
    if client is None or client.client_context is None:
        return False
    try:
        address = ip_address(client.client_context.remote_ip or "")
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback


def prepare_document(language: str) -> None:
    """Set the language of the whole document, and hide Streamlit's sidebar as long as it is empty.

    It is drawn first on each page. A browser chooses the glyphs of a text by its language, and between two pages an
    empty sidebar would push the page aside.
    """
    run_script("document", language=language)


def went_in_history() -> bool:
    """Whether the browser's Back or Forward caused this run of the script, so that its address is to be restored.

    With all other runs a browser may report an older address than the one that was written last, because it has not
    received the new one yet.
    """
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


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
