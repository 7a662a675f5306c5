"""The one example that is looked at: of the test set, or a digit that is drawn here."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mlpcore.analysis import scaled
from mlpcore.pictures import parse_strokes, prepare
from mlpcore.ui.components.canvas import SHARED, canvas
from mlpcore.ui.inspect import address
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.inspect.switch import switch
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences

_NUMBER = "inspect_example"


@dataclass(frozen=True)
class Example:
    """What a network is shown: `inputs` (input_shape) in 0..1 or standardised, before the network prepares them.

    `truth` is its true class and `index` its place in the test set, from 0 on; None for what was drawn.
    """

    inputs: NDArray[np.float32]
    truth: int | None = None
    index: int | None = None


def choose(subject: Subject) -> Example | None:
    """Draw the choice of an example, which all views share; None while nothing is drawn on the canvas."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="inspect_choice"):
        drawing = subject.info.draws_digits and _source() == "draw"
        index = None if drawing else _number(subject)
    return _drawn(subject) if index is None else of_test_set(subject, index)


def of_test_set(subject: Subject, index: int) -> Example:
    """The test example at this place."""
    test = subject.test
    return Example(scaled(test, slice(index, index + 1))[0], int(test.labels[index]), index)


def _source() -> str:
    test, draw = _("Test image"), _("Draw")
    labels = {"test": f":material/image: {test}", "draw": f":material/draw: {draw}"}
    return switch(_("What the network is shown"), "source", labels, key="inspect_source")


def _drawn(subject: Subject) -> Example | None:
    strokes = canvas(SHARED).strokes
    if strokes is None:
        return None
    with sentences():
        return Example(prepare(parse_strokes(strokes), subject.info.input_shape).inputs)
    return None


def _number(subject: Subject) -> int:
    """Buttons and a number, counted from 1, for the test example; its index."""
    count = len(subject.test.labels)
    st.session_state[_NUMBER] = address.number("example", 1, count) or 1
    for name, label, icon, move in (
        ("previous", _("Previous"), ":material/chevron_left:", -1),
        ("next", _("Next"), ":material/chevron_right:", 1),
    ):
        st.button(label, icon=icon, key=f"inspect_{name}", on_click=_step, args=(count, move))
    st.button(
        _("Random"),
        icon=":material/shuffle:",
        key="inspect_random",
        on_click=lambda: _go_to(random.randrange(count)),
    )
    st.button(
        _("Next mistake"),
        icon=":material/search:",
        on_click=_to_next_mistake,
        args=(subject,),
        help=_("The next one that the network gets wrong."),
    )
    number = st.number_input(
        _("Number of the example in the test set"),
        1,
        count,
        key=_NUMBER,
        on_change=lambda: address.put(example=st.session_state[_NUMBER]),
        width=150,
        label_visibility="collapsed",
    )
    return int(number) - 1


def _go_to(index: int) -> None:
    address.put(example=index + 1)


def _step(count: int, by: int) -> None:
    _go_to(((address.number("example", 1, count) or 1) - 1 + by) % count)


def _to_next_mistake(subject: Subject) -> None:
    wrong = subject.answers.wrong()
    at = (address.number("example", 1, len(subject.test.labels)) or 1) - 1
    if len(wrong) == 0:
        st.toast(_("This network gets every example of the test set right."), icon=":material/check:")
        return
    behind = wrong[wrong > at]
    _go_to(int(behind[0] if len(behind) else wrong[0]))
