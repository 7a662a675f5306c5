"""Leaderboard: all runs, ranked, filtered and compared; and the trash."""

import streamlit as st

from mlpcore.store.connection import opened
from mlpcore.ui.leaderboard import address, board, trash
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import page, show_refusal

with page("pages/leaderboard.py"), opened() as db:
    st.title(_("Leaderboard"))
    show_refusal()
    view = address.current()
    if view.trash:
        trash.show(db, view)
    else:
        board.show(db, view)
