"""What is different on a phone, where the sidebar covers the page and starts folded away."""

from __future__ import annotations

import time

import streamlit as st

from mlpcore.ui.form.sidebar import Form
from mlpcore.ui.language import _

_PRESS = """<script data-at="{now}">
if (window.innerWidth < 768) document.querySelector('{button}')?.click();
</script>"""
_FOLD = '[data-testid="stSidebarCollapseButton"] button'
_UNFOLD = '[data-testid="stExpandSidebarButton"]'


def bar(form: Form) -> bool:
    """The way to the form and its Train button, which a phone does not show; whether Train was pressed.

    The style sheet hides it on wider screens.
    """
    with st.container(horizontal=True, gap="small", key="phone_bar"):
        settings = st.button(_("Settings"), key="settings", icon=":material/tune:", width="stretch")
        train = form.train_button("train_here")
    if settings:
        _press(_UNFOLD)
    return train


def fold_sidebar() -> None:
    """Fold the sidebar away where it covers the page; elsewhere it stays."""
    _press(_FOLD)


def _press(button: str) -> None:
    st.html(_PRESS.format(now=time.time(), button=button), unsafe_allow_javascript=True)
