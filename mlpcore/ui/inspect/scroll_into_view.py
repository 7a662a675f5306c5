"""What was just picked on the page comes into sight: a pick may show something far from where one clicked."""

from __future__ import annotations

import streamlit as st

_LAST = "inspect.arrival"


def announce(figure: str) -> None:
    """A pick, in its callback, changes what this figure shows."""
    _figure, count = _last()
    st.session_state[_LAST] = (figure, count + 1)


def arriving(figure: str, markup: str) -> str:
    """The figure's markup, which the browser scrolls to if it is the one that was last announced, once."""
    last, count = _last()
    if figure != last:
        return markup
    return f'<div data-arrive="{count}" style="scroll-margin:12px">{markup}</div>'


def _last() -> tuple[str, int]:
    figure, count = st.session_state.get(_LAST, ("", 0))
    return str(figure), int(count)
