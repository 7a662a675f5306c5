"""Texts in the user's language: sentences after each other, and names from users among them."""

from __future__ import annotations

import pytest

from mlpcore.ui.shell import language
from mlpcore.ui.shell.language import isolated, paragraph


@pytest.mark.parametrize(
    ("code", "sentences", "text"),
    [
        ("en", ["One.", "Two.", "Three."], "One. Two. Three."),
        ("en", ["One.", "", "Three."], "One. Three."),
        ("en", ["One."], "One."),
        ("en", ["", ""], ""),
        ("en", [], ""),
        ("ja", ["一文目。", "", "二文目。"], "一文目。二文目。"),
    ],
)
def test_sentences_are_joined_as_their_language_does(
    monkeypatch: pytest.MonkeyPatch, code: str, sentences: list[str], text: str
) -> None:
    monkeypatch.setattr(language, "language", lambda: code)
    assert paragraph(*sentences) == text


@pytest.mark.parametrize("name", ["", "group A", "実験 12", "run #3 (50 %)", "é ½ ☆"])
def test_a_name_that_runs_from_left_to_right_stays_as_it_is(name: str) -> None:
    assert isolated(name) == name


@pytest.mark.parametrize("name", ["שלום", "مجموعة 1", "a\u202eb", "שלום\u2069 12"])
def test_a_name_from_right_to_left_is_isolated_from_its_sentence(name: str) -> None:
    text = isolated(name)
    assert (text[0], text[-1]) == ("\u2068", "\u2069")
    assert text[1:-1] == name.replace("\u2069", "")
