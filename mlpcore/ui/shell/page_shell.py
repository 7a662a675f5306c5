"""What every page has: its title and icon, the menu in the user's language, and the language switch."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import streamlit as st

from mlpcore import actions
from mlpcore.errors import MLPLabError
from mlpcore.i18n.catalogues import LANGUAGES
from mlpcore.i18n.messages import N_
from mlpcore.paths import PROJECT
from mlpcore.store.runs import Run
from mlpcore.ui.shell.browser import keep_visitor, prepare_document, visitor
from mlpcore.ui.shell.language import _, escaped, keep_choice, language, rendered, use_language
from mlpcore.ui.shell.links import page_link
from mlpcore.workers import pool_lifetime

PAGES: dict[str, tuple[str, str]] = {
    "dashboard.py": (N_("Train"), ":material/model_training:"),
    "pages/leaderboard.py": (N_("Leaderboard"), ":material/leaderboard:"),
    "pages/predict.py": (N_("Try a digit"), ":material/draw:"),
    "pages/inspect.py": (N_("Look inside"), ":material/network_node:"),
}
"""The menu: each page's script, its label and its icon."""

_PAGE, _ARRIVED, _REFUSAL = "page_shell.page", "page_shell.arrived", "page_shell.refusal"

ICON = PROJECT / "mlpcore" / "ui" / "components" / "icon.png"
STYLE = Path(__file__).with_name("page.css")


@contextlib.contextmanager
def page(script: str, sidebar_width: int | None = None) -> Iterator[None]:
    """Set the page up, draw the menu, and turn errors that a user can meet into sentences.

    The whole page is drawn in this block; `script` is its key in `PAGES`. A sidebar is `sidebar_width`
    pixels wide at first, and folded away on a phone.
    """
    label = _(PAGES[script][0])
    st.set_page_config(
        page_title=f"{label} · MLP Lab",
        page_icon=str(ICON),
        layout="wide",
        initial_sidebar_state=sidebar_width,
    )
    st.session_state[_ARRIVED] = st.session_state.get(_PAGE) != script
    st.session_state[_PAGE] = script
    keep_choice()
    prepare_document(language())
    pool_lifetime.keep_workers()  # where the app's lifespan has not: a host may run the pages without it
    st.logo(str(ICON), size="large")
    st.html(STYLE)
    keep_visitor()
    _menu()
    with sentences():
        yield


@contextlib.contextmanager
def sentences() -> Iterator[None]:
    """Turn an error that a user can meet into its sentence; fragments, which run on their own, need it too."""
    try:
        yield
    except MLPLabError as error:
        show_error(error)


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Keep the error of a visitor's action until `show_refusal` can show it.

    A callback runs before the page is drawn, and a page that is drawn again at once forgets what was shown on it.
    """
    try:
        yield
    except MLPLabError as error:
        st.session_state[_REFUSAL] = error


def show_refusal() -> None:
    """Say once why the visitor's last action was refused."""
    error = st.session_state.pop(_REFUSAL, None)
    if error is not None:
        show_error(error)


def reason_not_to_change(runs: Iterable[Run]) -> str | None:
    """Why this visitor may not change these runs, as the help of a button that is disabled; None where it may."""
    error = actions.not_owner(visitor(), runs)
    return None if error is None else rendered(error)


def arrived() -> bool:
    """Whether this run of the script opens the page: at the first visit, or coming from another page."""
    return bool(st.session_state[_ARRIVED])


def widget_key(name: str, value: object) -> str:
    """The key of a widget that shows `value`; another key where the page, and not the visitor, has changed the value.

    Until a browser has received a changed value, it reports the one from before with whatever it sends, which would be
    taken for the visitor's choice. `choice_of` tells the two apart.
    """
    counter = f"{name}.changes"
    changes = st.session_state.get(counter, 0)
    if st.session_state.get(f"{name}.{changes}", value) != value:
        changes += 1
        st.session_state[counter] = changes
    key = f"{name}.{changes}"
    st.session_state[key] = value
    return key


def choice_of(key: str) -> Any:
    """What the visitor chose in a widget of `widget_key`; None where the page has replaced the widget."""
    name, _dot, changes = key.rpartition(".")
    return st.session_state.get(key) if st.session_state.get(f"{name}.changes", 0) == int(changes) else None


def show_error(error: MLPLabError) -> None:
    """The error's sentences in the user's language; what a user typed in them is shown as typed."""
    lines = escaped(rendered(error)).split("\n")
    st.error("  \n".join(lines), icon=":material/error:")


def _menu() -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="menu"):
        for script, (label, icon) in PAGES.items():
            if (PROJECT / script).is_file():
                page_link(script, _(label), icon)
        st.space("stretch")
        with st.container(width="content", key="language"):
            st.segmented_control(
                _("Language"),
                list(LANGUAGES),
                default=language(),
                format_func=LANGUAGES.__getitem__,
                key="language_switch",
                on_change=_switch,
                label_visibility="collapsed",
                required=True,
            )


def _switch() -> None:
    use_language(st.session_state["language_switch"])
