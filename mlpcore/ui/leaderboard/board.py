"""The leaderboard itself: the list with its controls, and below it what is ticked."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mlpcore.store import leaderboard, runs
from mlpcore.store.connection import Database
from mlpcore.store.runs import Run
from mlpcore.ui.leaderboard import address, compare, edit, empty, export, filters, selection, trash, words
from mlpcore.ui.leaderboard.columns import SORTABLE
from mlpcore.ui.leaderboard.headline import headline
from mlpcore.ui.leaderboard.reasons import reasons
from mlpcore.ui.leaderboard.refresh import keep_fresh
from mlpcore.ui.leaderboard.table import table
from mlpcore.ui.leaderboard.view import PAGE_SIZE, View
from mlpcore.ui.shell.language import _

FIRST = 3
TEN = 10
"""As many runs of the list are compared before anything is ticked, and by one click."""


def show(db: Database, view: View) -> None:
    """Draw it, as the user's clicks since the last run have left the view."""
    pulse = leaderboard.pulse(db)
    trash.undo(db)
    datasets = leaderboard.datasets_with_runs(db)
    if not datasets:
        empty.no_runs()
        if runs.trashed_count(db):
            trash.door(db, view)
        return
    head = selection.take_clicks()
    if head in SORTABLE:
        view = address.sort_by(view, head)
    count = leaderboard.count(db, view.query)
    view = address.turn_to(view, -(-count // PAGE_SIZE))
    address.keep(view)
    headline(view, count, datasets)
    filters.controls(view, datasets)
    found = leaderboard.page(db, view.query)
    if found:
        _list(db, view, found, count)
    else:
        empty.nothing_found(view)
    _compare(db, found, view)
    keep_fresh(pulse)


def _list(db: Database, view: View, found: Sequence[Run], count: int) -> None:
    ids = [run.id for run in found]
    table(found, leaderboard.ranks(db, view.ranking, ids), leaderboard.sparklines(db, ids), view)
    if any(run.members > 1 for run in found):
        st.caption(words.spread())
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="right", gap="small"):
        if count > PAGE_SIZE:
            st.pagination(-(-count // PAGE_SIZE), key=address.WIDGETS["page"], width="stretch")
        export.download(view)
        trash.door(db, view)


def _compare(db: Database, found: Sequence[Run], view: View) -> None:
    ticked = runs.get_many(db, selection.ticked())
    if ticked:
        edit.buttons(db, ticked)
    elif found:
        _invite(found)
    shown = (ticked or [run for run in found if run.epoch][:FIRST])[: compare.MOST]
    if len(ticked) > len(shown):
        st.caption(_("Compared are the first {count} of them.").format(count=len(shown)))
    if ticked:
        reasons(shown)
    if shown:
        compare.curves(shown, leaderboard.curves(db, [run.id for run in shown]))
        compare.differences(shown, view.figures)


def _invite(found: Sequence[Run]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_("**The first runs of the list.** Tick others in the table to compare them."), width="content")
        ten = [run.id for run in found if run.epoch][:TEN]
        if len(ten) > FIRST:
            label = _("Compare the first {count}").format(count=len(ten))
            st.button(
                label, type="tertiary", icon=":material/stacked_line_chart:", on_click=selection.tick, args=(ten,)
            )
