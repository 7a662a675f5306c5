"""Collections of drawn digits with their labels, and the JSON in which they are stored.

    {"source": "...", "digits": [{"label": 3, "strokes": [[[x, y], ...], ...]}, ...]}

`x` runs right and `y` down, both from 0 to 1 in units of the canvas or writing box. `label` may be missing; other keys
of an entry are ignored. A collection may come from any source, so all of it is checked.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from mlpcore import formatting
from mlpcore.errors import PictureError
from mlpcore.i18n.messages import N_
from mlpcore.pictures.decode import MAX_FILE_BYTES
from mlpcore.pictures.strokes import MAX_POINTS, MAX_STROKES, Strokes, parse_strokes

MAX_DIGITS = 20_000
DECIMALS = 4  # of a coordinate: a tenth of a pixel on a canvas of 1000


@dataclass(frozen=True)
class DrawnDigit:
    """A digit of a collection: its `number` there, counted from 1, its label if it has one, and its strokes."""

    number: int
    label: int | None
    strokes: Strokes


@dataclass(frozen=True)
class Collection:
    """The digits that could be read, and an error for each of the others, both in their order."""

    digits: tuple[DrawnDigit, ...]
    problems: tuple[PictureError, ...]


def read_collection(data: bytes, max_bytes: int = MAX_FILE_BYTES, max_digits: int = MAX_DIGITS) -> Collection:
    """The digits in a JSON file; raises PictureError where it is no collection, or too large."""
    if len(data) > max_bytes:
        text = N_("This file has more than {limit} MB: choose a smaller collection of digits.")
        raise PictureError(text, limit=formatting.setting(max_bytes / 2**20))
    try:
        payload = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise PictureError(N_("This file is not valid JSON: choose a collection of drawn digits.")) from error
    return parse_collection(payload, max_digits)


def parse_collection(payload: Any, max_digits: int = MAX_DIGITS) -> Collection:
    """The digits in what JSON held; raises PictureError where it is no collection, or has too many digits."""
    entries = payload.get("digits") if isinstance(payload, dict) else None
    if not isinstance(entries, list):
        text = N_('This is not a collection of drawn digits: it has no list "digits" as an exported one has.')
        raise PictureError(text)
    if not entries:
        raise PictureError(N_("This collection is empty: there is no digit in it."))
    if len(entries) > max_digits:
        text = N_("This collection has {count} digits, and at most {limit} can be read: split it.")
        raise PictureError(text, count=formatting.count(len(entries)), limit=formatting.count(max_digits))
    digits, problems = [], []
    for number, entry in enumerate(entries, 1):
        try:
            digits.append(DrawnDigit(number, *_digit(entry)))
        except PictureError as error:
            problems.append(PictureError(N_("Digit {number}: {problem}"), number=number, problem=error.message))
    return Collection(tuple(digits), tuple(problems))


def plain_strokes(strokes: Strokes) -> list[list[list[float]]]:
    """Strokes as JSON holds them, with rounded coordinates."""
    return [line.round(DECIMALS).tolist() for line in strokes.lines]


def _digit(entry: Any) -> tuple[int | None, Strokes]:
    """The label and the strokes of one entry."""
    if not isinstance(entry, dict):
        raise PictureError(N_("it is not an object with a label and strokes."))
    label = entry.get("label")
    if "label" in entry and (type(label) is not int or not 0 <= label <= 9):
        raise PictureError(N_("its label must be a whole number from 0 to 9."))
    return label, _strokes(entry.get("strokes"))


def _strokes(lines: Any) -> Strokes:
    if not isinstance(lines, list) or not all(isinstance(line, list) for line in lines):
        raise _malformed()
    if not any(lines):
        raise PictureError(N_("it has no strokes."))
    if len(lines) > MAX_STROKES or sum(map(len, lines)) > MAX_POINTS:
        text = N_("it has too many strokes for a digit: at most {strokes} with {points} points are read.")
        raise PictureError(text, strokes=MAX_STROKES, points=formatting.count(MAX_POINTS))
    try:
        strokes = parse_strokes(lines)
    except PictureError as error:
        raise _malformed() from error
    if not all(0 <= value <= 1 for line in lines for point in line for value in point):
        raise PictureError(N_("its points must lie between 0 and 1, in units of the canvas."))
    return strokes


def _malformed() -> PictureError:
    return PictureError(N_("its strokes must be lists of points [x, y] with two finite numbers."))
