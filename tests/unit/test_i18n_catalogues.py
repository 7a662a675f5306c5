import string
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from mlpcore.i18n.catalogues import LANGUAGES, read_catalogue, translations
from mlpcore.paths import PROJECT

MARKS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


def messages_in_the_code() -> dict[str | tuple[str, ...], str]:
    """Every marked text, with a place where it stands."""
    found = {}
    for folder in ("mlpcore", "pages"):
        for name, line, message, _, _ in extract_from_dir(PROJECT / folder, keywords=MARKS):
            found[message] = f"{folder}/{name}:{line}"
    for name, line, message, _, _ in extract_from_dir(
        PROJECT, [("dashboard.py", "python")], keywords=MARKS, directory_filter=lambda folder: Path(folder) == PROJECT
    ):
        found[message] = f"{name}:{line}"
    return {message: place for message, place in found.items() if message and any(message)}


MESSAGES = messages_in_the_code()
OTHERS = [language for language in LANGUAGES if language != "en"]


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_the_code_has_messages_to_translate():
    assert len(MESSAGES) > 100


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_has_a_translation(language: str):
    known = translations(language)
    missing = [
        f"{place}: {message!r}"
        for message, place in MESSAGES.items()
        if message not in known.singular and message not in known.plural
    ]

    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_keeps_the_holes_of_its_message(language: str):
    known = translations(language)
    wrong = [one for one, other in known.singular.items() if holes(one) != holes(other)]
    wrong += [
        pair[1] for pair, forms in known.plural.items() if any(not holes(form) <= holes(pair[1]) for form in forms)
    ]

    assert not wrong


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_left_of_a_message_that_is_gone(language: str):
    known = translations(language)
    left = [message for message in [*known.singular, *known.plural] if message not in MESSAGES]

    assert not left


@pytest.mark.parametrize("language", OTHERS)
def test_no_message_has_two_different_translations(language: str):
    seen: dict[object, object] = {}
    clashes = []
    for catalogue in read_catalogue(language):
        for message in catalogue:
            if message.id and seen.setdefault(message.id, message.string) != message.string:
                clashes.append(message.id)

    assert not clashes


def test_what_has_no_translation_stays_english():
    assert translations("ja").gettext("never said") == "never said"
    assert translations("en").ngettext("{n} run", "{n} runs", 1) == "{n} run"
    assert translations("en").ngettext("{n} run", "{n} runs", 2) == "{n} runs"
