"""A picture from a file or from the camera, and the network's answer to it."""

from __future__ import annotations

import streamlit as st

from mlpcore.digits import Prepared, prepare, read_picture
from mlpcore.digits.decode import FORMATS
from mlpcore.digits.garments import read_garment
from mlpcore.errors import PictureError
from mlpcore.messages import N_, Message
from mlpcore.ui.frame import sentences, show_error
from mlpcore.ui.language import _
from mlpcore.ui.predict.answer import Shown, show_answer
from mlpcore.ui.predict.layout import sides
from mlpcore.ui.predict.networks import Choice, network
from mlpcore.ui.predict.relabel import relabel

ENDINGS = [*(name.lower() for name in FORMATS), "jpg"]

_DIGIT = N_("Dark on light or light on dark.")
_PEN = N_("Write one digit large, with a thick dark pen on white paper.")
_GARMENT = N_("One garment that fills the picture, on an empty, light ground.")

_UPLOAD = '[data-testid="stFileUploaderDropzone"]'
_CAMERA = '[data-testid="stCameraInput"]'


@st.fragment
def upload(choice: Choice) -> None:
    """A field for a picture file beside the network's answer to it."""
    left, right = sides()
    with left:
        file = st.file_uploader(_subject(choice), type=ENDINGS, key="predict_upload")
        relabel(
            {
                f"{_UPLOAD} button [data-testid=stMarkdownContainer]": _("Choose a file"),
                f"{_UPLOAD} [data-testid=stFileUploaderDropzoneInstructions]": ", ".join(FORMATS),
            }
        )
        hint = _DIGIT if choice.info.draws_digits else _GARMENT
        st.caption(" ".join((_(hint), _("On a phone you can take a photograph here, too."))))
    with right:
        _answer(
            choice,
            file.getvalue() if file is not None else None,
            _("Choose a picture: the bars show what the network sees."),
        )


@st.fragment
def camera(choice: Choice) -> None:
    """The camera beside the network's answer to the photograph. Mounting it asks for permission to use the camera."""
    left, right = sides()
    with left:
        file = st.camera_input(_subject(choice), key="predict_camera")
        relabel(
            {
                f"{_CAMERA} [data-testid=stCameraInputButton]": _("Take a photograph"),
                f"{_CAMERA}:has(img) [data-testid=stCameraInputButton]": _("Take another one"),
                f"{_CAMERA} p:has(a)": _("Allow this page to use the camera: your browser asks for it."),
            }
        )
        hint = _PEN if choice.info.draws_digits else _GARMENT
        st.caption(" ".join((_(hint), _("No camera here? Use Upload."))))
    with right:
        _answer(
            choice,
            file.getvalue() if file is not None else None,
            _("Take a photograph: the bars show what the network sees."),
        )


def _subject(choice: Choice) -> str:
    return _("A picture of one digit") if choice.info.draws_digits else _("A picture of one garment")


def _answer(choice: Choice, data: bytes | None, waiting: str) -> None:
    with sentences():
        net = network(choice)
        received = None if data is None else _received(data, choice.info.input_shape, choice.info.draws_digits)
        if isinstance(received, Message):
            show_error(PictureError(received))
            received, waiting = None, ""
        shown = None if received is None else Shown(received.inputs)
        show_answer("predict_answer", choice.info, net, shown, waiting)


@st.cache_data(max_entries=64, show_spinner=False)
def _received(data: bytes, shape: tuple[int, ...], digit: bool) -> Prepared | Message:
    """What a network for `shape` receives of a picture file, or why it receives nothing; kept by the file's content."""
    try:
        return prepare(read_picture(data), shape) if digit else read_garment(data, shape)
    except PictureError as error:
        return error.message
