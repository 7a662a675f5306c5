"""The bar and the buttons for the ticked runs: star, trash, name and note, and links to the pages that show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from mlpcore import actions
from mlpcore.datasets import REGISTRY
from mlpcore.i18n.messages import isolated
from mlpcore.serving.ensembles import MAX_COMPARED
from mlpcore.spec.choices import MAX_NAME, MAX_NOTE
from mlpcore.store.connection import Database
from mlpcore.store.runs import Run
from mlpcore.ui.leaderboard import selection, trash
from mlpcore.ui.shell.browser import on_phone, visitor
from mlpcore.ui.shell.language import _, escaped, ngettext
from mlpcore.ui.shell.links import page_link
from mlpcore.ui.shell.page_shell import reason_not_to_change, refusals
from mlpcore.ui.shell.run_text import run_name

COMPARISON = "comparison"
"""The anchor of the comparison, to which the bar leads."""

_POPOVER = "leaderboard_edit"
_CLOSE = "leaderboard.close_edit"


def draw_bar(db: Database, runs: Sequence[Run]) -> None:
    """Draw the bar at the foot of the page for the ticked runs, which are at least one: it stays in sight."""
    not_mine = reason_not_to_change(runs)
    with st.bottom, st.container(horizontal=True, vertical_alignment="center", gap="small", key="leaderboard_bar"):
        st.markdown(_counted(len(runs)), width="content")
        label = _("Compare") if len(runs) > 1 else _("Learning curve")
        st.markdown(f"[:material/stacked_line_chart: {label}](#{COMPARISON})", width="content")
        _star_button(db, runs, not_mine)
        if st.button(
            _("Move to the trash"),
            icon=":material/delete:",
            key="leaderboard_trash",
            disabled=not_mine is not None,
            help=not_mine,
        ):
            trash.move_to_trash(db, runs)
        st.button(
            _("Clear selection"),
            type="tertiary",
            icon=":material/close:",
            on_click=selection.tick,
            args=((),),
            key="leaderboard_clear",
        )


def _counted(count: int) -> str:
    if on_phone():
        return ngettext("**{count} selected**", "**{count} selected**", count).format(count=count)
    return ngettext("**{count} run selected**", "**{count} runs selected**", count).format(count=count)


def draw_buttons(db: Database, runs: Sequence[Run], names: Mapping[int, str]) -> None:
    """Draw the head of the comparison of the ticked runs, and the buttons for all else that can be done with them."""
    title = _("Comparison") if len(runs) > 1 else escaped(isolated(names[runs[0].id]))
    st.subheader(title, anchor=COMPARISON)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _edit_popover(db, runs, reason_not_to_change(runs))
        if len(runs) == 1:
            _links(runs[0])
        else:
            _link_to_compare(runs)


def _links(run: Run) -> None:
    parameters = {"run": str(run.id)}
    page_link("dashboard.py", _("Open on the Train page"), ":material/model_training:", parameters)
    if run.status == "finished" and run.problem is None:
        page_link("pages/predict.py", _("Try a digit with it"), ":material/draw:", parameters)
        page_link("pages/inspect.py", _("Look inside"), ":material/network_node:", parameters)


def _link_to_compare(runs: Sequence[Run]) -> None:
    """A link to compare predictions for one drawing, if enough runs, and not too many, were trained on digits."""
    readers = {name for name, info in REGISTRY.items() if info.draws_digits}
    ids = [str(run.id) for run in runs if run.status == "finished" and run.dataset in readers and run.problem is None]
    if 2 <= len(ids) <= MAX_COMPARED:
        page_link(
            "pages/predict.py",
            _("Try a digit with them"),
            ":material/draw:",
            {"run": ids[0], "with": ",".join(ids[1:])},
        )


def _star_button(db: Database, runs: Sequence[Run], not_mine: str | None) -> None:
    starred = all(run.starred for run in runs)
    label = _("Remove star") if starred else _("Star")
    disabled = not_mine is not None
    if st.button(label, icon=":material/star:", key="leaderboard_star", disabled=disabled, help=not_mine):
        with refusals():
            actions.star(db, visitor(), [run.id for run in runs], not starred)
        st.rerun()


def _edit_popover(db: Database, runs: Sequence[Run], not_mine: str | None) -> None:
    if st.session_state.pop(_CLOSE, False):
        st.session_state[_POPOVER] = False
    label = _("Edit name and note") if len(runs) == 1 else _("Note")
    disabled = not_mine is not None
    with st.popover(label, icon=":material/edit:", key=_POPOVER, on_change="rerun", disabled=disabled, help=not_mine):
        if disabled:
            return
        which = "-".join(str(run.id) for run in runs)
        with st.form(f"leaderboard_form_{which}", border=False):
            name = None
            if len(runs) == 1:
                name = st.text_input(
                    _("Name"),
                    runs[0].name,
                    max_chars=MAX_NAME,
                    placeholder=run_name(replace(runs[0], name="")),
                    key=f"leaderboard_name_{which}",
                )
            same = len({run.note for run in runs}) == 1
            note = st.text_area(
                _("Note"), runs[0].note if same else "", max_chars=MAX_NOTE, key=f"leaderboard_note_{which}"
            )
            if len(runs) > 1:
                st.caption(
                    ngettext(
                        "It replaces the note of {count} run.", "It replaces the notes of {count} runs.", len(runs)
                    ).format(count=len(runs))
                )
            if st.form_submit_button(_("Save"), type="primary"):
                _save(db, runs, name, note)


def _save(db: Database, runs: Sequence[Run], name: str | None, note: str) -> None:
    with refusals():
        actions.annotate(db, visitor(), [run.id for run in runs], note)
        if name is not None:
            actions.rename(db, visitor(), runs[0].id, name)
        st.session_state[_CLOSE] = True
        st.toast(_("Saved."), icon=":material/check:")
    st.rerun()
