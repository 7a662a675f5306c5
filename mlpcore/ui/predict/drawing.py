"""The canvas, and the network's answer to what is drawn on it.

They stand in one fragment with nothing else, so that the end of a stroke costs one short run of the script.
"""

from __future__ import annotations

import streamlit as st

from mlpcore.digits import parse_strokes, prepare
from mlpcore.ui.canvas import canvas
from mlpcore.ui.frame import sentences
from mlpcore.ui.language import _
from mlpcore.ui.predict.answer import Shown, show_answer
from mlpcore.ui.predict.layout import go_to, sides
from mlpcore.ui.predict.networks import Choice, network


def drawing(choice: Choice) -> None:
    """The canvas, or for a network that knows no digits what to do instead."""
    if choice.info.draws_digits:
        _drawing(choice)
    else:
        text = _("This network was trained on {label}, not on digits. Show it something else:")
        st.info(text.format(label=_(choice.info.label)), icon=":material/info:")
        with st.container(horizontal=True):
            st.button(_("An image of its test set"), icon=":material/image:", on_click=go_to, args=("test",))
            st.button(_("A picture of your own"), icon=":material/upload:", on_click=go_to, args=("upload",))


@st.fragment
def _drawing(choice: Choice) -> None:
    left, right = sides()
    with left:
        drawn = canvas("predict_canvas")
    with right, sentences():
        net, shown = network(choice), None
        if drawn.strokes is not None:
            with sentences():
                shown = Shown(prepare(parse_strokes(drawn.strokes), choice.info.input_shape).inputs)
        waiting = _("Draw a digit from 0 to 9: the bars move when you lift the pen.")
        show_answer("predict_answer", choice.info, net, shown, waiting)
