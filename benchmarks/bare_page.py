"""The smallest page of Streamlit's own, for comparison: one button."""

import streamlit as st

st.button("Train", key="train")
