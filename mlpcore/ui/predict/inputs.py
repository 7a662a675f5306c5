"""The ways to show a network something; only the chosen one is on the page, so that no camera starts unasked."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from mlpcore.i18n.messages import N_
from mlpcore.serving.ensembles import Comparison
from mlpcore.ui.predict.collection import my_digits
from mlpcore.ui.predict.drawing import drawing
from mlpcore.ui.predict.examples import examples
from mlpcore.ui.predict.page_layout import TAB_KEY
from mlpcore.ui.predict.pictures import camera, upload
from mlpcore.ui.shell.language import _

INPUTS: dict[str, tuple[str, str, Callable[[Comparison], None]]] = {
    "draw": (N_("Draw"), ":material/draw:", drawing),
    "upload": (N_("Upload"), ":material/upload:", upload),
    "camera": (N_("Camera"), ":material/photo_camera:", camera),
    "test": (N_("Test image"), ":material/image:", examples),
    "mine": (N_("My digits"), ":material/collections_bookmark:", my_digits),
}
"""Each way's label, its icon, and what it puts on the page."""


def show_inputs(comparison: Comparison) -> None:
    """The ways to show something to these networks, and the chosen one with their answers."""
    if comparison.info.kind == "tabular":
        text = _(
            "This network was trained on {label}: it reads measurements, not pictures. Here are its test examples."
        )
        st.info(text.format(label=_(comparison.info.label)), icon=":material/table_rows:")
        examples(comparison)
        return
    st.session_state.setdefault(TAB_KEY, "draw")
    labels = {name: f"{icon} {_(label)}" for name, (label, icon, _show) in INPUTS.items()}
    way = st.segmented_control(
        _("Show the network"),
        list(INPUTS),
        format_func=labels.__getitem__,
        key=TAB_KEY,
        label_visibility="collapsed",
        required=True,
    )
    INPUTS[way or "draw"][2](comparison)
