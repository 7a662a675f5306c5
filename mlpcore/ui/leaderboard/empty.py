"""What stands where there is no run to show."""

from __future__ import annotations

import streamlit as st

from mlpcore.ui.leaderboard import address
from mlpcore.ui.leaderboard.view import View
from mlpcore.ui.shell.language import _


def no_runs() -> None:
    """Nothing was trained yet."""
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.markdown("### :material/leaderboard: " + _("No runs yet"), width="content")
        st.markdown(
            _("Train a first network: it appears here at once, and its figures grow while it learns."), width="content"
        )
        if st.button(_("Train a network"), type="primary", icon=":material/model_training:"):
            st.switch_page("dashboard.py")


def nothing_found(view: View) -> None:
    """The filters leave every run out."""
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.markdown(_("No run passes these filters."), width="content")
        st.button(_("Show all runs"), on_click=address.go, args=(view.unfiltered(),), key="leaderboard_unfilter")
