"""The canvas, and the networks' answers to what is drawn on it.

They stand in one fragment with nothing else, so that the end of a stroke costs one short run of the script.
"""

from __future__ import annotations

import streamlit as st

from mlpcore.pictures import parse_strokes
from mlpcore.serving.ensembles import Comparison, Ensemble
from mlpcore.ui.components.canvas import SHARED, canvas
from mlpcore.ui.predict.keep import keep_bar
from mlpcore.ui.predict.model_input import from_digit
from mlpcore.ui.predict.page_layout import choose_tab, input_and_prediction_columns, naive_switch
from mlpcore.ui.predict.prediction_view import draw_predictions
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences


def drawing(comparison: Comparison) -> None:
    """The canvas, or for networks that know no digits what to do instead."""
    if comparison.info.draws_digits:
        _drawing(comparison)
    else:
        text = _("This network was trained on {label}, not on digits. Show it something else:")
        st.info(text.format(label=_(comparison.info.label)), icon=":material/info:")
        with st.container(horizontal=True):
            st.button(_("An image of its test set"), icon=":material/image:", on_click=choose_tab, args=("test",))
            st.button(_("A picture of your own"), icon=":material/upload:", on_click=choose_tab, args=("upload",))


@st.fragment
def _drawing(comparison: Comparison) -> None:
    left, right = input_and_prediction_columns()
    with left:
        drawn = canvas(SHARED)
        keep_bar(SHARED)
    with right, sentences():
        naive, shown = naive_switch(), None
        if drawn.strokes is not None:
            with sentences():
                shown = from_digit(parse_strokes(drawn.strokes), drawn.pen)
        waiting = _("Draw a digit from 0 to 9: the bars move when you lift the pen.")
        draw_predictions(comparison, shown, waiting, naive=naive)
        if shown is not None:
            _why(comparison.first)


def _why(team: Ensemble) -> None:
    """The way to what happens inside the first network with this drawing."""
    network = team.networks[0].member + 1 if team.run.members > 1 else None
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
