"""The views of a network; only the chosen one is on the page and computed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from mlpcore.i18n.messages import N_
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.arithmetic import arithmetic_view
from mlpcore.ui.inspect.examples import examples_view
from mlpcore.ui.inspect.inspected_network import InspectedNetwork
from mlpcore.ui.inspect.mistakes import mistakes_view
from mlpcore.ui.inspect.network import network_view
from mlpcore.ui.inspect.neurons import neurons_view
from mlpcore.ui.inspect.saliency import saliency_view
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences

VIEWS: dict[str, tuple[str, str, Callable[[InspectedNetwork], None]]] = {
    "examples": (N_("Test examples"), ":material/grid_view:", examples_view),
    "mistakes": (N_("Mistakes"), ":material/grid_on:", mistakes_view),
    "network": (N_("Network"), ":material/hub:", network_view),
    "neurons": (N_("Neurons"), ":material/stacked_line_chart:", neurons_view),
    "saliency": (N_("Saliency"), ":material/visibility:", saliency_view),
    "arithmetic": (N_("Arithmetic"), ":material/calculate:", arithmetic_view),
}
"""Each view's name in the address: its label, its icon, and what it puts on the page."""

_KEY = "inspect_view"


def page_title(title: str) -> None:
    """The page's title, which a phone leaves to the menu, and its style sheet."""
    st.html(Path(__file__).with_name("page.css"))
    with st.container(key="inspect_title"):
        st.title(title, anchor=False)


def chosen_view(inspected: InspectedNetwork) -> None:
    """The choice of a view, and the chosen one."""
    requested = page_address.get("view")
    st.session_state[_KEY] = requested if requested in VIEWS else next(iter(VIEWS))
    labels = {name: f"{icon} {_(label)}" for name, (label, icon, _view) in VIEWS.items()}
    name = st.segmented_control(
        _("View"),
        list(VIEWS),
        format_func=labels.__getitem__,
        key=_KEY,
        on_change=lambda: page_address.put(view=st.session_state[_KEY]),
        label_visibility="collapsed",
        required=True,
    )
    with sentences():
        _label, _icon, view = VIEWS[name or next(iter(VIEWS))]
        view(inspected)
