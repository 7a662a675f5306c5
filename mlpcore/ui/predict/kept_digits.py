"""The digits that a browser saves for its user: checked as they arrive, drawn small, and imported from files."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.runtime.uploaded_file_manager import UploadedFile

from mlpcore import formatting
from mlpcore.errors import MLPLabError, PictureError
from mlpcore.figures.images import grey_url
from mlpcore.i18n.messages import N_
from mlpcore.pictures import Strokes, prepare
from mlpcore.pictures.digit_collection import Collection, DrawnDigit, parse_collection, plain_strokes, read_collection
from mlpcore.ui.components import component
from mlpcore.ui.predict.page_layout import translate_upload_field
from mlpcore.ui.shell.language import _, escaped, ngettext, paragraph, rendered
from mlpcore.ui.shell.page_shell import show_error

MAX_DIGITS = 500
"""Number of digits that a browser saves at most."""

MAX_POINTS = 300_000
"""Number of points of all their strokes: the storage of a browser holds no more."""

IMPORT_BYTES = 10 * 2**20

PICTURE = (28, 28)
"""What the small pictures show: the digits as a network for MNIST receives them."""

_KEY = "predict_collection"
_KEPT = "predict_kept_digits"
_ADDED = "predict_imported_digits"
_UPLOAD = "predict_import"
_MAX_PROBLEMS = 5

_collection = component("digit_collection")


@dataclass(frozen=True)
class KeptDigits:
    """The digits that a browser sent, each with a label, and what was wrong with the others.

    `revision` is the browser's number for this state of them, `count` how many it sent.
    """

    revision: int = 0
    count: int = 0
    digits: tuple[DrawnDigit, ...] = ()
    problems: tuple[MLPLabError, ...] = ()


def parse_kept_digits(payload: Any) -> KeptDigits | None:
    """What a browser sent as `{"revision": 3, "digits": [...]}`; None for anything else."""
    if not isinstance(payload, dict):
        return None
    revision, entries = payload.get("revision"), payload.get("digits")
    if type(revision) is not int or not 0 < revision < 2**53 or not isinstance(entries, list):
        return None
    if not entries:
        return KeptDigits(revision)
    try:
        if _points(entries) > MAX_POINTS:
            raise PictureError(N_("These are more strokes than a browser can keep: delete some digits."))
        read = labelled(parse_collection(payload, MAX_DIGITS))
    except PictureError as error:
        return KeptDigits(revision, 0, (), (error,))
    return KeptDigits(revision, len(entries), read.digits, read.problems)


def labelled(read: Collection) -> Collection:
    """The digits of a collection that have a label; the others become problems."""
    unlabelled = [
        PictureError(N_("Digit {number}: it has no label that says which digit it is."), number=digit.number)
        for digit in read.digits
        if digit.label is None
    ]
    digits = tuple(digit for digit in read.digits if digit.label is not None)
    problems = sorted((*read.problems, *unlabelled), key=lambda problem: problem.message.values["number"])
    return Collection(digits, tuple(problems))


def new_digits(kept: Iterable[DrawnDigit], read: Iterable[DrawnDigit]) -> list[dict[str, Any]]:
    """The digits that are not kept yet, each once, as a browser keeps them.

    PictureError where they are more than there is room for.
    """
    known = {_name(digit) for digit in kept}
    before = len(known)
    added = []
    for digit in read:
        if _name(digit) not in known:
            known.add(_name(digit))
            added.append({"label": digit.label, "strokes": plain_strokes(digit.strokes)})
    if len(known) > MAX_DIGITS:
        text = N_(
            "There is no room for {count} new digits: {kept} are saved, and at most {most} can be. Delete some, or"
            " import fewer."
        )
        raise PictureError(text, count=len(added), kept=before, most=MAX_DIGITS)
    return added


def _name(digit: DrawnDigit) -> tuple[int | None, tuple[bytes, ...]]:
    return digit.label, tuple(line.round(4).tobytes() for line in digit.strokes.lines)


def _points(entries: Iterable[Any]) -> int:
    """How many points these strokes have, whatever else they are."""
    strokes = (entry.get("strokes") for entry in entries if isinstance(entry, dict))
    lines = (line for lines in strokes if isinstance(lines, list) for line in lines)
    return sum(len(line) for line in lines if isinstance(line, list))


def kept_digits() -> KeptDigits:
    """The digits that the browser has sent; none before it has."""
    kept = st.session_state.get(_KEPT)
    return kept if isinstance(kept, KeptDigits) else KeptDigits()


def draw_kept_digits(kept: KeptDigits) -> None:
    """Draw the small pictures, which can be deleted and exported; what was imported goes to the browser with them."""
    sources: list[str | None] = [None] * kept.count
    for digit in kept.digits:
        sources[digit.number - 1] = grey_url(prepared(digit, PICTURE))
    data = {
        "seen": kept.revision,
        "pictures": sources,
        "words": _words(),
        "most": MAX_DIGITS,
        "added": st.session_state.get(_ADDED),
    }
    _collection(key=_KEY, data=data, on_digits_change=_receive)
    _draw_problems(kept.problems)


def prepared(digit: DrawnDigit, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """What a network for `shape` receives of a digit."""
    return _prepared(tuple(line.tobytes() for line in digit.strokes.lines), shape)


@lru_cache(maxsize=16 * MAX_DIGITS)
def _prepared(lines: tuple[bytes, ...], shape: tuple[int, ...]) -> NDArray[np.float32]:
    return prepare(Strokes(tuple(np.frombuffer(line).reshape(-1, 2) for line in lines)), shape).inputs


def import_field(kept: KeptDigits) -> None:
    """A field for files of digits. What is new in them goes to the browser with the next `draw_kept_digits`."""
    with st.expander(_("Import digits"), icon=":material/upload:"):
        file = st.file_uploader(_("A file of digits that was exported from this page"), type="json", key=_UPLOAD)
        translate_upload_field("JSON")
        st.caption(_("JSON, at most {limit} MB.").format(limit=IMPORT_BYTES // 2**20))
        if file is not None:
            _import(file, kept)


def _import(file: UploadedFile, kept: KeptDigits) -> None:
    """Read one file once: its field stays, with what came of it, until another file takes its place."""
    done = st.session_state.setdefault(f"{_UPLOAD}.done", {})
    if done.get("file") != file.file_id:
        done |= {"file": file.file_id, "error": None, "problems": (), "known": 0, "count": 0}
        try:
            read = labelled(read_collection(file.getvalue(), IMPORT_BYTES))
            added = new_digits(kept.digits, read.digits)
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
        known = ngettext("{count} was already there.", "{count} were already there.", done["known"])
        text = paragraph(text, known.format(count=done["known"]))
    st.success(text, icon=":material/check:")
    _draw_problems(done["problems"])


def _receive() -> None:
    """Take over what the browser sent, and forget what was imported, which is among it."""
    state = st.session_state.get(_KEY)
    kept = parse_kept_digits(state.get("digits") if isinstance(state, dict) else None)
    if kept is not None:
        st.session_state[_KEPT] = kept
        st.session_state.pop(_ADDED, None)


def _draw_problems(problems: tuple[MLPLabError, ...]) -> None:
    """The first of the sentences, and how many more there are."""
    if not problems:
        return
    lines = [escaped(rendered(problem)) for problem in problems[:_MAX_PROBLEMS]]
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
        "list": _("Your saved digits"),
        "digit": _("Digit {number}, label {label}"),
        "delete": _("Delete digit {number}, label {label}"),
        "remove": _("Delete this digit"),
        "one": _("A {label} was deleted."),
        "all": _("All digits were deleted."),
        "full": _("There is no room for these digits: delete some first."),
        "unsaved": _("The storage of your browser is full: delete some digits first."),
        "where": _(
            "Your digits are saved in this browser only. The server receives them for the networks to read, and does"
            " not store them."
        ),
        "passing": _(
            "Your browser saves nothing for this page: your digits are lost when you close or reload it, unless you"
            " export them. The server receives them for the networks to read, and does not store them."
        ),
    }
