"""The view of the arithmetic: one prediction calculated layer by layer, its loss, and one step of training on it."""

from __future__ import annotations

import streamlit as st

from mlpcore.ui.inspect import class_choice, example
from mlpcore.ui.inspect.arithmetic import beginning, layer, outcome, training_step
from mlpcore.ui.inspect.arithmetic.sheet import Sheet
from mlpcore.ui.inspect.headline import headline
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences


@st.fragment
def show(subject: Subject) -> None:
    """How the numbers of one example become an answer, and what a step of gradient descent would change."""
    with sentences():
        shown = example.choose(subject)
        if shown is None:
            st.info(_("Draw a digit: its answer is calculated here, number by number."), icon=":material/draw:")
            return
        network = subject.network
        passed = network.run(shown.inputs[None])
        names = [_(name) for name in subject.info.class_names]
        answers = passed.activations[-1][0]
        st.markdown(headline(answers.tolist(), names, shown.truth))
        sheet = Sheet(subject, network, passed, names)
        beginning.show(sheet)
        for index in range(len(network.layers)):
            layer.show(sheet, index)
        outcome.softmax(sheet)
        answer = int(answers.argmax())
        label = shown.truth
        if label is None:
            label = class_choice.choose(
                _("The class that was drawn"),
                names,
                answer,
                _("Nobody has told which digit this is: the loss needs to know. At first it is the network's answer."),
            )
        outcome.loss(sheet, label)
        training_step.show(sheet, label)
