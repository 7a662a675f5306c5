"""The texts of the code, and the `.po` files sorted by the packages that use them.

`python -m tests.catalogue_files` moves every translation into the file of the package that uses its text, such as
`ui_train.po`; texts of several packages go to `common.po`. Translations and translators' comments stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import normalize

from mlpcore.i18n.catalogues import FOLDER, LANGUAGES, read_catalogues
from mlpcore.paths import PROJECT

Text = str | tuple[str, ...]
"""A text, or the English singular and plural of one."""

COMMON = "common"
_MARKS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
_FILES = [("**.py", "python"), ("**.jinja", "jinja2")]
_HEADER = """msgid ""
msgstr ""
"Project-Id-Version: MLP Lab\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"
"""


def texts_in_the_code() -> dict[Text, list[str]]:
    """Every marked text with the locations of its uses, `mlpcore/cli/training.py:12`, in the order of the files."""
    locations: dict[Text, list[str]] = {}
    for name, line, text in chain(_extracted("mlpcore"), _extracted("pages"), _extracted("dashboard.py")):
        if text and any(text):
            locations.setdefault(text, []).append(f"{name}:{line}")
    return locations


def file_of(locations: Iterable[str]) -> str:
    """The name of the file, without `.po`, for a text that is used in these locations."""
    packages = {_package(Path(location.rpartition(":")[0])) for location in locations}
    return packages.pop() if len(packages) == 1 else COMMON


def sort_catalogues(language: str, folder: Path = FOLDER) -> None:
    """Write the files of a language anew; translations of texts that are gone are left out."""
    locations = texts_in_the_code()
    translated: dict[Text, Message] = {}
    for _path, catalogue in read_catalogues(language, folder):
        translated |= {message.id: message for message in catalogue if message.id}
    parts: dict[str, list[Message]] = {}
    for text, uses in locations.items():
        if text in translated:
            parts.setdefault(file_of(uses), []).append(translated[text])
    for path in (folder / language).glob("*.po"):
        path.unlink()
    header = _HEADER.format(language=language, plural_forms=Catalog(locale=language).plural_forms)
    for name, messages in parts.items():
        text = "\n".join([header, *map(_entry, messages)])
        (folder / language / f"{name}.po").write_text(text, encoding="utf-8")


def _extracted(name: str) -> Iterator[tuple[str, int, Text]]:
    path = PROJECT / name
    folder, files = (path, _FILES) if path.is_dir() else (PROJECT, [(name, "python")])
    entries = extract_from_dir(
        folder, files, keywords=_MARKS, directory_filter=lambda inner: path.is_dir() or Path(inner) == PROJECT
    )
    for file, line, text, _comments, _context in sorted(entries, key=lambda entry: entry[:2]):
        yield str((folder / file).relative_to(PROJECT)), line, text


def _package(file: Path) -> str:
    """`ui_train` for a file in `mlpcore/ui/train`, `datasets` for `mlpcore/datasets`, `pages` for the pages."""
    package, *inner = file.with_suffix("").parts
    if package != "mlpcore":
        return "pages"
    return "_".join(inner[:2]) if inner[0] == "ui" else inner[0]


def _entry(message: Message) -> str:
    lines = [f"# {comment}" for comment in message.user_comments]
    lines += ["#, fuzzy"] if message.fuzzy else []
    if isinstance(message.id, tuple):
        lines += [f"msgid {normalize(message.id[0], width=0)}", f"msgid_plural {normalize(message.id[1], width=0)}"]
        lines += [f"msgstr[{index}] {normalize(form, width=0)}" for index, form in enumerate(message.string)]
    else:
        lines += [f"msgid {normalize(message.id, width=0)}", f"msgstr {normalize(str(message.string), width=0)}"]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    for code in LANGUAGES:
        if code != "en":
            sort_catalogues(code)
