"""What is different on a phone, where the sidebar covers the page and starts folded away."""

from __future__ import annotations

import time

import streamlit as st

_FOLD = """<script data-at="{now}">
if (window.innerWidth < 768) document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
</script>"""


def on_phone() -> bool:
    """Whether the browser says that it is a phone's."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def fold_sidebar() -> None:
    """Fold the sidebar away where it covers the page; elsewhere it stays."""
    st.html(_FOLD.format(now=time.time()), unsafe_allow_javascript=True)
