"""The controls above the table: what is listed, in which order, and which epoch's figures."""

from __future__ import annotations

import streamlit as st

from mlpcore.datasets import REGISTRY
from mlpcore.spec.choices import STATUSES
from mlpcore.ui.leaderboard import address, words
from mlpcore.ui.leaderboard.address import WIDGETS
from mlpcore.ui.leaderboard.columns import COLUMNS, SORTABLE
from mlpcore.ui.leaderboard.view import MAX_SEARCH, View
from mlpcore.ui.shell.language import _


def controls(view: View, datasets: list[str]) -> None:
    """Draw them; `datasets` are those that runs were trained on."""
    offered = {name: words.dataset(name) for name in REGISTRY if name in datasets or name in view.datasets}
    if len(offered) > 1:
        st.pills(
            _("Dataset"),
            list(offered),
            selection_mode="multi",
            format_func=offered.__getitem__,
            key=WIDGETS["datasets"],
            label_visibility="collapsed",
        )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text_input(
            _("Search"),
            type="search",
            key=WIDGETS["search"],
            max_chars=MAX_SEARCH,
            placeholder=_("Name, note, layers, optimizer…"),
            icon=":material/search:",
            label_visibility="collapsed",
            live=True,
            width=280,
        )
        _filter(view)
        _order(view)
        figures = {"best": _("Best epoch"), "last": _("Last epoch")}
        st.segmented_control(
            _("Figures of"),
            list(figures),
            format_func=figures.__getitem__,
            key=WIDGETS["figures"],
            required=True,
            label_visibility="collapsed",
        )


def _filter(view: View) -> None:
    active = bool(view.statuses) + view.starred
    label = _("Filter ({count})").format(count=active) if active else _("Filter")
    with st.popover(label, icon=":material/filter_list:", key="leaderboard_filter"):
        statuses = {name: words.status(name) for name in STATUSES}
        st.pills(
            _("Status"),
            list(statuses),
            selection_mode="multi",
            format_func=statuses.__getitem__,
            key=WIDGETS["statuses"],
        )
        st.toggle(_("Only starred runs"), key=WIDGETS["starred"])
        st.button(_("Show all runs"), on_click=address.go, args=(view.unfiltered(),), disabled=not view.filtered)


def _order(view: View) -> None:
    arrow = ":material/arrow_downward:" if view.descending else ":material/arrow_upward:"
    with st.popover(_(COLUMNS[view.sort].label), icon=arrow, key="leaderboard_sorting"):
        columns = {name: _(COLUMNS[name].label) for name in SORTABLE}
        st.selectbox(_("Sort all runs by"), list(columns), format_func=columns.__getitem__, key=WIDGETS["sort"])
        directions = {"down": _("Descending"), "up": _("Ascending")}
        st.segmented_control(
            _("Order"),
            list(directions),
            format_func=directions.__getitem__,
            key=WIDGETS["order"],
            required=True,
            label_visibility="collapsed",
        )
        st.caption(_("Or click a column's head in the table; click again to turn the order round."))
