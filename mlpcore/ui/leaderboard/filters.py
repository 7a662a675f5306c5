"""The controls above the table: what is listed, in which order, and which epoch's figures."""

from __future__ import annotations

import streamlit as st

from mlpcore.choices import STATUSES
from mlpcore.datasets import REGISTRY
from mlpcore.ui.language import _
from mlpcore.ui.leaderboard import address, words
from mlpcore.ui.leaderboard.address import WIDGETS
from mlpcore.ui.leaderboard.columns import COLUMNS, SORTABLE
from mlpcore.ui.leaderboard.view import FIGURES, MAX_SEARCH, View


def controls(view: View, datasets: list[str]) -> None:
    """Draw them; `datasets` are those that runs were trained on."""
    offered = [name for name in REGISTRY if name in datasets or name in view.datasets]
    if len(offered) > 1:
        st.pills(
            _("Dataset"),
            offered,
            selection_mode="multi",
            format_func=words.dataset,
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
        st.segmented_control(
            _("Figures of"),
            FIGURES,
            format_func=lambda name: _("Best epoch") if name == "best" else _("Last epoch"),
            key=WIDGETS["figures"],
            required=True,
            label_visibility="collapsed",
        )


def _filter(view: View) -> None:
    active = bool(view.statuses) + view.starred
    label = _("Filter ({count})").format(count=active) if active else _("Filter")
    with st.popover(label, icon=":material/filter_list:", key="leaderboard_filter"):
        st.pills(_("Status"), list(STATUSES), selection_mode="multi", format_func=words.status, key=WIDGETS["statuses"])
        st.toggle(_("Only starred runs"), key=WIDGETS["starred"])
        st.button(_("Show all runs"), on_click=address.go, args=(view.unfiltered(),), disabled=not view.filtered)


def _order(view: View) -> None:
    arrow = ":material/arrow_downward:" if view.descending else ":material/arrow_upward:"
    with st.popover(_(COLUMNS[view.sort].label), icon=arrow, key="leaderboard_sorting"):
        st.selectbox(
            _("Sort all runs by"), SORTABLE, format_func=lambda name: _(COLUMNS[name].label), key=WIDGETS["sort"]
        )
        st.segmented_control(
            _("Order"),
            ("down", "up"),
            format_func=lambda name: _("Descending") if name == "down" else _("Ascending"),
            key=WIDGETS["order"],
            required=True,
            label_visibility="collapsed",
        )
        st.caption(_("Or click a column's head in the table; click again to turn the order round."))
