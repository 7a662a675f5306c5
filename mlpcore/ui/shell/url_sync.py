"""Reading the parameters of a page's address, which may contain anything, and writing them."""

from __future__ import annotations

import re

import streamlit as st

_LONGEST = 64


def get(name: str) -> str:
    """A parameter's text, empty where it is missing or longer than any that a page writes."""
    text = st.query_params.get(name, "")
    return text if len(text) <= _LONGEST else ""


def number(name: str, low: int, high: int) -> int | None:
    """A parameter as a whole number of this range, None for anything else."""
    text = get(name)
    value = int(text) if re.fullmatch("[0-9]{1,15}", text) else None
    return value if value is not None and low <= value <= high else None


def put(**values: str | int | None) -> None:
    """Write parameters; None removes one."""
    for name, value in values.items():
        if value is not None:
            st.query_params[name] = str(value)
        elif name in st.query_params:
            del st.query_params[name]
