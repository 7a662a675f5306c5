"""Look inside: what a trained network answers, how its neurons work, and how a prediction comes about."""

import streamlit as st

from mlpcore.ui.inspect import picker, views
from mlpcore.ui.inspect.layout import heading
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import page

with page("pages/inspect.py"), st.container(key="inspect_page"):
    heading(_("Look inside"))
    subject = picker.pick()
    if subject is not None:
        views.show(subject)
