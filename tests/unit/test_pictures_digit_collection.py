"""Collections of drawn digits in JSON: read back as they were written, and checked wherever they come from."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from mlpcore.errors import PictureError
from mlpcore.pictures import parse_strokes
from mlpcore.pictures.digit_collection import parse_collection, plain_strokes, read_collection
from mlpcore.pictures.strokes import MAX_POINTS, MAX_STROKES

SEVEN = [[[0.3, 0.25], [0.7, 0.25], [0.45, 0.8]], [[0.35, 0.5], [0.65, 0.5]]]


def collection(*digits: dict[str, Any]) -> bytes:
    return json.dumps({"source": "My digits", "digits": digits}).encode()


def problem(entry: Any) -> str:
    """What is said about the second of three digits, while the others are read."""
    good = {"label": 7, "strokes": SEVEN}
    collection = parse_collection({"digits": [good, entry, good]})
    assert [digit.number for digit in collection.digits] == [1, 3]
    (error,) = collection.problems
    return str(error)


def test_exported_digits_are_read_back() -> None:
    exported = plain_strokes(parse_strokes(SEVEN)), plain_strokes(parse_strokes([[[1 / 3, 0.5]]]))
    digits = collection({"label": 7, "strokes": exported[0]}, {"label": 1, "strokes": exported[1]})

    seven, dot = read_collection(digits).digits
    assert (seven.number, seven.label, dot.number, dot.label) == (1, 7, 2, 1)
    assert [line.tolist() for line in seven.strokes.lines] == SEVEN
    assert np.allclose(dot.strokes.lines[0], [[1 / 3, 0.5]], atol=1e-4)


def test_a_digit_may_have_no_label_and_other_things_beside_it() -> None:
    (digit,) = parse_collection({"writer": [], "digits": [{"group": {"a": 1}, "strokes": SEVEN}]}).digits

    assert digit.label is None


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert read_collection(b"\xef\xbb\xbf" + collection({"label": 7, "strokes": SEVEN})).digits


@pytest.mark.parametrize("label", ["<script>", "3", 3.0, 10, -1, True, None, [3], {}, float("inf"), 10**400])
def test_a_label_is_a_whole_number_from_0_to_9(label: Any) -> None:
    assert problem({"label": label, "strokes": SEVEN}) == "Digit 2: its label must be a whole number from 0 to 9."


@pytest.mark.parametrize(
    ("strokes", "sentence"),
    [
        (None, "lists of points"),
        ("strokes", "lists of points"),
        ([1, 2], "lists of points"),
        ([[1, 2]], "lists of points"),
        ([[[0.5]]], "lists of points"),
        ([[["0.5", 0.5]]], "lists of points"),
        ([[[True, 0.5]]], "lists of points"),
        ([[[float("nan"), 0.5]]], "lists of points"),
        ([[[float("inf"), 0.5]]], "lists of points"),
        ([[[10**400, 0.5]]], "between 0 and 1"),
        ([[[140, 0.5]]], "between 0 and 1"),
        ([[[0.5, -0.01]]], "between 0 and 1"),
        ([], "no strokes"),
        ([[], []], "no strokes"),
        ([[[0.5, 0.5]]] * (MAX_STROKES + 1), "too many strokes"),
        ([[[0.5, 0.5]] * (MAX_POINTS + 1)], "too many strokes"),
    ],
)
def test_digits_with_invalid_strokes_are_named_by_their_number_and_the_others_are_read(
    strokes: Any, sentence: str
) -> None:
    assert problem({"label": 3, "strokes": strokes}).startswith("Digit 2: ")
    assert sentence in problem({"label": 3, "strokes": strokes})


@pytest.mark.parametrize("entry", [None, 7, "digit", [], [[[0.5, 0.5]]]])
def test_an_invalid_digit_is_named_by_its_number(entry: Any) -> None:
    assert problem(entry) == "Digit 2: it is not an object with a label and strokes."


@pytest.mark.parametrize("payload", [None, [], 7, "digits", {}, {"digits": {}}, {"digits": "[]"}])
def test_what_is_no_collection_gets_a_sentence(payload: Any) -> None:
    with pytest.raises(PictureError, match='has no list "digits"'):
        parse_collection(payload)


@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 50, b'{"digits": [', b"{'digits': []}", b"[" * 100_000, b"\xff\xfe{", b"1" * 5000]
)
def test_what_is_no_json_gets_a_sentence(data: bytes) -> None:
    with pytest.raises(PictureError, match="is not valid JSON"):
        read_collection(data)


def test_one_number_that_json_does_not_know_costs_one_digit() -> None:
    text = b'{"digits": [{"strokes": [[[NaN, 0.5]]]}, {"label": 1e999, "strokes": []}, {"strokes": [[[0.5, 0.5]]]}]}'

    collection = read_collection(text)

    assert ([digit.number for digit in collection.digits], len(collection.problems)) == ([3], 2)


def test_what_is_too_much_is_refused_with_its_limit() -> None:
    digit = {"label": 7, "strokes": SEVEN}
    with pytest.raises(PictureError, match="has 3 digits, and at most 2 can be read"):
        parse_collection({"digits": [digit] * 3}, max_digits=2)
    with pytest.raises(PictureError, match=r"more than 0\.5 MB"):
        read_collection(b" " * (2**19 + 1), max_bytes=2**19)
    with pytest.raises(PictureError, match="no digit in it"):
        parse_collection({"digits": []})
