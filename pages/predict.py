"""Try a digit: draw or upload one, and see what trained networks make of it."""

import streamlit as st

from mlpcore.ui.predict.inputs import show_inputs
from mlpcore.ui.predict.page_layout import heading
from mlpcore.ui.predict.picker import choose_runs
from mlpcore.ui.shell.page_shell import page

with page("pages/predict.py"), st.container(key="predict_page"):
    heading()
    comparison = choose_runs()
    if comparison is not None:
        show_inputs(comparison)
