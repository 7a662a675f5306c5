"""A link to share: the address to copy, its QR code for phones, and what to do where it names the own machine only."""

from __future__ import annotations

import socket
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

import segno
import streamlit as st
from markupsafe import Markup

from mlpcore.ui.shell.language import _, escaped

LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""The names by which a machine means itself."""


def draw_link(url: str, server_address: str | None = None) -> None:
    """Draw an address to copy and its QR code.

    An address that names the own machine cannot be opened by others: the machine's address in its network takes its
    place, unless the server listens to its own machine only (`server_address`, from the settings).
    """
    others = link_for_others(url, server_address, network_address())
    st.code(others or url, language=None, wrap_lines=True)
    if others is None:
        st.caption(
            _(
                "Others cannot open this address: it means the machine on which it is opened. Start the server without"
                " an address of its own, and open the page by the machine's name or number in your network."
            )
        )
        return
    if others != url:
        local = escaped(urlsplit(url).hostname or "")
        text = _(
            "You opened this page as {local}, which others cannot: this link names the machine's address in your"
            " network instead. It works for those who are in the same network."
        )
        st.caption(text.format(local=local))
    image = Markup('<img class="mlp-qr" alt="{alt}" src="{source}">')
    st.html(str(image.format(alt=_("QR code of this link"), source=qr_code(others))))


def link_for_others(url: str, server_address: str | None, network: str | None) -> str | None:
    """The address that other machines can open, `network` being this machine's there; None where there is none."""
    parts = urlsplit(url)
    if parts.hostname not in LOOPBACK:
        return url
    if network is None or server_address in LOOPBACK:
        return None
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit((parts.scheme, f"{network}{port}", *parts[2:]))


@lru_cache(maxsize=1)
def network_address() -> str | None:
    """This machine's IPv4 address in its network; None without a network. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # An address for documentation (RFC 5737): only the route to it is looked up.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address in LOOPBACK or address == "0.0.0.0" else address


@lru_cache(maxsize=64)
def qr_code(url: str) -> str:
    """The QR code of an address as the URL of an SVG, dark on light in both themes, as cameras expect it."""
    code = segno.make(url, micro=False, boost_error=False)
    return str(code.svg_data_uri(border=3, dark="black", light="white", omitsize=True))
