"""The user's language: the browser's, unless the switch or `?lang=` in the address says otherwise."""

from __future__ import annotations

from gettext import NullTranslations

import streamlit as st

from mlpcore.errors import MLPLabError
from mlpcore.i18n.catalogues import LANGUAGES, translations
from mlpcore.i18n.messages import Message

_STATE = "language"
_PARAMETER = "lang"


def language() -> str:
    """The code of the language of this session, `en` or `ja`."""
    chosen = st.session_state.get(_STATE) or st.query_params.get(_PARAMETER)
    if chosen not in LANGUAGES:
        chosen = (st.context.locale or "en").split("-")[0].lower()
    return chosen if chosen in LANGUAGES else "en"


def use_language(code: str) -> None:
    """Choose the language for the rest of the session."""
    st.session_state[_STATE] = code


def keep_in_address() -> None:
    """Write a language that was chosen by hand into the address: it then survives a reload, and a link carries it."""
    chosen = st.session_state.get(_STATE)
    if chosen is not None and st.query_params.get(_PARAMETER) != chosen:
        st.query_params[_PARAMETER] = chosen


def texts() -> NullTranslations:
    """The translations into the user's language, for functions that take them."""
    return translations(language())


def _(text: str) -> str:
    """`text` in the user's language."""
    return texts().gettext(text)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form for `count` in the user's language."""
    return texts().ngettext(singular, plural, count)


def paragraph(*sentences: str) -> str:
    """The sentences that are not empty, one after the other: with spaces between them in languages that have them."""
    separator = _("{text} {sentence}").format(text="", sentence="")
    return separator.join(filter(None, sentences))


def rendered(message: Message | MLPLabError) -> str:
    """A sentence of the core in the user's language."""
    return message.render(texts().gettext)


def escaped(text: str) -> str:
    """User-given text as Markdown: every character with a meaning there is escaped."""
    return "".join(f"\\{character}" if character in _MARKDOWN else character for character in text)


_MARKDOWN = frozenset("\\`*_{}[]()<>#+-.!|~$:&")
