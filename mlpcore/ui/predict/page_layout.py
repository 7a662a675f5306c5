"""What the tabs of the page share: heading, columns, the chosen tab, the switch that compares inputs, field texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from mlpcore.ui.shell.language import _

TAB_KEY = "predict_input"
"""The key of the widget that chooses what the networks are shown."""

_NAIVE = "predict_naive"


def choose_tab(name: str) -> None:
    """Choose another tab from the next run of the script on; a callback for buttons."""
    st.session_state[TAB_KEY] = name


def heading() -> None:
    """The page's title and its style sheet."""
    st.html(Path(__file__).with_name("page.css"))
    with st.container(key="predict_title"):
        st.title(_("Try a digit"), anchor=False)


def input_and_prediction_columns(align: Literal["top", "bottom"] = "top") -> tuple[DeltaGenerator, DeltaGenerator]:
    """What the networks are shown, and beside it (on a phone below it) their predictions."""
    left, right = st.columns([2, 3], gap="large", vertical_alignment=align)
    return left, right


def naive_switch() -> bool:
    """The switch that compares the prepared picture with the whole one only scaled down; whether it is on."""
    remembered = f"{_NAIVE}.on"
    st.session_state[_NAIVE] = bool(st.session_state.get(_NAIVE, st.session_state.get(remembered)))
    on = st.toggle(
        _("Compare: the picture only scaled down"),
        key=_NAIVE,
        help=_(
            "Many demos only scale the whole picture down before the network receives it. Here you see what the network"
            " predicts then."
        ),
    )
    st.session_state[remembered] = on
    return on


def translate_upload_field(allowed: str) -> None:
    """Translate the field for files, which says that these kinds of files are `allowed`."""
    dropzone = '[data-testid="stFileUploaderDropzone"]'
    translate_field(
        {
            f"{dropzone} button [data-testid=stMarkdownContainer]": _("Choose a file"),
            f"{dropzone} [data-testid=stFileUploaderDropzoneInstructions]": allowed,
        }
    )


def translate_field(texts: Mapping[str, str]) -> None:
    """Show each text in place of what stands inside the elements that its CSS selector finds.

    Streamlit's fields for files and for the camera take no texts for their inner buttons and hints, so a style sheet
    hides those and shows ours. Where a later Streamlit names its parts otherwise, its English words come back and
    nothing else happens.
    """
    rules = [
        f"{selector} {{ font-size: 0 !important }} {selector} > :not([role=progressbar]) {{ display: none }}"
        f" {selector}::after {{ content: {json.dumps(text, ensure_ascii=False)}; font-size: 0.875rem }}"
        for selector, text in texts.items()
    ]
    sheet = " ".join(rules).replace("<", "\\3c ")  # the sign as CSS writes it, so that no text ends the style sheet
    st.html(str(Markup("<style>{}</style>").format(Markup(sheet))))
