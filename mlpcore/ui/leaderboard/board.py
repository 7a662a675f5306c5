"""The leaderboard page: the list with its controls, and below it the ticked runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from mlpcore.store import leaderboard, runs
from mlpcore.store.connection import Database
from mlpcore.store.runs import Run
from mlpcore.ui.components.overview_stream import follow_runs
from mlpcore.ui.leaderboard import controls, export, run_buttons, run_table, selected_runs, selection, trash
from mlpcore.ui.leaderboard.columns import SORTABLE
from mlpcore.ui.leaderboard.view import PAGE_SIZE, WIDGETS, View, keep_view, sorted_view, view_on_existing_page
from mlpcore.ui.shell.empty_state import nothing_trained_yet
from mlpcore.ui.shell.language import _, escaped, ngettext
from mlpcore.ui.shell.run_text import distinct_names, spread_text
from mlpcore.ui.shell.tick_budget import measured_tick

COMPARED_AT_FIRST = 3
"""How many runs of the list are compared before any is ticked."""
COMPARED_BY_CLICK = 10
"""How many runs of the list one click ticks."""
_LIST = "runs"


def draw_board(db: Database, view: View) -> None:
    """Draw the list as the clicks since the last run have left the view, and the comparison below it."""
    token = leaderboard.progress_token(db)
    with measured_tick(_LIST):
        _draw(db, view)
    follow_runs(_LIST, token)


def _draw(db: Database, view: View) -> None:
    trash.offer_undo(db)
    _untick_missing(db)
    datasets = leaderboard.datasets_with_runs(db)
    if not datasets:
        _draw_no_runs()
        if runs.trashed_count(db):
            trash.draw_trash_button(db, view)
        return
    clicked = run_table.take_clicks()
    if clicked in SORTABLE:
        view = sorted_view(view, clicked)
    count = leaderboard.count(db, view.query)
    view = view_on_existing_page(view, -(-count // PAGE_SIZE))
    keep_view(view)
    controls.draw_headline(view, count, datasets)
    controls.draw_controls(view, datasets)
    listed = leaderboard.page(db, view.query)
    ticked = runs.get_many(db, selection.ticked())
    if ticked:
        run_buttons.draw_bar(db, ticked)
    names = distinct_names({run.id: run for run in (*listed, *ticked)}.values())
    if listed:
        _draw_list(db, view, listed, names, count)
    else:
        run_table.place_ticks([])
        controls.draw_no_matches(view)
    _draw_comparison(db, view, listed, ticked, names)


def _untick_missing(db: Database) -> None:
    """Untick runs that are no longer in the list, and say so: a button that was pressed for them did nothing."""
    ticked = selection.ticked()
    listed = {run.id for run in runs.get_many(db, ticked)}
    missing = [run_id for run_id in ticked if run_id not in listed]
    if not missing:
        return
    selection.untick(missing)
    text = ngettext(
        "Run {runs} is no longer selected: it was moved to the trash or deleted in the meantime.",
        "Runs {runs} are no longer selected: they were moved to the trash or deleted in the meantime.",
        len(missing),
    )
    named = _(", ").join(f"#{run_id}" for run_id in missing)
    st.warning(escaped(text.format(runs=named)), icon=":material/info:")


def _draw_list(db: Database, view: View, listed: Sequence[Run], names: Mapping[int, str], count: int) -> None:
    ids = [run.id for run in listed]
    ranks = leaderboard.ranks_of_page(view.query, listed) if view.ranks else leaderboard.ranks(db, view.ranking, ids)
    run_table.draw_table(
        listed,
        names,
        ranks,
        leaderboard.sparklines(db, ids),
        figures=view.figures,
        sort=view.sort,
        descending=view.descending,
    )
    if any(run.members > 1 for run in listed):
        st.caption(spread_text())
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="right", gap="small"):
        if count > PAGE_SIZE:
            st.pagination(-(-count // PAGE_SIZE), key=WIDGETS["page"], width="stretch")
        export.draw_downloads(view, selection.ticked())
        trash.draw_trash_button(db, view)


def _draw_comparison(
    db: Database, view: View, listed: Sequence[Run], ticked: Sequence[Run], names: Mapping[int, str]
) -> None:
    if ticked:
        run_buttons.draw_buttons(db, ticked, names)
    elif listed:
        _invite_to_compare(listed)
    compared = list(ticked or [run for run in listed if run.epoch][:COMPARED_AT_FIRST])[: selected_runs.MAX_CURVES]
    if len(ticked) > len(compared):
        st.caption(_("Only the first {count} of them are compared.").format(count=len(compared)))
    if ticked:
        selected_runs.draw_reasons(compared, names)
    if compared:
        epochs = leaderboard.curves(db, [run.id for run in compared])
        selected_runs.draw_curves(compared, names, epochs)
        if ticked:
            selected_runs.draw_remarks(compared, names, epochs)
        selected_runs.draw_differences(compared, names, view.figures)


def _invite_to_compare(listed: Sequence[Run]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            _("**The first runs of the list.** Tick runs in the table to compare those instead."), width="content"
        )
        first = [run.id for run in listed if run.epoch][:COMPARED_BY_CLICK]
        if len(first) > COMPARED_AT_FIRST:
            label = _("Compare the first {count}").format(count=len(first))
            st.button(
                label, type="tertiary", icon=":material/stacked_line_chart:", on_click=selection.tick, args=(first,)
            )


def _draw_no_runs() -> None:
    """Nothing was trained yet."""
    nothing_trained_yet(
        _("No runs yet"),
        _("Train a first network: it appears here at once, and its accuracy is updated while it trains."),
    )
