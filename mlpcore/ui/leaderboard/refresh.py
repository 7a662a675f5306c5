"""While runs wait or train, a small fragment looks every other second whether the page is still true."""

from __future__ import annotations

import streamlit as st

from mlpcore.errors import StoreError
from mlpcore.store import leaderboard
from mlpcore.store.connection import opened

SECONDS = 2.0


def keep_fresh(pulse: str) -> None:
    """Draw the page again when `leaderboard.pulse` is no longer this; where nothing is under way, do nothing.

    The fragment itself holds no widget and no table, so that a look costs a fraction of a millisecond.
    """
    if pulse:
        _look(pulse)


@st.fragment(run_every=SECONDS)
def _look(seen: str) -> None:
    try:
        with opened() as db:
            now = leaderboard.pulse(db)
    except StoreError:
        return  # the page itself will say it
    if now != seen:
        st.rerun(scope="app")
