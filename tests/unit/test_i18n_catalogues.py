import string
from functools import cache
from pathlib import Path

import pytest

from mlpcore.i18n.catalogues import LANGUAGES, compiled, read_catalogues, translations
from tests.catalogue_files import file_of, texts_in_the_code

MESSAGES = {text: places[-1] for text, places in texts_in_the_code().items()}
OTHERS = [language for language in LANGUAGES if language != "en"]


@cache
def translated(language: str) -> dict[str | tuple[str, str], str | tuple[str, ...]]:
    """Every translated message of a language, from all its files; where it has plural forms, with both English ones."""
    return {
        message.id: message.string
        for _path, catalogue in read_catalogues(language)
        for message in catalogue
        if message.id and not message.fuzzy and all(as_tuple(message.string))
    }


def as_tuple(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else text


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_the_code_has_messages_to_translate():
    assert len(MESSAGES) > 100


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_has_a_translation(language: str):
    known = translated(language)
    missing = [f"{location}: {message!r}" for message, location in MESSAGES.items() if message not in known]

    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_keeps_the_placeholders_of_its_message(language: str):
    wrong = []
    for message, translation in translated(language).items():
        expected = placeholders(as_tuple(message)[-1])
        forms = [placeholders(form) for form in as_tuple(translation)]
        if not all(form <= expected if isinstance(message, tuple) else form == expected for form in forms):
            wrong.append(message)

    assert not wrong


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_unused(language: str):
    left = [message for message in translated(language) if message not in MESSAGES]

    assert not left


@pytest.mark.parametrize("language", OTHERS)
def test_no_message_is_translated_twice_in_different_words(language: str):
    seen: dict[object, object] = {}
    clashes = []
    for path, catalogue in read_catalogues(language):
        for message in catalogue:
            if message.id and seen.setdefault(message.id, message.string) != message.string:
                clashes.append((path.name, message.id))

    assert not clashes


SHARED_TRANSLATIONS = {
    "元に戻す": {"Undo", "Restore"},
    "学習中": {"Running", "in training"},
    "停止": {"Stopped", "Stop"},
    "表示": {"View", "Show"},
    "入力": {"Its inputs", "Input"},
    "ネットワークへの入力": {"What the network receives", "Input of the network"},
    "訓練データと検証データ": {"Training and validation set", "Training and validation examples"},
    "正解": {"label", "right"},
    "テスト画像": {"An image of its test set", "Test image"},
    "早期終了": {"Early stopping", "stopped early"},
}
"""Japanese translations that may stand for these English texts, whose difference Japanese does not make or need."""


def essence(text: str) -> str:
    """An English text without what Japanese does not tell apart: capitals, articles, "its", and the plural."""
    words = text.lower().removeprefix("the ").removeprefix("its ").split()
    return " ".join(word.removesuffix("s") for word in words)


def test_different_texts_have_different_japanese_translations():
    meanings: dict[tuple[str, ...], set[str]] = {}
    for message, translation in translated("ja").items():
        meanings.setdefault(as_tuple(translation), set()).add(as_tuple(message)[0])
    lost = {
        translation: texts
        for (translation, *_more), texts in meanings.items()
        if len({essence(text) for text in texts}) > 1 and not texts <= SHARED_TRANSLATIONS.get(translation, set())
    }

    assert not lost


@pytest.mark.parametrize("language", OTHERS)
def test_each_translation_stands_in_the_file_of_the_package_that_uses_its_text(language: str):
    """`python -m tests.catalogue_files` puts them there."""
    places = texts_in_the_code()
    wrong = [
        f"{path.name}: {message.id!r}"
        for path, catalogue in read_catalogues(language)
        for message in catalogue
        if message.id and path.stem != file_of(places.get(message.id, []))
    ]

    assert not wrong, "\n".join(wrong)


def test_what_has_no_translation_stays_english():
    assert translations("ja").gettext("never said") == "never said"
    assert translations("ja").ngettext("{n} of it", "{n} of them", 2) == "{n} of them"
    assert translations("en").ngettext("{n} run", "{n} runs", 1) == "{n} run"
    assert translations("en").ngettext("{n} run", "{n} runs", 2) == "{n} runs"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_empty_text_stays_empty(language: str):
    assert translations(language).gettext("") == ""


POLISH = """
msgid ""
msgstr ""
"Language: pl\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals={count}; plural={rule};\\n"
"""
RUNS = """
msgid "{n} run"
msgid_plural "{n} runs"
msgstr[0] "{n} przebieg"
msgstr[1] "{n} przebiegi"
msgstr[2] "{n} przebiegów"
"""
RULE = "(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)"


@pytest.fixture
def polish(tmp_path: Path) -> Path:
    """The folder of a language with three plural forms."""
    (tmp_path / "pl").mkdir()
    header = POLISH.format(count=3, rule=RULE)
    (tmp_path / "pl" / "runs.po").write_text(header + RUNS, encoding="utf-8")
    (tmp_path / "pl" / "words.po").write_text(header + '\nmsgid "Loss"\nmsgstr "Strata"\n', encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("count", "form"),
    [(0, "przebiegów"), (1, "przebieg"), (2, "przebiegi"), (4, "przebiegi"), (5, "przebiegów"), (12, "przebiegów"),
     (22, "przebiegi"), (25, "przebiegów"), (112, "przebiegów"), (122, "przebiegi")],
)  # fmt: skip
def test_a_language_has_as_many_plural_forms_as_its_own_rule_says(polish: Path, count: int, form: str):
    assert compiled("pl", polish).ngettext("{n} run", "{n} runs", count) == "{n} " + form


def test_all_files_of_a_language_are_merged_and_fuzzy_or_empty_translations_are_left_out(polish: Path):
    more = '\n#, fuzzy\nmsgid "Epoch"\nmsgstr "Okres"\n\nmsgid "Accuracy"\nmsgstr ""\n'
    file = polish / "pl" / "words.po"
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    words = compiled("pl", polish)

    assert [words.gettext(text) for text in ("Loss", "Epoch", "Accuracy")] == ["Strata", "Epoch", "Accuracy"]
    assert words.ngettext("{n} run", "{n} runs", 1) == "{n} przebieg"


def test_a_file_with_another_number_of_plural_forms_than_its_language_is_refused(polish: Path):
    (polish / "pl" / "wrong.po").write_text(POLISH.format(count=2, rule="n != 1"), encoding="utf-8")

    with pytest.raises(ValueError, match=r"wrong\.po: pl has 3 plural forms, not 2"):
        compiled("pl", polish)
