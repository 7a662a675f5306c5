"""The head of the list: how many runs there are, what ranks them, and why it is not the test score."""

from __future__ import annotations

import streamlit as st

from mlpcore import formatting
from mlpcore.ui.leaderboard import words
from mlpcore.ui.leaderboard.columns import COLUMNS
from mlpcore.ui.leaderboard.view import View
from mlpcore.ui.shell.language import _, ngettext


def headline(view: View, count: int, datasets: list[str]) -> None:
    """Say what is listed in which order; `datasets` are those that runs were trained on."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{_counted(view, count)} {_order(view)}", width="content")
        with st.popover(_("Why not by the test score?"), type="tertiary", icon=":material/help:"):
            st.markdown(_why())
        with st.popover(_("What do the columns mean?"), type="tertiary", icon=":material/table_chart:"):
            st.markdown(_meanings())
    if view.ranks and len(datasets) > 1 and len(view.datasets) != 1:
        st.caption(_("Accuracies on different datasets cannot be compared: choose one dataset for a fair ranking."))


def _counted(view: View, count: int) -> str:
    if view.filtered:
        return ngettext("{count} run passes the filters,", "{count} runs pass the filters,", count).format(
            count=formatting.count(count)
        )
    return ngettext("{count} run,", "{count} runs,", count).format(count=formatting.count(count))


def _order(view: View) -> str:
    if view.ranks and view.figures == "best":
        return _("ranked by the validation accuracy of their best epoch.")
    if view.ranks:
        return _("ranked by the validation accuracy of their last epoch.")
    return _("sorted by: {column}.").format(column=_(COLUMNS[view.sort].label))


def _meanings() -> str:
    explained = [column for column in COLUMNS.values() if column.meaning]
    lines = [f"**{_(column.label)}:** {_(column.meaning)}" for column in explained if column.meaning]
    return "\n".join(f"- {line}" for line in [*lines, words.spread()])


def _why() -> str:
    return "\n\n".join(
        (
            _("**Whoever chooses by the test score uses up the test set.**"),
            _(
                "You train many networks and keep the best one. If the test set decides which one that is, it becomes"
                " a second validation set: among many networks some do well on just these examples by luck, and the"
                " winner's test score counts that luck as skill. It is too good, and nothing is left to tell how well"
                " the network does on examples that no decision was based on."
            ),
            _(
                "So the validation set chooses, and the test score is only read, for the network that was chosen. Runs"
                " without a validation set have nothing to be ranked by: they stand behind the others. Failed and"
                " diverged runs come last."
            ),
        )
    )
