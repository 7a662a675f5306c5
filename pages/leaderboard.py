"""Leaderboard: all runs, ranked, filtered and compared; and the trash."""

import streamlit as st

from mlpcore.store.connection import opened
from mlpcore.ui.frame import page
from mlpcore.ui.language import _
from mlpcore.ui.leaderboard import address, board, trash

with page("pages/leaderboard.py"), opened() as db:
    st.title(_("Leaderboard"))
    view = address.current()
    if view.trash:
        trash.show(db, view)
    else:
        board.show(db, view)
