"""A picture from a file or from the camera, and the networks' answers to it."""

from __future__ import annotations

import streamlit as st

from mlpcore.errors import PictureError
from mlpcore.i18n.messages import N_, Message
from mlpcore.pictures import GrayImage, read_picture
from mlpcore.pictures.decode import FORMATS
from mlpcore.serving.ensembles import Comparison
from mlpcore.ui.predict.model_input import from_digit, from_garment
from mlpcore.ui.predict.page_layout import input_and_prediction_columns, naive_switch
from mlpcore.ui.predict.prediction_view import draw_predictions
from mlpcore.ui.predict.relabel import relabel
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences, show_error

ENDINGS = [*(name.lower() for name in FORMATS), "jpg"]

_DIGIT = N_("Dark on light or light on dark.")
_PEN = N_("Write one digit large, with a thick dark pen on white paper.")
_GARMENT = N_("One garment that fills the picture, on an empty, light ground.")

_UPLOAD = '[data-testid="stFileUploaderDropzone"]'
_CAMERA = '[data-testid="stCameraInput"]'


@st.fragment
def upload(comparison: Comparison) -> None:
    """A field for a picture file beside the networks' answers to it."""
    left, right = input_and_prediction_columns()
    with left:
        file = st.file_uploader(_subject(comparison), type=ENDINGS, key="predict_upload")
        relabel(
            {
                f"{_UPLOAD} button [data-testid=stMarkdownContainer]": _("Choose a file"),
                f"{_UPLOAD} [data-testid=stFileUploaderDropzoneInstructions]": ", ".join(FORMATS),
            }
        )
        hint = _DIGIT if comparison.info.draws_digits else _GARMENT
        st.caption(" ".join((_(hint), _("On a phone you can take a photograph here, too."))))
    with right:
        _answer(
            comparison,
            file.getvalue() if file is not None else None,
            _("Choose a picture: the bars show what the network sees."),
        )


@st.fragment
def camera(comparison: Comparison) -> None:
    """The camera beside the networks' answers to the photograph. Mounting it asks for permission to use the camera."""
    left, right = input_and_prediction_columns()
    with left:
        file = st.camera_input(_subject(comparison), key="predict_camera")
        relabel(
            {
                f"{_CAMERA} [data-testid=stCameraInputButton]": _("Take a photograph"),
                f"{_CAMERA}:has(img) [data-testid=stCameraInputButton]": _("Take another one"),
                f"{_CAMERA} p:has(a)": _("Allow this page to use the camera: your browser asks for it."),
            }
        )
        hint = _PEN if comparison.info.draws_digits else _GARMENT
        st.caption(" ".join((_(hint), _("No camera here? Use Upload."))))
    with right:
        _answer(
            comparison,
            file.getvalue() if file is not None else None,
            _("Take a photograph: the bars show what the network sees."),
        )


def _subject(comparison: Comparison) -> str:
    return _("A picture of one digit") if comparison.info.draws_digits else _("A picture of one garment")


def _answer(comparison: Comparison, data: bytes | None, waiting: str) -> None:
    with sentences():
        naive, shown = comparison.info.draws_digits and naive_switch(), None
        if data is not None and comparison.info.draws_digits:
            ink = _ink(data)
            if isinstance(ink, Message):
                show_error(PictureError(ink))
                waiting = ""
            else:
                shown = from_digit(ink)
        elif data is not None:
            shown = from_garment(data)
        draw_predictions(comparison, shown, waiting, naive=naive)


@st.cache_data(max_entries=16, show_spinner=False)
def _ink(data: bytes) -> GrayImage | Message:
    """The ink in a picture file, or why there is none; kept by the file's content."""
    try:
        return read_picture(data)
    except PictureError as error:
        return error.message
