"""What the networks are shown: a drawing, a picture from a file or the camera, a test image, or the user's own digits.

Only the chosen tab is on the page, so that no camera starts unasked. Each tab is a fragment of its own, so that the end
of a stroke costs one short run of the script.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from mlpcore.errors import PictureError
from mlpcore.i18n.messages import N_, Message
from mlpcore.pictures import GrayImage, parse_strokes, read_picture
from mlpcore.pictures.decode import FORMATS, MAX_FILE_BYTES
from mlpcore.serving.ensembles import Comparison
from mlpcore.ui.components import component
from mlpcore.ui.components.canvas import SHARED, canvas
from mlpcore.ui.predict.example_tab import example_tab
from mlpcore.ui.predict.kept_digits import MAX_DIGITS
from mlpcore.ui.predict.model_input import from_clothing, from_digit
from mlpcore.ui.predict.my_digits_tab import my_digits_tab
from mlpcore.ui.predict.page_layout import (
    TAB_KEY,
    choose_tab,
    input_and_prediction_columns,
    naive_switch,
    translate_field,
    translate_upload_field,
)
from mlpcore.ui.predict.prediction_view import draw_predictions, link_to_look_inside
from mlpcore.ui.shell.language import _, paragraph
from mlpcore.ui.shell.page_shell import sentences, show_error

PICTURE_ENDINGS = [*(name.lower() for name in FORMATS), "jpg"]

_DIGIT_HINT = N_("Dark on light or light on dark.")
_PEN_HINT = N_("Write one digit large, with a thick dark pen on white paper.")
_CLOTHING_HINT = N_("One piece of clothing that fills the picture, on a plain, light background.")

_CAMERA = '[data-testid="stCameraInput"]'

_label_bar = component("digit_collection", "label_bar")


def draw_tabs(comparison: Comparison) -> None:
    """The choice of what these networks are shown, and the chosen tab with their predictions."""
    if comparison.info.kind == "tabular":
        text = _(
            "This network was trained on {label}: its inputs are measurements, not pictures. Choose an example of the"
            " test set:"
        )
        st.info(text.format(label=_(comparison.info.label)), icon=":material/table_rows:")
        example_tab(comparison)
        return
    st.session_state.setdefault(TAB_KEY, "draw")
    labels = {name: f"{icon} {_(label)}" for name, (label, icon, _draw) in TABS.items()}
    chosen = st.segmented_control(
        _("Input of the network"),
        list(TABS),
        format_func=labels.__getitem__,
        key=TAB_KEY,
        label_visibility="collapsed",
        required=True,
    )
    TABS[chosen or "draw"][2](comparison)


def drawing_tab(comparison: Comparison) -> None:
    """The canvas, or for networks that know no digits what to do instead."""
    if comparison.info.draws_digits:
        _canvas_and_predictions(comparison)
        return
    text = _("This network was trained on {label}, not on digits. Show it something else:")
    st.info(text.format(label=_(comparison.info.label)), icon=":material/info:")
    with st.container(horizontal=True):
        st.button(_("An image of its test set"), icon=":material/image:", on_click=choose_tab, args=("test",))
        st.button(_("A picture of your own"), icon=":material/upload:", on_click=choose_tab, args=("upload",))


@st.fragment
def _canvas_and_predictions(comparison: Comparison) -> None:
    left, right = input_and_prediction_columns()
    with left:
        drawn = canvas(SHARED)
        _draw_label_bar(SHARED)
    with right, sentences():
        naive, model_input = naive_switch(), None
        if drawn.strokes is not None:
            with sentences():
                model_input = from_digit(parse_strokes(drawn.strokes), drawn.pen)
        waiting = _("Draw a digit from 0 to 9: the bars change when you lift the pen.")
        draw_predictions(comparison, model_input, waiting, naive=naive)
        if model_input is not None:
            label = _("Why? Look inside the network with this drawing")
            link_to_look_inside(comparison.first, label, source="draw")


def _draw_label_bar(canvas_key: str) -> None:
    """A button for each digit, which saves what is on the canvas with that label; all of it happens in the browser."""
    words = {
        "question": _("Save to My digits as"),
        "key": _("Save as {label}. While you draw, the key {label} does the same."),
        "kept": _("Saved as {label}."),
        "known": _("This drawing is already saved."),
        "full": _("My digits are full: delete some first."),
        "unsaved": _("The storage of your browser is full: delete some digits first."),
        "count": _("My digits: {count}"),
        "undo": _("Undo"),
    }
    _label_bar(key="predict_keep", data={"canvas": canvas_key, "most": MAX_DIGITS, "words": words})


@st.fragment
def upload_tab(comparison: Comparison) -> None:
    """A field for a picture file beside the networks' predictions for it."""
    left, right = input_and_prediction_columns()
    with left:
        file = st.file_uploader(_picture_label(comparison), type=PICTURE_ENDINGS, key="predict_upload")
        translate_upload_field(", ".join(FORMATS))
        hint = _DIGIT_HINT if comparison.info.draws_digits else _CLOTHING_HINT
        st.caption(paragraph(_allowed_files(), _(hint), _("On a phone you can take a photograph here, too.")))
    with right:
        _predict_picture(comparison, file, _("Choose a picture: the bars show what the network predicts."))


def _allowed_files() -> str:
    """What the field accepts: its own refusals are in English whatever the language."""
    text = _("PNG, JPEG, WebP, GIF or BMP, at most {limit} MB.")
    return text.format(limit=MAX_FILE_BYTES // 2**20)


@st.fragment
def camera_tab(comparison: Comparison) -> None:
    """The camera beside the networks' predictions for the photograph. Drawing it asks for permission to use it."""
    left, right = input_and_prediction_columns()
    with left:
        file = st.camera_input(_picture_label(comparison), key="predict_camera")
        translate_field(
            {
                f"{_CAMERA} [data-testid=stCameraInputButton]": _("Take a photograph"),
                f"{_CAMERA}:has(img) [data-testid=stCameraInputButton]": _("Take another photograph"),
                f"{_CAMERA} p:has(a)": _("Allow this page to use the camera: your browser asks for it."),
            }
        )
        hint = _PEN_HINT if comparison.info.draws_digits else _CLOTHING_HINT
        st.caption(paragraph(_(hint), _("No camera here? Use Upload.")))
    with right:
        _predict_picture(comparison, file, _("Take a photograph: the bars show what the network predicts."))


def _picture_label(comparison: Comparison) -> str:
    return _("A picture of one digit") if comparison.info.draws_digits else _("A picture of one piece of clothing")


def _predict_picture(comparison: Comparison, file: UploadedFile | None, waiting: str) -> None:
    data = None if file is None else file.getvalue()
    with sentences():
        naive, model_input = comparison.info.draws_digits and naive_switch(), None
        if data is not None and comparison.info.draws_digits:
            ink = _read_ink(data)
            if isinstance(ink, Message):
                show_error(PictureError(ink))
                waiting = ""
            else:
                model_input = from_digit(ink)
        elif data is not None:
            model_input = from_clothing(data)
        draw_predictions(comparison, model_input, waiting, naive=naive)


@st.cache_data(max_entries=16, show_spinner=False)
def _read_ink(data: bytes) -> GrayImage | Message:
    """The ink in a picture file, or why there is none; cached by the file's content."""
    try:
        return read_picture(data)
    except PictureError as error:
        return error.message


TABS: dict[str, tuple[str, str, Callable[[Comparison], None]]] = {
    "draw": (N_("Draw"), ":material/draw:", drawing_tab),
    "upload": (N_("Upload"), ":material/upload:", upload_tab),
    "camera": (N_("Camera"), ":material/photo_camera:", camera_tab),
    "test": (N_("Test image"), ":material/image:", example_tab),
    "mine": (N_("My digits"), ":material/collections_bookmark:", my_digits_tab),
}
"""Each tab's label, its icon, and the function that draws it."""
