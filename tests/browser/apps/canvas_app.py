"""Mounts the canvas and shows what Python has received of it."""

import json

import streamlit as st

from mlpcore.ui.components.canvas import canvas
from mlpcore.ui.shell.language import use_language

st.session_state.setdefault("token", 0)


@st.fragment
def drawing() -> None:
    drawn = canvas("drawing", clear_token=str(st.session_state.token))
    st.session_state.runs = st.session_state.get("runs", 0) + 1
    shown = {"strokes": drawn.strokes, "pen": drawn.pen, "runs": st.session_state.runs}
    st.code(json.dumps(shown), language=None, wrap_lines=True)


def clear() -> None:
    st.session_state.token += 1


st.set_page_config(layout="wide")
if st.toggle("日本語"):
    use_language("ja")
if not st.toggle("Another page"):
    drawing()
st.button("Run all")
st.button("Empty it", on_click=clear)
