"""The view Test examples: examples of the test set with the network's predictions, a page at a time.

One of them can be opened: large, over the page, with all bars and the ways to the other views.
"""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mlpcore import formatting
from mlpcore.analysis.sampling import Indices, scaled
from mlpcore.figures.example_cards import gallery, large_example
from mlpcore.i18n.messages import N_
from mlpcore.ui.components.pickable import pickable, picture
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.example_selection import cards
from mlpcore.ui.inspect.examples.example_filter import select_filter, summary
from mlpcore.ui.inspect.inspected_network import InspectedNetwork, predict_with_spinner
from mlpcore.ui.shell.browser import on_phone
from mlpcore.ui.shell.language import _, escaped, paragraph
from mlpcore.ui.shell.page_shell import sentences

_PAGE = "inspect_page_number"
_PAGE_SIZE, _PAGE_SIZE_ON_PHONES = 15, 8

_LINKS = {
    "network": (N_("Its path through the network"), ":material/hub:"),
    "saliency": (N_("Which parts matter"), ":material/visibility:"),
    "arithmetic": (N_("The prediction, calculated"), ":material/calculate:"),
}
"""The views that explain the same example, with the labels of the buttons that lead there."""


@st.fragment
def examples_view(inspected: InspectedNetwork) -> None:
    """The filter, a page of the examples that it leaves, and where one is open that one."""
    with sentences():
        predictions = predict_with_spinner(inspected)
        selection = select_filter(inspected)
        if len(selection.examples) == 0:
            st.info(summary(inspected, selection), icon=":material/check_circle:")
        else:
            st.markdown(summary(inspected, selection))
            _page(inspected, selection.examples)
        if page_address.get("open") and (number := page_address.number("example", 1, len(predictions.labels))):
            _open_large(inspected, selection.examples, number - 1)


def _page(inspected: InspectedNetwork, examples: Indices) -> None:
    """Draw the page of the list that holds the first example to show, which the address names."""
    size = _PAGE_SIZE_ON_PHONES if on_phone() else _PAGE_SIZE
    first = (page_address.number("first", 1, len(examples)) or 1) - 1
    page, pages = first // size, -(-len(examples) // size)
    st.caption(_how_to_read_cards(inspected))
    if pages > 1 and not on_phone():
        _pager(page, pages, size)
    marked = page_address.number("example", 1, len(inspected.test_set.labels))
    items = cards(inspected, examples[page * size : (page + 1) * size])
    markup = gallery(items, list(inspected.class_names), marked)
    pickable("inspect_gallery", markup, lambda text: _open(inspected, text))
    if pages > 1 and on_phone():
        _pager(page, pages, size)


def _pager(page: int, pages: int, size: int) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="inspect_pager"):
        st.button(
            _("Previous"),
            key="inspect_page_before",
            icon=":material/chevron_left:",
            disabled=page == 0,
            on_click=_turn_to,
            args=(page - 1, size),
        )
        st.button(
            _("Next"),
            key="inspect_page_after",
            icon=":material/chevron_right:",
            disabled=page == pages - 1,
            on_click=_turn_to,
            args=(page + 1, size),
        )
        if on_phone():
            text = _("Page {page} of {pages}").format(page=formatting.count(page + 1), pages=formatting.count(pages))
            st.markdown(text, width="content")
        else:
            _page_number(page, pages, size)


def _page_number(page: int, pages: int, size: int) -> None:
    """A field that goes to any page."""
    st.session_state[_PAGE] = page + 1
    st.number_input(
        _("Page"),
        1,
        pages,
        key=_PAGE,
        on_change=lambda: _turn_to(st.session_state[_PAGE] - 1, size),
        width=90,
        label_visibility="collapsed",
    )
    st.markdown(_("of {pages} pages").format(pages=formatting.count(pages)), width="content")


def _turn_to(page: int, size: int) -> None:
    page_address.put(first=page * size + 1)


def _open(inspected: InspectedNetwork, text: str) -> None:
    """Open the example that was picked; `text` comes from a browser."""
    if text.isascii() and text.isdecimal() and 1 <= int(text) <= len(inspected.test_set.labels):
        page_address.go_to_example(int(text) - 1, open=1)


def _how_to_read_cards(inspected: InspectedNetwork) -> str:
    """What the cards show."""
    if not inspected.has_images:
        return _(
            "Each box is an example that the network was not trained on. Its measurements are bars: blue to the"
            " right or up for values above the mean of the training set, amber to the other side for values below"
            " it; a full bar is three standard deviations. Below them are the probabilities of all classes and the"
            " predicted class: ✓ blue is right, ✗ red is wrong, with the true class in parentheses. Click or tap an"
            " example to enlarge it and see the values in their own units."
        )
    text = _(
        "The network was not trained on these images. Below each image is the predicted class: ✓ blue is right, ✗ red"
        " is wrong, with the true class in parentheses. The bars are the probabilities of all classes: the true class"
        " is blue, a wrong prediction red. Click or tap an example to enlarge it."
    )
    received = _("The images are shown as the network receives them: black for 0 and white for 1.")
    if inspected.network.prepare == "deskew":
        received = _("The images are shown as the network receives them: straightened, black for 0 and white for 1.")
    return paragraph(text, received)


def _open_large(inspected: InspectedNetwork, examples: Indices, index: int) -> None:
    """Open the example with this index of the test set; buttons lead through the listed `examples`."""
    dialog = st.dialog(_("An example of the test set"), width="medium", on_dismiss=_close_large)
    dialog(_large_content)(inspected, examples, index)


def _close_large() -> None:
    page_address.put(open=None)


def _large_content(inspected: InspectedNetwork, examples: Indices, opened: int) -> None:
    with sentences():
        index = (page_address.number("example", 1, len(inspected.test_set.labels)) or opened + 1) - 1
        card = cards(inspected, np.array([index]))[0]
        st.markdown(("✓ " if card.label == card.predicted else "✗ ") + escaped(card.description))
        _neighbour_buttons(examples, index)
        picture("inspect_large", large_example(card, list(inspected.class_names), _input_images(inspected, index)))
        st.caption(_how_to_read_large(inspected))
        with st.container(horizontal=True, gap="small"):
            for view, (label, icon) in _LINKS.items():
                if st.button(_(label), icon=icon, key=f"inspect_to_{view}", on_click=_open_view, args=(view, index)):
                    st.rerun()


def _input_images(inspected: InspectedNetwork, index: int) -> list[tuple[NDArray[np.float32], str]]:
    """What the test set holds, and what the network makes of that before its first layer."""
    if not inspected.has_images:
        return []
    own = scaled(inspected.test_set, np.array([index]))
    if inspected.network.prepare == "none":
        return [(own[0], _input_size(inspected))]
    return [(own[0], _("In the test set")), (inspected.network.prepared_inputs(own)[0], _("Straightened, as received"))]


def _input_size(inspected: InspectedNetwork) -> str:
    size = "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}".join(map(str, reversed(inspected.info.input_shape)))
    return _("The network receives {size} pixels").format(size=size)


def _how_to_read_large(inspected: InspectedNetwork) -> str:
    bars = _("The bars are the probabilities of all classes: ✓ is the true class, ✗ a wrong prediction.")
    if inspected.has_images:
        return bars
    features = _(
        "Each measurement is given in its own unit, and on the right in standard deviations from the mean of the"
        " training set, which is what the network receives."
    )
    return paragraph(features, bars)


def _neighbour_buttons(examples: Indices, index: int) -> None:
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


def _open_view(view: str, index: int) -> None:
    page_address.go_to_example(index, view=view, source=None, open=None)
