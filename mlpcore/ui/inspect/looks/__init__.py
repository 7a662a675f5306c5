"""The view of where a network looks: gradients and occlusion, for one example and one class."""

from __future__ import annotations

import streamlit as st

from mlpcore.ui.inspect import class_choice, example
from mlpcore.ui.inspect.headline import headline
from mlpcore.ui.inspect.looks import features, gradient, hiding
from mlpcore.ui.inspect.looks.seen import Seen
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences


@st.fragment
def show(subject: Subject) -> None:
    """What in the example speaks for a class, by its gradient and by hiding parts of it."""
    with sentences():
        shown = example.choose(subject)
        if shown is None:
            st.info(_("Draw a digit: colours show which of its parts the network goes by."), icon=":material/draw:")
            return
        network = subject.network
        passed = network.run(shown.inputs[None])
        names = [_(name) for name in subject.info.class_names]
        answers = passed.activations[-1][0]
        st.markdown(headline(answers.tolist(), names, shown.truth))
        if network.prepare == "deskew":
            st.caption(
                _(
                    "This network straightens each picture before its first layer. All pictures below show the"
                    " straightened one, which is what it receives, and all colours belong to that."
                )
            )
        label = class_choice.choose(
            _("What speaks for …"),
            names,
            int(answers.argmax()),
            _("Which class the colours are about: at first the one that the network answers."),
        )
        seen = Seen(subject, network, passed, names, label)
        if subject.info.kind == "image":
            gradient.show(seen)
            hiding.show(seen)
        else:
            features.show(seen)
