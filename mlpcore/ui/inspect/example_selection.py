"""Which example the views of one example explain, a test example or a drawing, and which of its classes."""

from __future__ import annotations

import hashlib
import random

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mlpcore.analysis.sampling import scaled
from mlpcore.pictures import Strokes, parse_strokes, prepare
from mlpcore.ui.components.canvas import SHARED, canvas
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.example_context import ExampleContext, context_for, headline
from mlpcore.ui.inspect.inspected_network import InspectedNetwork
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences

_NUMBER, _CLASS = "inspect_example", "inspect_{parameter}"
_DRAWING = "inspect.drawing"


def select_example(inspected: InspectedNetwork) -> ExampleContext | None:
    """Draw the choice of an example, which all views share; None while nothing is drawn on the canvas."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="inspect_choice"):
        drawing = inspected.info.draws_digits and _select_source() == "draw"
        index = None if drawing else _select_number(inspected)
    if index is None:
        inputs = _drawn_inputs(inspected)
        return None if inputs is None else context_for(inspected, inputs, None, None)
    test = inspected.test_set
    return context_for(inspected, scaled(test, slice(index, index + 1))[0], int(test.labels[index]), index)


def introduce_example(inspected: InspectedNetwork, invitation: str) -> ExampleContext | None:
    """How a view of one example begins: its choice and the prediction; `invitation` while there is no drawing."""
    context = select_example(inspected)
    if context is None:
        st.info(invitation, icon=":material/draw:")
        return None
    st.markdown(headline(context))
    return context


def select_class(label: str, parameter: str, context: ExampleContext, help_text: str) -> int:
    """A button for each class; the chosen one, which is the predicted class as long as no other is.

    The address holds, counted from 0 on, only a class other than the predicted one.
    """
    names, predicted = context.class_names, context.predicted
    requested = page_address.number(parameter, 0, len(names) - 1)
    key = _CLASS.format(parameter=parameter)
    st.session_state[key] = predicted if requested is None else requested

    def write() -> None:
        picked = st.session_state[key]
        page_address.put(**{parameter: None if picked == predicted else picked})

    chosen = st.segmented_control(
        label,
        range(len(names)),
        format_func=names.__getitem__,
        key=key,
        on_change=write,
        help=help_text or None,
        required=True,
        wrap=True,
    )
    return predicted if chosen is None else int(chosen)


def _select_source() -> str:
    test, draw = _("Test image"), _("Draw")
    labels = {"test": f":material/image: {test}", "draw": f":material/draw: {draw}"}
    label = _("Example")
    return page_address.choice(label, "source", labels, key="inspect_source", forgets=page_address.ABOUT_EXAMPLE)


def _drawn_inputs(inspected: InspectedNetwork) -> NDArray[np.float32] | None:
    strokes = canvas(SHARED).strokes
    if strokes is None:
        return None
    with sentences():
        drawing = parse_strokes(strokes)
        _forget_last_drawing(drawing)
        return prepare(drawing, inspected.info.input_shape).inputs
    return None


def _forget_last_drawing(drawing: Strokes) -> None:
    """Forget what was chosen for another drawing; the address says nothing about the drawing itself."""
    digest = hashlib.sha256(b"|".join(line.tobytes() for line in drawing.lines)).hexdigest()
    if st.session_state.setdefault(_DRAWING, digest) != digest:
        page_address.forget(page_address.ABOUT_EXAMPLE)
    st.session_state[_DRAWING] = digest


def _select_number(inspected: InspectedNetwork) -> int:
    """Buttons and a number, counted from 1, for the test example; its index."""
    count = len(inspected.test_set.labels)
    st.session_state[_NUMBER] = page_address.number("example", 1, count) or 1
    for name, label, icon, step in (
        ("previous", _("Previous"), ":material/chevron_left:", -1),
        ("next", _("Next"), ":material/chevron_right:", 1),
    ):
        st.button(label, icon=icon, key=f"inspect_{name}", on_click=_step, args=(count, step))
    st.button(
        _("Random"),
        icon=":material/shuffle:",
        key="inspect_random",
        on_click=lambda: page_address.go_to_example(random.randrange(count)),
    )
    st.button(
        _("Next mistake"),
        icon=":material/search:",
        key="inspect_next_mistake",
        on_click=_to_next_mistake,
        args=(inspected,),
        help=_("The next one that the network gets wrong."),
    )
    number = st.number_input(
        _("Number of the example in the test set"),
        1,
        count,
        key=_NUMBER,
        on_change=lambda: page_address.go_to_example(st.session_state[_NUMBER] - 1),
        width=150,
        label_visibility="collapsed",
    )
    return int(number) - 1


def _step(count: int, by: int) -> None:
    page_address.go_to_example(((page_address.number("example", 1, count) or 1) - 1 + by) % count)


def _to_next_mistake(inspected: InspectedNetwork) -> None:
    wrong = inspected.predictions.mistakes()
    current = (page_address.number("example", 1, len(inspected.test_set.labels)) or 1) - 1
    if len(wrong) == 0:
        st.toast(_("This network gets every example of the test set right."), icon=":material/check:")
        return
    later = wrong[wrong > current]
    page_address.go_to_example(int(later[0] if len(later) else wrong[0]))
