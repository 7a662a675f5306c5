"""A run's code as a Jupyter notebook, nbformat 4.5: a cell of words and a cell of code for each section."""

from __future__ import annotations

import json
from typing import Any

from mlpcore.i18n.messages import Translate
from mlpcore.keras_export.origin import Origin
from mlpcore.keras_export.script import names
from mlpcore.keras_export.sections import introduction, sections, title


def notebook(origin: Origin, say: Translate = str) -> str:
    """The notebook as JSON, pure ASCII; its words are in the language of `say` (English without one)."""
    cells: list[dict[str, Any]] = []

    def add(kind: str, source: str) -> None:
        cell: dict[str, Any] = {"cell_type": kind, "id": f"cell-{len(cells)}", "metadata": {}, "source": source}
        cells.append(cell | ({"execution_count": None, "outputs": []} if kind == "code" else {}))

    add("markdown", "\n\n".join([f"# {title(origin, say)}", *introduction(origin, say)]))
    own = names(origin.spec, say)
    for section in sections(origin, say):
        add("markdown", "\n\n".join([f"## {section.title}", *section.text]))
        # A name or note stands in a comment of the first code, where it is text and nothing else.
        add("code", "\n".join([*own[1:], *([""] if own else []), *section.code]))
        own = []
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    whole = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1) + "\n"
