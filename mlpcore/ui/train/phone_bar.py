"""What is different on a phone, where the sidebar covers the page and starts folded away."""

from __future__ import annotations

import streamlit as st

from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.phone import on_phone, press_where_narrow
from mlpcore.ui.train.form.sidebar import Form

_FOLD = '[data-testid="stSidebarCollapseButton"] button'
_UNFOLD = '[data-testid="stExpandSidebarButton"]'


def bar(form: Form) -> bool:
    """The way to the form and its Train button, which a phone does not show; whether Train was pressed."""
    if not on_phone():
        return False
    with st.container(horizontal=True, gap="small", key="phone_bar"):
        settings = st.button(_("Settings"), key="settings", icon=":material/tune:", width="stretch")
        train = form.train_button("train_here")
    if settings:
        press_where_narrow(_UNFOLD)
    return train


def pressed() -> bool:
    """Whether one of the buttons that train or open the form was pressed to bring this run of the script about."""
    return any(st.session_state.get(key) for key in ("train", "train_here", "settings"))


def fold_sidebar() -> None:
    """Fold the sidebar away where it covers the page; elsewhere it stays."""
    press_where_narrow(_FOLD)
