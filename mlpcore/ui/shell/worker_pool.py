"""The workers of this server, kept alive from the first page on."""

from __future__ import annotations

import streamlit as st

from mlpcore.workers import local


@st.cache_resource(show_spinner=False)
def keep_workers() -> None:
    """Start the workers with the first session of this server, and keep them."""
    local.keep_workers()
