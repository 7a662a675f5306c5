"""The canvas, and the networks' answers to what is drawn on it.

They stand in one fragment with nothing else, so that the end of a stroke costs one short run of the script.
"""

from __future__ import annotations

import streamlit as st

from mlpcore.pictures import parse_strokes
from mlpcore.ui.components.canvas import SHARED, canvas
from mlpcore.ui.predict.answers import naive_switch, show_answers
from mlpcore.ui.predict.keep import keep_bar
from mlpcore.ui.predict.layout import go_to, sides
from mlpcore.ui.predict.shown import of_digit
from mlpcore.ui.predict.teams import Panel, Team
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences


def drawing(panel: Panel) -> None:
    """The canvas, or for networks that know no digits what to do instead."""
    if panel.info.draws_digits:
        _drawing(panel)
    else:
        text = _("This network was trained on {label}, not on digits. Show it something else:")
        st.info(text.format(label=_(panel.info.label)), icon=":material/info:")
        with st.container(horizontal=True):
            st.button(_("An image of its test set"), icon=":material/image:", on_click=go_to, args=("test",))
            st.button(_("A picture of your own"), icon=":material/upload:", on_click=go_to, args=("upload",))


@st.fragment
def _drawing(panel: Panel) -> None:
    left, right = sides()
    with left:
        drawn = canvas(SHARED)
        keep_bar(SHARED)
    with right, sentences():
        naive, shown = naive_switch(), None
        if drawn.strokes is not None:
            with sentences():
                shown = of_digit(parse_strokes(drawn.strokes), drawn.pen)
        waiting = _("Draw a digit from 0 to 9: the bars move when you lift the pen.")
        show_answers(panel, shown, waiting, naive=naive)
        if shown is not None:
            _why(panel.first)


def _why(team: Team) -> None:
    """The way to what happens inside the first network with this drawing."""
    network = team.members[0].index + 1 if team.run.members > 1 else None
    st.page_link(
        "pages/inspect.py",
        label=_("Why? Look inside the network with this drawing"),
        icon=":material/network_node:",
        query_params={
            "run": str(team.run.id),
            **({} if network is None else {"member": str(network)}),
            "view": "network",
            "source": "draw",
        },
    )
