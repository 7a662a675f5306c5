"""One example of the test set, large, over the page: all bars, and the ways on to the other views."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mlpcore import formatting
from mlpcore.analysis import scaled
from mlpcore.analysis.answers import Indices
from mlpcore.figures.example_cards import large_example
from mlpcore.i18n.messages import N_
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect import address
from mlpcore.ui.inspect.images_cards import cards
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.shell.language import _, escaped
from mlpcore.ui.shell.page_shell import sentences

ONWARDS = {
    "network": (N_("Its way through the network"), ":material/hub:"),
    "looks": (N_("Where the network looks"), ":material/visibility:"),
    "arithmetic": (N_("The answer, calculated"), ":material/calculate:"),
}
"""The views that show the same example, with what the buttons to them say."""


def show(subject: Subject, chosen: Indices, index: int) -> None:
    """Open the example at this place of the test set; one walks from there through the `chosen` ones."""
    dialog = st.dialog(_("An example of the test set"), width="medium", on_dismiss=_close)
    dialog(_content)(subject, chosen, index)


def _close() -> None:
    address.put(open=None)


def _content(subject: Subject, chosen: Indices, opened: int) -> None:
    with sentences():
        index = (address.number("example", 1, len(subject.test.labels)) or opened + 1) - 1
        card = cards(subject, np.array([index]))[0]
        st.markdown(("✓ " if card.truth == card.answer else "✗ ") + escaped(card.description))
        _steps(chosen, index)
        names = [_(name) for name in subject.info.class_names]
        picture("inspect_large", large_example(card, names, _pictures(subject, index)))
        st.caption(_how_to_read(subject))
        with st.container(horizontal=True, gap="small"):
            for view, (label, icon) in ONWARDS.items():
                if st.button(_(label), icon=icon, key=f"inspect_to_{view}", on_click=_go, args=(view, index)):
                    st.rerun()


def _pictures(subject: Subject, index: int) -> list[tuple[np.ndarray, str]]:
    """What the test set holds, and what the network makes of that before its first layer."""
    if subject.info.kind != "image":
        return []
    own = scaled(subject.test, np.array([index]))
    if subject.network.prepare == "none":
        return [(own[0], _size(subject))]
    return [(own[0], _("In the test set")), (subject.network.received(own)[0], _("Straightened, as received"))]


def _size(subject: Subject) -> str:
    size = "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}".join(map(str, reversed(subject.info.input_shape)))
    return _("The network receives {size} pixels").format(size=size)


def _how_to_read(subject: Subject) -> str:
    bars = _("The bars are the probabilities of all classes: ✓ is the right class, ✗ a wrong answer.")
    if subject.info.kind == "image":
        return bars
    features = _(
        "Each measurement is given in its own unit, and on the right in standard deviations from the mean of the"
        " training set, which is what the network receives."
    )
    return f"{features} {bars}"


def _steps(chosen: Indices, index: int) -> None:
    """Buttons to the examples before and behind this one among those that are chosen."""
    before, behind = chosen[chosen != index], np.flatnonzero(chosen == index)
    if not len(behind) or not len(before):
        return
    at = int(behind[0])
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for label, icon, to in (
            (_("Previous"), ":material/chevron_left:", at - 1),
            (_("Next"), ":material/chevron_right:", at + 1),
        ):
            st.button(
                label,
                icon=icon,
                key=f"inspect_large_{to - at}",
                on_click=_turn_to,
                args=(int(chosen[to % len(chosen)]),),
            )
        st.markdown(
            _("{number} of {count}").format(number=formatting.count(at + 1), count=formatting.count(len(chosen))),
            width="content",
        )


def _turn_to(index: int) -> None:
    address.put(example=index + 1)


def _go(view: str, index: int) -> None:
    address.put(view=view, example=index + 1, source=None, open=None)
