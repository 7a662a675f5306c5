"""The user's own digits as small pictures, which live in the browser; and a field that imports more of them."""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.runtime.uploaded_file_manager import UploadedFile

from mlpcore import formatting
from mlpcore.errors import MLPLabError, PictureError
from mlpcore.figures import pixels
from mlpcore.pictures import Strokes, prepare
from mlpcore.pictures.digit_collection import DrawnDigit, read_collection
from mlpcore.ui.components import component
from mlpcore.ui.predict.collection_kept import IMPORT_BYTES, MOST, Kept, fresh, labelled, received
from mlpcore.ui.predict.relabel import relabel
from mlpcore.ui.shell.language import _, escaped, ngettext, rendered
from mlpcore.ui.shell.page_shell import show_error

PICTURE = (28, 28)
"""What the small pictures show: the digits as a network for MNIST receives them."""

_KEY = "predict_collection"
_KEPT = "predict_kept_digits"
_ADDED = "predict_imported_digits"
_UPLOAD = "predict_import"
_MOST_PROBLEMS = 5

_collection = component("digit_collection")


def kept_digits() -> Kept:
    """The digits that the browser has sent; none before it has."""
    kept = st.session_state.get(_KEPT)
    return kept if isinstance(kept, Kept) else Kept()


def shelf(kept: Kept) -> None:
    """Draw the small pictures, which can be deleted and exported; what was imported goes to the browser with them."""
    sources: list[str | None] = [None] * kept.count
    for digit in kept.digits:
        sources[digit.number - 1] = pixels.grey(prepared(digit, PICTURE))
    data = {
        "seen": kept.revision,
        "pictures": sources,
        "words": _words(),
        "most": MOST,
        "added": st.session_state.get(_ADDED),
    }
    _collection(key=_KEY, data=data, on_digits_change=_receive)
    _say(kept.problems)


def prepared(digit: DrawnDigit, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """What a network for `shape` receives of a digit."""
    return _prepared(tuple(line.tobytes() for line in digit.strokes.lines), shape)


@lru_cache(maxsize=16 * MOST)
def _prepared(lines: tuple[bytes, ...], shape: tuple[int, ...]) -> NDArray[np.float32]:
    return prepare(Strokes(tuple(np.frombuffer(line).reshape(-1, 2) for line in lines)), shape).inputs


def import_field(kept: Kept) -> None:
    """A field for files of digits. What is new in them goes to the browser with the next `shelf`."""
    with st.expander(_("Import digits"), icon=":material/upload:"):
        file = st.file_uploader(_("A file of digits, exported here or by somebody else"), type="json", key=_UPLOAD)
        dropzone = '[data-testid="stFileUploaderDropzone"]'
        relabel(
            {
                f"{dropzone} button [data-testid=stMarkdownContainer]": _("Choose a file"),
                f"{dropzone} [data-testid=stFileUploaderDropzoneInstructions]": "JSON",
            }
        )
        if file is not None:
            _import(file, kept)


def _import(file: UploadedFile, kept: Kept) -> None:
    """Read one file once: its field stays, with what came of it, until another file takes its place."""
    done = st.session_state.setdefault(f"{_UPLOAD}.done", {})
    if done.get("file") != file.file_id:
        done |= {"file": file.file_id, "error": None, "problems": (), "known": 0, "count": 0}
        try:
            read = labelled(read_collection(file.getvalue(), IMPORT_BYTES))
            added = fresh(kept.digits, read.digits)
        except PictureError as error:
            done["error"] = error
        else:
            done |= {"problems": read.problems, "known": len(read.digits) - len(added), "count": len(added)}
            if added:
                st.session_state[_ADDED] = {"token": secrets.token_hex(8), "digits": added}
    if done["error"]:
        show_error(done["error"])
        return
    text = ngettext("{count} digit was added.", "{count} digits were added.", done["count"]).format(count=done["count"])
    if done["known"]:
        known = ngettext("{count} was there already.", "{count} were there already.", done["known"])
        text = f"{text} {known.format(count=done['known'])}"
    st.success(text, icon=":material/check:")
    _say(done["problems"])


def _receive() -> None:
    """Take over what the browser sent, and forget what was imported, which is among it."""
    state = st.session_state.get(_KEY)
    kept = received(state.get("digits") if isinstance(state, dict) else None)
    if kept is not None:
        st.session_state[_KEPT] = kept
        st.session_state.pop(_ADDED, None)


def _say(problems: tuple[MLPLabError, ...]) -> None:
    """The first of the sentences, and how many more there are."""
    if not problems:
        return
    lines = [escaped(rendered(problem)) for problem in problems[:_MOST_PROBLEMS]]
    if more := len(problems) - len(lines):
        lines.append(
            ngettext("{count} more like this.", "{count} more like these.", more).format(count=formatting.count(more))
        )
    st.warning("  \n".join(lines), icon=":material/info:")


def _words() -> dict[str, Any]:
    return {
        "count": _("My digits: {count}"),
        "export": _("Export"),
        "empty": _("Delete all"),
        "undo": _("Undo"),
        "list": _("The digits that you keep"),
        "digit": _("Digit {number}, meant as a {label}"),
        "delete": _("Delete digit {number}, meant as a {label}"),
        "remove": _("Delete this digit"),
        "one": _("A {label} was deleted."),
        "all": _("All digits were deleted."),
        "full": _("There is no room for so many digits: delete some first."),
        "unsaved": _("The storage of your browser is full: delete some digits first."),
        "where": _(
            "Your digits stay in this browser. They leave it only to be read by the networks, and are not stored."
        ),
        "passing": _(
            "Your browser stores nothing for this page, so your digits stay only until you close or reload it:"
            " export them. They leave the browser only to be read by the networks."
        ),
    }
