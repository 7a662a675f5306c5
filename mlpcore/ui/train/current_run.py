"""What the Train page shows: one of the recent runs, or one network of it, or the form's network."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import streamlit as st

from mlpcore.errors import RunNotFoundError
from mlpcore.i18n.messages import N_
from mlpcore.store import leaderboard, runs
from mlpcore.store.connection import Database
from mlpcore.store.leaderboard import Query
from mlpcore.store.runs import Run
from mlpcore.ui.shell.browser import visitor, whole_number
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import choice_of, show_error, widget_key
from mlpcore.ui.shell.run_text import member_name, run_name

_CURRENT, _LAST, _MEMBER = "current_run", "current_run.last", "current_run.member"
_VIEW, _PICKER = "current_run.view", "current_run.picker"
_RECENT = 30
_MEMBER_PICKER = "member_picker"
_ALL = -1


def current() -> int | None:
    """The id of the run to show, or None for the form's network."""
    chosen = st.session_state.get(_CURRENT)
    return chosen if isinstance(chosen, int) else None


def member() -> int | None:
    """The index of the network that is shown alone; None for all networks of the run together."""
    chosen = st.session_state.get(_MEMBER)
    return chosen if isinstance(chosen, int) else None


def address_values() -> dict[str, str]:
    """The address parameters for what is shown: the run, and the number of its network, from 1 on."""
    values = {} if current() is None else {"run": str(current())}
    index = member()
    return values if index is None else {**values, "member": str(index + 1)}


def select(run_id: int | None) -> None:
    """Show this run from now on, or none."""
    if run_id != current():
        select_member(None)
    st.session_state[_CURRENT] = run_id
    if run_id is not None:
        st.session_state[_LAST] = run_id


def select_member(index: int | None) -> None:
    """Show this network of the run alone, or all of them together."""
    st.session_state[_MEMBER] = index


def select_from_address(db: Database, text: str | None, has_settings: bool, member_text: str | None = None) -> None:
    """Show what an address from outside requests.

    For settings without a run that is their network; for an empty address at the start of a session it is the
    visitor's own newest run under way, or without one the form's network. A network that the run does not have is
    ignored.
    """
    if text is None:
        select(None if has_settings or _CURRENT in st.session_state else _newest_open(db))
        return
    number = _number(text)
    run = runs.find(db, number) if number is not None else None
    if run is not None:
        select(run.id)
        network = _number(member_text or "") or 0
        select_member(network - 1 if run.members > 1 and 1 <= network <= run.members else None)
        return
    select(None)
    if number is not None:
        show_error(RunNotFoundError(N_("There is no run {run}: it may have been deleted permanently."), run=number))
    else:
        show_error(RunNotFoundError(N_("The link names no run: choose one here or train a network.")))


def draw_run_picker(db: Database) -> Run | None:
    """Draw the switch between the form's network and the runs, and the list of recent runs; the run to show.

    Nothing is drawn where there are no runs yet.
    """
    recent = {run.id: run for run in runs.newest(db, _RECENT)}
    chosen = current()
    if chosen is not None and chosen not in recent:
        run = runs.find(db, chosen)
        if run is None:
            select(None)
        else:
            recent[run.id] = run
    if recent:
        _bar(recent)
    return recent.get(current() or 0)


def _bar(recent: Mapping[int, Run]) -> None:
    chosen = current()
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="run_bar"):
        view = widget_key(_VIEW, "network" if chosen is None else "run")
        st.segmented_control(
            _("Show"),
            ["network", "run"],
            format_func={"network": _("Network"), "run": _("Runs")}.__getitem__,
            key=view,
            required=True,
            on_change=_switch,
            args=[view, next(iter(recent))],
            label_visibility="collapsed",
        )
        if chosen is not None:
            picker = widget_key(_PICKER, chosen)
            st.selectbox(
                _("Recent runs"),
                list(recent),
                format_func=lambda run_id: recent_run_label(recent[run_id]),
                key=picker,
                on_change=_choose_run,
                args=[picker],
                label_visibility="collapsed",
                width=360,
            )


def draw_network_picker(run: Run) -> int | None:
    """Draw the choice for a run of several networks; the chosen one's index, None for all together."""
    if run.members == 1:
        return None
    chosen = member()
    if chosen is not None and not 0 <= chosen < run.members:
        select_member(None)
        chosen = None
    picker = widget_key(_MEMBER_PICKER, _ALL if chosen is None else chosen)
    st.selectbox(
        _("Networks"),
        [_ALL, *range(run.members)],
        format_func=lambda index: _all_networks(run) if index == _ALL else member_name(index, run.spec),
        key=picker,
        on_change=_choose_member,
        args=[picker, run.members],
        label_visibility="collapsed",
        help=_("Show the mean of all networks, or a single one of them."),
        width=360,
    )
    return chosen


def recent_run_label(run: Run) -> str:
    """A run in a list: its number with its name."""
    return f"#{run.id} · {run_name(run)}" if run.problem is None or run.name else run.description


def _switch(view: str, newest: int) -> None:
    chosen = choice_of(view)
    if chosen == "network":
        select(None)
    elif chosen == "run":
        select(st.session_state.get(_LAST, newest))


def _number(text: str) -> int | None:
    """A number in an address, also in full-width digits; None for anything else."""
    return whole_number(unicodedata.normalize("NFKC", text))


def _newest_open(db: Database) -> int | None:
    query = Query(statuses=("running", "queued"), order="id", owner=visitor().id, limit=1)
    return next((run.id for run in leaderboard.page(db, query)), None)


def _all_networks(run: Run) -> str:
    return _("All {count} networks together").format(count=run.members)


def _choose_run(picker: str) -> None:
    chosen = choice_of(picker)
    if isinstance(chosen, int):
        select(chosen)


def _choose_member(picker: str, count: int) -> None:
    index = choice_of(picker)
    if isinstance(index, int):
        select_member(index if 0 <= index < count else None)
