"""The digits that a browser keeps for its user: checked as they arrive, and what an import adds to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mlpcore.errors import MLPLabError, PictureError
from mlpcore.i18n.messages import N_
from mlpcore.pictures.digit_collection import Collection, DrawnDigit, parse_collection, plain_strokes

MOST = 500
"""So many digits a browser keeps."""

MOST_POINTS = 300_000
"""Of all their strokes together: the storage of a browser holds no more."""

IMPORT_BYTES = 10 * 2**20


@dataclass(frozen=True)
class Kept:
    """The digits that a browser sent, each with a label, and what was wrong with the others.

    `revision` is the browser's number for this state of them, `count` how many it sent.
    """

    revision: int = 0
    count: int = 0
    digits: tuple[DrawnDigit, ...] = ()
    problems: tuple[MLPLabError, ...] = ()


def received(payload: Any) -> Kept | None:
    """What a browser sent as `{"revision": 3, "digits": [...]}`; None for anything else."""
    if not isinstance(payload, dict):
        return None
    revision, entries = payload.get("revision"), payload.get("digits")
    if type(revision) is not int or not 0 < revision < 2**53 or not isinstance(entries, list):
        return None
    if not entries:
        return Kept(revision)
    try:
        if _points(entries) > MOST_POINTS:
            raise PictureError(N_("These are more strokes than a browser can keep: delete some digits."))
        read = labelled(parse_collection(payload, MOST))
    except PictureError as error:
        return Kept(revision, 0, (), (error,))
    return Kept(revision, len(entries), read.digits, read.problems)


def labelled(read: Collection) -> Collection:
    """The digits of a collection that have a label; the others become problems."""
    nameless = [
        PictureError(N_("Digit {number}: it has no label, which says what it is meant to be."), number=digit.number)
        for digit in read.digits
        if digit.label is None
    ]
    digits = tuple(digit for digit in read.digits if digit.label is not None)
    problems = sorted((*read.problems, *nameless), key=lambda problem: problem.message.values["number"])
    return Collection(digits, tuple(problems))


def fresh(kept: Iterable[DrawnDigit], read: Iterable[DrawnDigit]) -> list[dict[str, Any]]:
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
    if len(known) > MOST:
        text = N_("{count} new digits do not fit: {kept} are kept of at most {most}. Delete some, or import fewer.")
        raise PictureError(text, count=len(added), kept=before, most=MOST)
    return added


def _name(digit: DrawnDigit) -> tuple[int | None, tuple[bytes, ...]]:
    return digit.label, tuple(line.round(4).tobytes() for line in digit.strokes.lines)


def _points(entries: Iterable[Any]) -> int:
    """How many points these strokes have, whatever else they are."""
    strokes = (entry.get("strokes") for entry in entries if isinstance(entry, dict))
    lines = (line for lines in strokes if isinstance(lines, list) for line in lines)
    return sum(len(line) for line in lines if isinstance(line, list))
