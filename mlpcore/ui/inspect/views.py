"""The ways to look into a network; only the chosen one is on the page and computed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from mlpcore.i18n.messages import N_
from mlpcore.ui.inspect import address, arithmetic, confusion, images, looks, network, units
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences

VIEWS: dict[str, tuple[str, str, Callable[[Subject], None]]] = {
    "images": (N_("Test examples"), ":material/grid_view:", images.show),
    "confusion": (N_("Mistakes"), ":material/grid_on:", confusion.show),
    "network": (N_("Network"), ":material/hub:", network.show),
    "units": (N_("Neurons"), ":material/stacked_line_chart:", units.show),
    "looks": (N_("Where it looks"), ":material/visibility:", looks.show),
    "arithmetic": (N_("Arithmetic"), ":material/calculate:", arithmetic.show),
}
"""Each view's name in the address: its label, its icon, and what it puts on the page."""

_KEY = "inspect_view"


def show(subject: Subject) -> None:
    """The choice of a view, and the chosen one."""
    asked = address.get("view")
    st.session_state[_KEY] = asked if asked in VIEWS else next(iter(VIEWS))
    labels = {name: f"{icon} {_(label)}" for name, (label, icon, _show) in VIEWS.items()}
    view = st.segmented_control(
        _("What to look at"),
        list(VIEWS),
        format_func=labels.__getitem__,
        key=_KEY,
        on_change=lambda: address.put(view=st.session_state[_KEY]),
        label_visibility="collapsed",
        required=True,
    )
    with sentences():
        VIEWS[view or next(iter(VIEWS))][2](subject)
