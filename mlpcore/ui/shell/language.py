"""The user's language: the browser's, unless the switch or `?lang=` in the address says otherwise.

Both are a choice for the session: it stays in the address of every page, and links carry it (`links.py`).
"""

from __future__ import annotations

from gettext import NullTranslations

import streamlit as st

from mlpcore.errors import MLPLabError
from mlpcore.i18n.catalogues import LANGUAGES, translations
from mlpcore.i18n.messages import Message

PARAMETER = "lang"
"""The name of the language in an address."""

_STATE = "language"


def language() -> str:
    """The code of the language of this session, `en` or `ja`."""
    spoken = (st.context.locale or "en").split("-")[0].lower()
    return chosen_language() or (spoken if spoken in LANGUAGES else "en")


def chosen_language() -> str | None:
    """The code of the language that the user chose, by the switch or by an address; None where nothing was chosen."""
    for code in (st.session_state.get(_STATE), st.query_params.get(PARAMETER)):
        if code in LANGUAGES:
            return str(code)
    return None


def use_language(code: str) -> None:
    """Choose the language for the rest of the session."""
    st.session_state[_STATE] = code


def keep_choice() -> None:
    """Remember a chosen language for the session, and write it into the address, where it survives a reload."""
    chosen = chosen_language()
    if chosen is None:
        return
    use_language(chosen)
    if st.query_params.get(PARAMETER) != chosen:
        st.query_params[PARAMETER] = chosen


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
