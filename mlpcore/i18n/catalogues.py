"""Translations from gettext's `.po` files: one folder a language under `locale/`, all its files merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "locale"

LANGUAGES: dict[str, str] = {"en": "English", "ja": "日本語"}
"""Code to the language's own name; English stands in the code and needs no catalogue."""


@dataclass(frozen=True)
class Translations:
    """gettext and ngettext over one language's messages; what has no translation stays English."""

    singular: Mapping[str, str]
    plural: Mapping[tuple[str, str], tuple[str, ...]]

    def gettext(self, text: str) -> str:
        """`text` in this language; the empty text stays empty."""
        return self.singular.get(text, text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form for `count`. Japanese has one form; English tells 1 from the rest."""
        forms = self.plural.get((one, many))
        if forms is None:
            return one if count == 1 else many
        return forms[min(len(forms) - 1, 0 if count == 1 else 1)]


def read_catalogue(language: str) -> list[Catalog]:
    """The parsed files of a language, for tests and tools that look at them."""
    catalogues = []
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            catalogues.append(read_po(file, locale=language, abort_invalid=True))
    return catalogues


@cache
def translations(language: str) -> Translations:
    """The translations of a language, read once."""
    singular: dict[str, str] = {}
    plural: dict[tuple[str, str], tuple[str, ...]] = {}
    for catalogue in read_catalogue(language) if language != "en" else []:
        for message in catalogue:
            if not message.id or message.fuzzy:
                continue
            forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            if not forms or not all(forms):
                continue
            if isinstance(message.id, str):
                singular[message.id] = forms[0]
            else:
                plural[message.id[0], message.id[1]] = forms
    return Translations(singular, plural)
