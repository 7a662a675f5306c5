"""Try a digit: draw or upload one, and see what trained networks predict."""

import streamlit as st

from mlpcore.ui.predict.input_tabs import draw_tabs
from mlpcore.ui.predict.page_layout import heading
from mlpcore.ui.predict.run_selection import choose_runs
from mlpcore.ui.shell.page_shell import page

with page("pages/predict.py"), st.container(key="predict_page"):
    heading()
    comparison = choose_runs()
    if comparison is not None:
        draw_tabs(comparison)
