"""Links between the pages; each carries a language that was chosen, so that it is also right in another window."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mlpcore.ui.shell.language import PARAMETER, chosen_language


def page_link(script: str, label: str, icon: str, parameters: Mapping[str, str] | None = None) -> None:
    """A link to the page of this script, with these parameters in its address."""
    st.page_link(script, label=label, icon=icon, query_params=with_language(parameters or {}) or None)


def with_language(parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters of an address, and the language if one was chosen."""
    chosen = chosen_language()
    return dict(parameters) if chosen is None else {**parameters, PARAMETER: chosen}
