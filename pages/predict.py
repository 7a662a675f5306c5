"""Try a digit: draw or upload one, and see what a trained network makes of it."""

import streamlit as st

from mlpcore.ui.frame import page
from mlpcore.ui.predict.inputs import show_inputs
from mlpcore.ui.predict.layout import heading
from mlpcore.ui.predict.picker import pick_run

with page("pages/predict.py"), st.container(key="predict_page"):
    heading()
    choice = pick_run()
    if choice is not None:
        show_inputs(choice)
