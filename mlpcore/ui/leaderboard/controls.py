"""Above the table: how many runs there are, what ranks them, and the choice of filters and order."""

from __future__ import annotations

import streamlit as st

from mlpcore import formatting
from mlpcore.datasets import REGISTRY
from mlpcore.spec.choices import STATUSES
from mlpcore.ui.leaderboard.columns import COLUMNS, SORTABLE
from mlpcore.ui.leaderboard.view import MAX_SEARCH, WIDGETS, View, show_view
from mlpcore.ui.shell.empty_state import empty_state
from mlpcore.ui.shell.language import _, ngettext, paragraph
from mlpcore.ui.shell.run_text import choice_text, spread_text, status_text


def draw_headline(view: View, count: int, datasets: list[str]) -> None:
    """Say what is listed in which order; `datasets` are those that runs were trained on."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="leaderboard_headline"):
        st.markdown(paragraph(_counted(view, count), _order_text(view)), width="content")
        with st.popover(_("Why not by test accuracy?"), type="tertiary", icon=":material/help:"):
            st.markdown(_why_not_test())
        with st.popover(_("What do the columns mean?"), type="tertiary", icon=":material/table_chart:"):
            st.markdown(_column_meanings())
    if view.ranks and len(datasets) > 1 and len(view.datasets) != 1:
        st.caption(_("Accuracies on different datasets cannot be compared: choose one dataset for a fair ranking."))


def draw_controls(view: View, datasets: list[str]) -> None:
    """Draw the filters and the order; `datasets` are those that runs were trained on."""
    offered = {name: choice_text("dataset", name) for name in REGISTRY if name in datasets or name in view.datasets}
    if len(offered) > 1:
        st.pills(
            _("Dataset"),
            list(offered),
            selection_mode="multi",
            format_func=offered.__getitem__,
            key=WIDGETS["datasets"],
            label_visibility="collapsed",
        )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="leaderboard_controls"):
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
        _filter_popover(view)
        _order_popover(view)
        figures = {"kept": _("Kept network"), "best": _("Best epoch"), "last": _("Last epoch")}
        st.segmented_control(
            _("Results of"),
            list(figures),
            format_func=figures.__getitem__,
            key=WIDGETS["figures"],
            required=True,
            label_visibility="collapsed",
        )


def draw_no_matches(view: View) -> None:
    """Say that no run matches the filters."""
    with empty_state(_("No run matches these filters."), icon=":material/search_off:"):
        st.button(_("Show all runs"), on_click=show_view, args=(view.unfiltered(),), key="leaderboard_unfilter")


def _counted(view: View, count: int) -> str:
    if view.filtered:
        return ngettext("{count} matching run,", "{count} matching runs,", count).format(count=formatting.count(count))
    return ngettext("{count} run,", "{count} runs,", count).format(count=formatting.count(count))


def _order_text(view: View) -> str:
    if view.ranks:
        return {
            "kept": _("ranked by the validation accuracy of the network that each kept."),
            "best": _("ranked by the validation accuracy of their best epoch."),
            "last": _("ranked by the validation accuracy of their last epoch."),
        }[view.figures]
    return _("sorted by: {column}.").format(column=_(COLUMNS[view.sort].label))


def _column_meanings() -> str:
    explained = [column for column in COLUMNS.values() if column.meaning]
    lines = [f"**{_(column.label)}:** {_(column.meaning)}" for column in explained if column.meaning]
    return "\n".join(f"- {line}" for line in [*lines, spread_text()])


def _why_not_test() -> str:
    return "\n\n".join(
        (
            _("**If you choose by test accuracy, you use up the test set.**"),
            _(
                "You train many networks and keep the best one. If the test set decides which one that is, it becomes"
                " a second validation set: among many networks, some do well on exactly these examples by luck, and"
                " the winner's test accuracy counts that luck as skill. It is too high, and no examples are left to"
                " measure how well the network does on new data."
            ),
            _(
                "That is why validation accuracy ranks the runs, and test accuracy is only reported. Runs without a"
                " validation set cannot be ranked: they are listed after the others. Failed and diverged runs come"
                " last."
            ),
        )
    )


def _filter_popover(view: View) -> None:
    active = bool(view.statuses) + view.starred + view.mine
    label = _("Filter ({count})").format(count=active) if active else _("Filter")
    with st.popover(label, icon=":material/filter_list:", key="leaderboard_filter"):
        statuses = {name: status_text(name) for name in STATUSES}
        st.pills(
            _("Status"),
            list(statuses),
            selection_mode="multi",
            format_func=statuses.__getitem__,
            key=WIDGETS["statuses"],
        )
        st.toggle(_("Only starred runs"), key=WIDGETS["starred"])
        st.toggle(_("Only my runs"), key=WIDGETS["mine"], help=_("The runs that were started in this browser."))
        st.button(_("Show all runs"), on_click=show_view, args=(view.unfiltered(),), disabled=not view.filtered)


def _order_popover(view: View) -> None:
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
        st.caption(_("You can also click a column header in the table; click again to reverse the order."))
