"""The view Images: examples of the test set with the network's answers, a page at a time, and one of them large."""

from __future__ import annotations

import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.answers import Indices
from mlpcore.figures.example_cards import gallery
from mlpcore.ui.components.pickable import pickable
from mlpcore.ui.inspect import address, images_choice, images_large, images_words
from mlpcore.ui.inspect.images_cards import cards
from mlpcore.ui.inspect.subject import Subject, answered
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences
from mlpcore.ui.shell.phone import on_phone

_PAGE = "inspect_page_number"


@st.fragment
def show(subject: Subject) -> None:
    """The choice of examples, a page of them, and where one is open that one."""
    with sentences():
        answers = answered(subject)
        kind, chosen = images_choice.choose(subject)
        if len(chosen) == 0:
            st.info(images_words.nothing(subject, kind), icon=":material/check_circle:")
        else:
            st.markdown(images_words.sentence(subject, kind, chosen))
            _page(subject, chosen)
        if address.get("open") and (number := address.number("example", 1, len(answers.labels))):
            images_large.show(subject, chosen, number - 1)


def _page(subject: Subject, chosen: Indices) -> None:
    """The page on which the example stands that the address names as the first."""
    size = 8 if on_phone() else 15
    first = (address.number("first", 1, len(chosen)) or 1) - 1
    page, pages = first // size, -(-len(chosen) // size)
    st.caption(images_words.how_to_read(subject))
    if pages > 1 and not on_phone():
        _pager(page, pages, size)
    shown = chosen[page * size : (page + 1) * size]
    names = [_(name) for name in subject.info.class_names]
    marked = address.number("example", 1, len(subject.test.labels))
    pickable("inspect_gallery", gallery(cards(subject, shown), names, marked), lambda text: _open(subject, text))
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
    address.put(first=page * size + 1)


def _open(subject: Subject, text: str) -> None:
    """Open the example that was pressed; `text` comes from a browser."""
    if text.isascii() and text.isdecimal() and 1 <= int(text) <= len(subject.test.labels):
        address.put(example=int(text), open=1)
