"""A choice between a few things that the address keeps; the first of them is usual and is not written there."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mlpcore.ui.inspect import address


def switch(label: str, parameter: str, options: Mapping[str, str], *, key: str, labelled: bool = False) -> str:
    """Draw the choice and return what is chosen: a key of `options`, whose values are shown.

    `parameter` is its name in the address, `label` stands above it where it is `labelled`.
    """
    usual = next(iter(options))
    asked = address.get(parameter)
    st.session_state[key] = asked if asked in options else usual

    def put() -> None:
        chosen = st.session_state[key]
        address.put(**{parameter: None if chosen == usual else chosen})

    chosen = st.segmented_control(
        label,
        list(options),
        format_func=options.__getitem__,
        key=key,
        on_change=put,
        label_visibility="visible" if labelled else "collapsed",
        required=True,
        wrap=True,
    )
    return usual if chosen is None else chosen
