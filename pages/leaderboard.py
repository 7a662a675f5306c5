"""Leaderboard: all runs, ranked, filtered and compared; and the trash."""

import streamlit as st

from mlpcore.store.connection import opened
from mlpcore.ui.leaderboard import board, trash
from mlpcore.ui.leaderboard.view import current_view
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import page, show_refusal

with page("pages/leaderboard.py"), opened() as db:
    st.title(_("Leaderboard"))
    show_refusal()
    view = current_view()
    if view.trash:
        trash.draw_trash(db, view)
    else:
        board.draw_board(db, view)
