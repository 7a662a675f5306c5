"""Look inside: what a trained network predicts, how its neurons work, and how a prediction comes about."""

import streamlit as st

from mlpcore.ui.inspect.inspected_network import select_network
from mlpcore.ui.inspect.views import chosen_view, page_title
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import page

with page("pages/inspect.py"), st.container(key="inspect_page"):
    page_title(_("Look inside"))
    inspected = select_network()
    if inspected is not None:
        chosen_view(inspected)
