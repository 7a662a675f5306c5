"""The trash: moving runs there and back, and deleting them permanently."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from mlpcore import actions, formatting
from mlpcore.store import runs as store
from mlpcore.store.connection import Database
from mlpcore.store.runs import Run
from mlpcore.ui.leaderboard import run_table, selection
from mlpcore.ui.leaderboard.columns import accuracy
from mlpcore.ui.leaderboard.view import View, keep_view, show_view
from mlpcore.ui.shell.browser import visitor
from mlpcore.ui.shell.empty_state import empty_state
from mlpcore.ui.shell.language import _, escaped, ngettext
from mlpcore.ui.shell.page_shell import reason_not_to_change, refusals
from mlpcore.ui.shell.run_text import accuracy_text, choice_text, distinct_names, layers_text, status_text

_UNDO = "leaderboard.undo"
_CHOSEN = "leaderboard.trash_chosen"
_RESTORE, _PURGE = "leaderboard_restore", "leaderboard_purge"


def table_key(runs: Sequence[Run]) -> str:
    """The table's key, a new one for other runs, so that a tick never falls on a run that took the place of another."""
    return f"leaderboard_trash_{hash(tuple(run.id for run in runs))}"


def move_to_trash(db: Database, runs: Sequence[Run]) -> None:
    """Move runs to the trash and offer to undo it."""
    with refusals():
        ids = actions.trash(db, visitor(), [run.id for run in runs])
        selection.untick(ids)
        st.session_state[_UNDO] = ids
        st.toast(_moved(len(ids)), icon=":material/delete:")
    st.rerun()


def offer_undo(db: Database) -> None:
    """Where runs were just moved to the trash, say so and offer to take them back."""
    ids: list[int] = st.session_state.get(_UNDO, [])
    if not ids:
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True, gap="small"):
        st.markdown(_moved(len(ids)), width="content")
        if st.button(_("Undo"), icon=":material/undo:", key="leaderboard_undo"):
            _forget_undo()
            with refusals():
                selection.tick([*selection.ticked(), *actions.restore(db, visitor(), ids)])
            st.rerun()
        st.button(
            "",
            icon=":material/close:",
            type="tertiary",
            help=_("Close"),
            on_click=_forget_undo,
            key="leaderboard_moved",
        )


def draw_trash_button(db: Database, view: View) -> None:
    """The button that leads to the trash."""
    count = store.trashed_count(db)
    st.button(
        _("Trash ({count})").format(count=count) if count else _("Trash"),
        icon=":material/delete:",
        on_click=show_view,
        args=(replace(view, trash=True),),
    )


def draw_trash(db: Database, view: View) -> None:
    """The trash itself: a table to choose from, restore, and delete permanently."""
    keep_view(view)
    st.button(
        _("Back to the leaderboard"),
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=show_view,
        args=(replace(view, trash=False),),
    )
    st.subheader(_("Trash"))
    runs = store.trashed(db)
    _report_missing({run.id for run in runs})
    if not runs:
        empty_state(_("The trash is empty."), icon=":material/delete:")
        return
    st.caption(_("Tick runs to restore them or to delete them permanently."))
    state = st.dataframe(
        _cells(runs),
        key=table_key(runs),
        on_select="rerun",
        selection_mode="multi-row",
        hide_index=True,
        column_config=_configuration(),
        placeholder=formatting.UNKNOWN,
        alt=_("The runs in the trash"),
    )
    ticked = [runs[row] for row in run_table.ticked_rows(state, len(runs))]
    chosen = [run.id for run in ticked]
    not_mine = reason_not_to_change(ticked)
    disabled = not chosen or not_mine is not None
    st.session_state[_CHOSEN] = chosen
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        icon = ":material/restore_from_trash:"
        if st.button(_("Restore"), icon=icon, disabled=disabled, help=not_mine, type="primary", key=_RESTORE):
            _forget_undo()
            with refusals():
                restored = actions.restore(db, visitor(), chosen)
                st.toast(_restored(len(restored)), icon=":material/check:")
            st.rerun()
        with st.popover(_("Delete permanently"), icon=":material/delete_forever:", disabled=disabled, help=not_mine):
            if not disabled:
                _confirm(db, chosen)


def _report_missing(in_trash: Collection[int]) -> None:
    """Where a button was pressed for runs that have left the trash in the meantime, say why it did nothing."""
    if not (st.session_state.get(_RESTORE) or st.session_state.get(_PURGE)):
        return
    missing = [run_id for run_id in st.session_state.get(_CHOSEN, ()) if run_id not in in_trash]
    if missing:
        text = ngettext(
            "Run {runs} is no longer in the trash: it was restored or deleted permanently in the meantime.",
            "Runs {runs} are no longer in the trash: they were restored or deleted permanently in the meantime.",
            len(missing),
        )
        named = _(", ").join(f"#{run_id}" for run_id in missing)
        st.warning(escaped(text.format(runs=named)), icon=":material/info:")


def _confirm(db: Database, chosen: list[int]) -> None:
    st.markdown(
        ngettext(
            "Delete {count} run with its curves and its network? This cannot be undone.",
            "Delete {count} runs with their curves and networks? This cannot be undone.",
            len(chosen),
        ).format(count=len(chosen))
    )
    if st.button(_("Yes, delete permanently"), type="primary", key=_PURGE):
        _forget_undo()
        with refusals():
            deleted = actions.purge(db, visitor(), chosen)
            if len(deleted) < len(chosen):
                st.toast(
                    _("A run that is still training can be deleted only after it has stopped: try again in a moment.")
                )
            else:
                st.toast(_deleted(len(deleted)), icon=":material/check:")
        st.rerun()


def _cells(runs: Sequence[Run]) -> pd.DataFrame:
    names = distinct_names(runs)
    table = pd.DataFrame(
        {
            "run": [names[run.id] for run in runs],
            "status": [status_text(run.status) for run in runs],
            "dataset": [choice_text("dataset", run.dataset) for run in runs],
            "layers": [layers_text(run.layers) for run in runs],
            "accuracy": [accuracy_text(run.kept_val_accuracy, run.kept_val_accuracy_sd) for run in runs],
            "trashed_at": [run.trashed_at for run in runs],
        }
    )
    table["trashed_at"] = pd.to_datetime(table["trashed_at"], unit="s", utc=True)
    return table


def _configuration() -> dict[str, Any]:
    return {
        "run": _("Run"),
        "status": _("Status"),
        "dataset": _("Dataset"),
        "layers": _("Hidden layers"),
        "accuracy": accuracy(_("Validation accuracy")),
        "trashed_at": st.column_config.DatetimeColumn(
            _("Moved at"), format="YYYY-MM-DD HH:mm", timezone=st.context.timezone
        ),
    }


def _forget_undo() -> None:
    st.session_state.pop(_UNDO, None)


def _moved(count: int) -> str:
    text = ngettext("{count} run was moved to the trash.", "{count} runs were moved to the trash.", count)
    return text.format(count=count)


def _restored(count: int) -> str:
    return ngettext("{count} run was restored.", "{count} runs were restored.", count).format(count=count)


def _deleted(count: int) -> str:
    text = ngettext("{count} run was deleted permanently.", "{count} runs were deleted permanently.", count)
    return text.format(count=count)
