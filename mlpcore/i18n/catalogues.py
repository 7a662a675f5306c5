"""Translations from gettext's `.po` files: one folder per language under `locale/`, all its files merged.

To add a language, write its `.po` files and add it to `LANGUAGES`. The number of plural forms and the rule that
chooses one come from babel's data for the language (CLDR).
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "locale"

LANGUAGES: dict[str, str] = {"en": "English", "ja": "日本語"}
"""Code to the language's own name; English is the language of the code and needs no catalogue."""


class Translations(gettext.GNUTranslations):
    """The translations of one language; a text without one stays English, and the empty text stays empty."""

    def gettext(self, message: str) -> str:
        """`message` in this language."""
        return super().gettext(message) if message else message  # gettext keeps the header under the empty text


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The translations of one of `LANGUAGES`, read once."""
    return gettext.NullTranslations() if language == "en" else compiled(language)


def compiled(language: str, folder: Path = FOLDER) -> Translations:
    """The merged `.po` files of a language as `gettext` uses them; untranslated and fuzzy messages stay English.

    Raises ValueError for a file whose number of plural forms is not that of its language.
    """
    merged = Catalog(locale=language)
    messages: list[Message] = []
    for path, catalogue in read_catalogues(language, folder):
        if catalogue.num_plurals != merged.num_plurals:
            raise ValueError(f"{path}: {language} has {merged.num_plurals} plural forms, not {catalogue.num_plurals}")
        messages += [message for message in catalogue if message.id and message.string]
    for message in sorted(messages, key=lambda message: str(message.id)):  # write_mo sorts what is sorted faster
        merged[message.id] = message
    file = BytesIO()
    write_mo(file, merged)
    file.seek(0)
    return Translations(file)


def read_catalogues(language: str, folder: Path = FOLDER) -> Iterator[tuple[Path, Catalog]]:
    """The `.po` files of a language, each with its parsed catalogue."""
    for path in sorted((folder / language).glob("*.po")):
        with path.open("rb") as file:
            yield path, read_po(file, locale=language, abort_invalid=True)
