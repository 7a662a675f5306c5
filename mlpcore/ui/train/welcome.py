"""The greeting at a browser's first visit: what this is, and three first things to try."""

from __future__ import annotations

import streamlit as st

from mlpcore.ui.shell.browser import on_phone, sent_visitor
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.links import page_link

_OPEN = "welcome.open"


def draw_welcome() -> None:
    """Greet a new user above the network of the form, until the greeting is closed; a later visit does not greet."""
    if not st.session_state.setdefault(_OPEN, not sent_visitor()):
        return
    with st.container(border=True, gap="xsmall", key="welcome"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(_("**Welcome to MLP Lab**"), width="stretch")
            st.button(_("Got it"), key="welcome_close", icon=":material/close:", type="tertiary", on_click=_close)
        st.markdown(
            _(
                "Here you put a neural network together and watch it learn from examples. Afterwards you draw digits"
                " for it and look inside it to see why it decides as it does. Three things to try first:"
            )
        )
        if on_phone():
            train = _("Press **Set up and train**, then **Train**: the curves move while the network learns.")
        else:
            train = _("Press **Train** on the left: the curves move while the network learns.")
        draw = _("Draw a digit for the trained network, as large or as crooked as you like.")
        compare = _("Change one setting, train again, and compare the two runs on the leaderboard.")
        st.markdown("\n".join(f"{number}. {text}" for number, text in enumerate((train, draw, compare), 1)))
        with st.container(horizontal=True, gap="small"):
            page_link("pages/predict.py", _("Try a digit"), ":material/draw:")
            page_link("pages/leaderboard.py", _("Leaderboard"), ":material/leaderboard:")


def _close() -> None:
    st.session_state[_OPEN] = False
