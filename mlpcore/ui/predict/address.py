"""What the page shows, kept in its address: `?run=12&member=3&with=7,9`. The address alone decides.

`run` is the first run, `member` its network that answers alone, counted from 1, `with` the runs beside it. Widgets are
set from the address before they are drawn, and their callbacks write into it.
"""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from mlpcore.ui.shell.page_shell import arrived
from mlpcore.ui.shell.url_sync import get, number, put

RUN, MEMBER, WITH = "run", "member", "with"
_OURS = (RUN, MEMBER, WITH)
_LAST = "predict.last"

_MOST_DIGITS = 15


def restore() -> None:
    """Who comes back from another page finds the runs of the last visit; call it before anything is read."""
    if arrived() and not any(name in st.query_params for name in _OURS):
        put(**st.session_state.get(_LAST, {}))
    st.session_state[_LAST] = {name: text for name in _OURS if (text := get(name))}


def run() -> str | None:
    """What the address says of the first run, unchecked."""
    return st.query_params.get(RUN)


def member(count: int) -> int | None:
    """The index of the network that answers alone, of `count`; None for all together."""
    found = number(MEMBER, 1, count) if count > 1 else None
    return None if found is None else found - 1


def beside() -> tuple[list[int], list[str]]:
    """The ids of the runs beside the first one, each once, and what stands there that is no id."""
    parts = [part.strip() for part in st.query_params.get(WITH, "").split(",")]
    ids = [int(part) for part in parts if _is_id(part)]
    return list(dict.fromkeys(ids)), [part for part in parts if part and not _is_id(part)]


def put_run(run_id: int) -> None:
    """Another first run, all its networks together."""
    put(run=run_id, member=None)


def put_member(index: int | None) -> None:
    """The network that answers alone, or all together."""
    put(member=None if index is None else index + 1)


def put_beside(ids: Iterable[int]) -> None:
    """The runs beside the first one."""
    put(**{WITH: ",".join(map(str, ids)) or None})


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
