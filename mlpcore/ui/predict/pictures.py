"""A picture from a file or from the camera, and the networks' answers to it."""

from __future__ import annotations

import streamlit as st

from mlpcore.errors import PictureError
from mlpcore.i18n.messages import N_, Message
from mlpcore.pictures import Ink, read_picture
from mlpcore.pictures.decode import FORMATS
from mlpcore.ui.predict.answers import naive_switch, show_answers
from mlpcore.ui.predict.layout import sides
from mlpcore.ui.predict.relabel import relabel
from mlpcore.ui.predict.shown import of_digit, of_garment
from mlpcore.ui.predict.teams import Panel
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences, show_error

ENDINGS = [*(name.lower() for name in FORMATS), "jpg"]

_DIGIT = N_("Dark on light or light on dark.")
_PEN = N_("Write one digit large, with a thick dark pen on white paper.")
_GARMENT = N_("One garment that fills the picture, on an empty, light ground.")

_UPLOAD = '[data-testid="stFileUploaderDropzone"]'
_CAMERA = '[data-testid="stCameraInput"]'


@st.fragment
def upload(panel: Panel) -> None:
    """A field for a picture file beside the networks' answers to it."""
    left, right = sides()
    with left:
        file = st.file_uploader(_subject(panel), type=ENDINGS, key="predict_upload")
        relabel(
            {
                f"{_UPLOAD} button [data-testid=stMarkdownContainer]": _("Choose a file"),
                f"{_UPLOAD} [data-testid=stFileUploaderDropzoneInstructions]": ", ".join(FORMATS),
            }
        )
        hint = _DIGIT if panel.info.draws_digits else _GARMENT
        st.caption(" ".join((_(hint), _("On a phone you can take a photograph here, too."))))
    with right:
        _answer(
            panel,
            file.getvalue() if file is not None else None,
            _("Choose a picture: the bars show what the network sees."),
        )


@st.fragment
def camera(panel: Panel) -> None:
    """The camera beside the networks' answers to the photograph. Mounting it asks for permission to use the camera."""
    left, right = sides()
    with left:
        file = st.camera_input(_subject(panel), key="predict_camera")
        relabel(
            {
                f"{_CAMERA} [data-testid=stCameraInputButton]": _("Take a photograph"),
                f"{_CAMERA}:has(img) [data-testid=stCameraInputButton]": _("Take another one"),
                f"{_CAMERA} p:has(a)": _("Allow this page to use the camera: your browser asks for it."),
            }
        )
        hint = _PEN if panel.info.draws_digits else _GARMENT
        st.caption(" ".join((_(hint), _("No camera here? Use Upload."))))
    with right:
        _answer(
            panel,
            file.getvalue() if file is not None else None,
            _("Take a photograph: the bars show what the network sees."),
        )


def _subject(panel: Panel) -> str:
    return _("A picture of one digit") if panel.info.draws_digits else _("A picture of one garment")


def _answer(panel: Panel, data: bytes | None, waiting: str) -> None:
    with sentences():
        naive, shown = panel.info.draws_digits and naive_switch(), None
        if data is not None and panel.info.draws_digits:
            ink = _ink(data)
            if isinstance(ink, Message):
                show_error(PictureError(ink))
                waiting = ""
            else:
                shown = of_digit(ink)
        elif data is not None:
            shown = of_garment(data)
        show_answers(panel, shown, waiting, naive=naive)


@st.cache_data(max_entries=16, show_spinner=False)
def _ink(data: bytes) -> Ink | Message:
    """The ink in a picture file, or why there is none; kept by the file's content."""
    try:
        return read_picture(data)
    except PictureError as error:
        return error.message
