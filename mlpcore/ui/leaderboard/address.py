"""What the page shows, kept in step with its address: whoever opens the same address sees the same list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from mlpcore.ui.leaderboard.columns import COLUMNS
from mlpcore.ui.leaderboard.view import PARAMETERS, View
from mlpcore.ui.shell.page_shell import arrived

WIDGETS: Mapping[str, str] = {
    name: f"leaderboard_{name}"
    for name in ("datasets", "statuses", "search", "starred", "sort", "order", "figures", "page")
}
"""The key of the widget that holds each query parameter."""

_VIEW = "leaderboard.view"
_WRITTEN = "leaderboard.written"
_GOING = "leaderboard.going"


def current() -> View:
    """The view of this run of the page, with the widgets' state filled in; call it before any of them is drawn.

    On arrival, or when the browser went back, the address decides; an address that asks for nothing leads to what
    this session last looked at. Else the widgets decide.
    """
    asked = _asked()
    before: View | None = st.session_state.get(_VIEW)
    going = st.session_state.pop(_GOING, False)
    if before is None or (arrived() and asked):
        return _filled(View.from_parameters(asked))
    if arrived():
        return _filled(replace(before, trash=False))
    if going or WIDGETS["search"] not in st.session_state:
        return _filled(before)
    if asked != st.session_state.get(_WRITTEN):
        return _filled(View.from_parameters(asked))
    return _from_widgets(before)


def go(view: View) -> None:
    """Show something else from the next run on; a callback for buttons."""
    st.session_state[_VIEW] = view
    st.session_state[_GOING] = True


def sort_by(view: View, sort: str) -> View:
    """The view with another order, the widgets following; call it before they are drawn."""
    return _filled(view.sorted_by(sort))


def turn_to(view: View, pages: int) -> View:
    """The view on a page that there is; call it before the pages' widget is drawn."""
    view = view.on_page(pages)
    if st.session_state.get(WIDGETS["page"]) != view.page:
        st.session_state[WIDGETS["page"]] = view.page
    return view


def keep(view: View) -> None:
    """Remember the view, and write it into the address."""
    wanted = view.to_parameters()
    st.session_state[_VIEW] = view
    st.session_state[_WRITTEN] = wanted
    if wanted != _asked():
        others = {name: st.query_params.get_all(name) for name in st.query_params if name not in PARAMETERS}
        st.query_params.from_dict(others | wanted)


def _asked() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in PARAMETERS if name in st.query_params}


def _filled(view: View) -> View:
    held: dict[str, Any] = {
        "datasets": list(view.datasets),
        "statuses": list(view.statuses),
        "search": view.search,
        "starred": view.starred,
        "sort": view.sort,
        "order": "down" if view.descending else "up",
        "figures": view.figures,
        "page": view.page,
    }
    for name, value in held.items():
        st.session_state[WIDGETS[name]] = value
    return view


def _from_widgets(before: View) -> View:
    held = {name: st.session_state[key] for name, key in WIDGETS.items() if key in st.session_state}
    plain = {
        name: list(value) if isinstance(value, list) else [str(int(value)) if isinstance(value, bool) else str(value)]
        for name, value in held.items()
        if value is not None
    }
    view = replace(View.from_parameters(before.to_parameters() | plain), trash=before.trash)
    if view.sort != before.sort:
        view = replace(view, descending=COLUMNS[view.sort].descending)
    if replace(view, page=before.page) != before:
        view = replace(view, page=1)
    return view if view == before else _filled(view)
