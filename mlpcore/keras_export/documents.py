"""A run's code as a Python script and as a Jupyter notebook (nbformat 4.5)."""

from __future__ import annotations

import json
from typing import Any

from mlpcore.i18n.messages import N_, Translate
from mlpcore.keras_export.code_sections import Section, introduction, sections, title
from mlpcore.keras_export.comments import comment, user_comment, width
from mlpcore.keras_export.exported_run import ExportedRun
from mlpcore.spec import RunSpec

_RULE_COLUMNS = 72


def script(exported: ExportedRun, translate: Translate = str) -> str:
    """The script; its comments are in the language of `translate` (a gettext function; English without one)."""
    # A name or note must not get into the first two lines, where Python looks for the file's encoding.
    head = [comment(title(exported, translate)), "#", *map(comment, introduction(exported, translate))]
    lines = [*head, *_name_and_note(exported.spec, translate)]
    for section in sections(exported, translate):
        lines += ["", *_heading(section), *section.code, ""]
    return "\n".join(lines).rstrip() + "\n"


def notebook(exported: ExportedRun, translate: Translate = str) -> str:
    """The notebook as JSON, in ASCII; its text is in the language of `translate` (English without one)."""
    cells: list[dict[str, Any]] = []

    def add(kind: str, source: str) -> None:
        cell: dict[str, Any] = {"cell_type": kind, "id": f"cell-{len(cells)}", "metadata": {}, "source": source}
        cells.append(cell | ({"execution_count": None, "outputs": []} if kind == "code" else {}))

    add("markdown", "\n\n".join([f"# {title(exported, translate)}", *introduction(exported, translate)]))
    named = _name_and_note(exported.spec, translate)
    for section in sections(exported, translate):
        add("markdown", "\n\n".join([f"## {section.title}", *section.text]))
        # A name or note is a comment of the first code cell: in a text cell it could be active Markdown or HTML.
        add("code", "\n".join([*named[1:], *([""] if named else []), *section.code]))
        named = []
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    document = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, indent=1) + "\n"


def _name_and_note(spec: RunSpec, translate: Translate) -> list[str]:
    """The run's name and note as comment lines; none where it has neither."""
    name = ["#", f"# {translate(N_('Name'))}", *user_comment(spec.name)] if spec.name else []
    note = ["#", f"# {translate(N_('Note'))}", *user_comment(spec.note)] if spec.note else []
    return [*name, *note]


def _heading(section: Section) -> list[str]:
    rule = "-" * (_RULE_COLUMNS - len("# --- ") - width(section.title) - 1)
    blank = [""] if section.code[0].startswith("def ") else []
    return [f"# --- {section.title} {rule}", *map(comment, section.text), "", *blank]
