"""Texts in the user's language: sentences after each other."""

from __future__ import annotations

import pytest

from mlpcore.ui.shell import language
from mlpcore.ui.shell.language import paragraph


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
