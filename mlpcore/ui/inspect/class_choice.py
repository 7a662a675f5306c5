"""The class that is asked about: the one that the network answers, unless another is chosen."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mlpcore.ui.inspect import address

_KEY = "inspect_class"


def choose(label: str, names: Sequence[str], answer: int, help_text: str | None = None) -> int:
    """A button for each class, in the user's words; the chosen one, `answer` as long as no other is.

    The address counts classes from 0 on and tells only another class than the answer.
    """
    asked = address.number("class", 0, len(names) - 1)
    st.session_state[_KEY] = answer if asked is None else asked
    chosen = st.segmented_control(
        label,
        range(len(names)),
        format_func=names.__getitem__,
        key=_KEY,
        on_change=_write,
        args=(answer,),
        help=help_text,
        required=True,
        wrap=True,
    )
    return answer if chosen is None else int(chosen)


def _write(answer: int) -> None:
    picked = st.session_state[_KEY]
    address.put(**{"class": None if picked == answer else picked})
