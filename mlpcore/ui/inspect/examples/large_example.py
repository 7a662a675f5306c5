"""One test example, large, over the page: all bars, and the ways on to the other views."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mlpcore import formatting
from mlpcore.analysis.sampling import Indices, scaled
from mlpcore.figures.example_cards import large_example
from mlpcore.i18n.messages import N_
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.example_thumbnails import cards
from mlpcore.ui.inspect.inspected_network import InspectedNetwork
from mlpcore.ui.shell.language import _, escaped, paragraph
from mlpcore.ui.shell.page_shell import sentences

LINKS = {
    "network": (N_("Its path through the network"), ":material/hub:"),
    "saliency": (N_("Which parts matter"), ":material/visibility:"),
    "arithmetic": (N_("The prediction, calculated"), ":material/calculate:"),
}
"""The views that explain the same example, with the labels of the buttons that lead there."""


def open_large(inspected: InspectedNetwork, examples: Indices, index: int) -> None:
    """Open the example with this index of the test set; buttons lead through the listed `examples`."""
    dialog = st.dialog(_("An example of the test set"), width="medium", on_dismiss=_close)
    dialog(_content)(inspected, examples, index)


def _close() -> None:
    page_address.put(open=None)


def _content(inspected: InspectedNetwork, examples: Indices, opened: int) -> None:
    with sentences():
        index = (page_address.number("example", 1, len(inspected.test_set.labels)) or opened + 1) - 1
        card = cards(inspected, np.array([index]))[0]
        st.markdown(("✓ " if card.label == card.predicted else "✗ ") + escaped(card.description))
        _steps(examples, index)
        picture("inspect_large", large_example(card, list(inspected.class_names), _images(inspected, index)))
        st.caption(_how_to_read(inspected))
        with st.container(horizontal=True, gap="small"):
            for view, (label, icon) in LINKS.items():
                if st.button(_(label), icon=icon, key=f"inspect_to_{view}", on_click=_go, args=(view, index)):
                    st.rerun()


def _images(inspected: InspectedNetwork, index: int) -> list[tuple[NDArray[np.float32], str]]:
    """What the test set holds, and what the network makes of that before its first layer."""
    if not inspected.has_images:
        return []
    own = scaled(inspected.test_set, np.array([index]))
    if inspected.network.prepare == "none":
        return [(own[0], _size(inspected))]
    return [(own[0], _("In the test set")), (inspected.network.received(own)[0], _("Straightened, as received"))]


def _size(inspected: InspectedNetwork) -> str:
    size = "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}".join(map(str, reversed(inspected.info.input_shape)))
    return _("The network receives {size} pixels").format(size=size)


def _how_to_read(inspected: InspectedNetwork) -> str:
    bars = _("The bars are the probabilities of all classes: ✓ is the true class, ✗ a wrong prediction.")
    if inspected.has_images:
        return bars
    features = _(
        "Each measurement is given in its own unit, and on the right in standard deviations from the mean of the"
        " training set, which is what the network receives."
    )
    return paragraph(features, bars)


def _steps(examples: Indices, index: int) -> None:
    """Buttons to the previous and the next one of the listed examples."""
    positions = np.flatnonzero(examples == index)
    if len(positions) == 0 or len(examples) == 1:
        return
    position = int(positions[0])
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for label, icon, step in (
            (_("Previous"), ":material/chevron_left:", -1),
            (_("Next"), ":material/chevron_right:", 1),
        ):
            target = int(examples[(position + step) % len(examples)])
            key = f"inspect_large_{step}"
            st.button(label, icon=icon, key=key, on_click=page_address.go_to_example, args=(target,))
        text = _("{number} of {count}").format(
            number=formatting.count(position + 1), count=formatting.count(len(examples))
        )
        st.markdown(text, width="content")


def _go(view: str, index: int) -> None:
    page_address.go_to_example(index, view=view, source=None, open=None)
