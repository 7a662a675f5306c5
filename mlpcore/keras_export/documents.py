"""A run's code as a Python script and as a Jupyter notebook (nbformat 4.5), from the templates in `templates/`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from mlpcore import formatting
from mlpcore.i18n.messages import N_, Translate
from mlpcore.keras_export import keras_calls
from mlpcore.keras_export.comments import comment, docstring, user_comment, width
from mlpcore.keras_export.exported_run import ExportedRun
from mlpcore.spec import RunSpec

_RULE_COLUMNS = 72


@dataclass(frozen=True)
class Section:
    """A title, paragraphs of text, and lines of code."""

    title: str
    text: tuple[str, ...]
    code: tuple[str, ...]


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


def title(exported: ExportedRun, translate: Translate) -> str:
    """The title of the script or notebook."""
    return translate(N_("MLP Lab, run {run}: the same training in plain Keras")).format(run=exported.run)


def introduction(exported: ExportedRun, translate: Translate) -> list[str]:
    """What the code does and what it needs, one sentence per paragraph."""
    same = N_("The same data, network, settings and seed as in MLP Lab.")
    figures = N_(
        "All random numbers are the same too, so the results agree up to rounding errors, which grow from step to step."
    )
    packages = [exported.engine, "keras", *(["scikit-learn"] if _from_sklearn(exported.spec) else [])]
    needs = N_("Outside Google Colab: pip install {packages}")
    return [translate(same), translate(figures), translate(needs).format(packages=" ".join(packages))]


def sections(exported: ExportedRun, translate: Translate) -> list[Section]:
    """The sections in order: together they are a program. Their text is in the language of `translate`."""
    collected: list[Section] = []

    def section(title: str, *text: str, caller: Callable[[], str]) -> str:
        collected.append(Section(title, text, tuple(caller().strip("\n").split("\n"))))
        return ""

    template = _environment().get_template("training.py.jinja")
    template.render(_variables(exported, translate), _=translate, section=section)
    return collected


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("mlpcore.keras_export"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,  # the templates are Python, not HTML
    )
    environment.globals |= {
        "comment": comment,
        "docstring": docstring,
        "count": formatting.count,
        "setting": formatting.setting,
        "number": "{:g}".format,
    }
    return environment


def _variables(exported: ExportedRun, translate: Translate) -> dict[str, Any]:
    """The variables of the templates, in addition to the functions of `_environment`."""
    spec = exported.spec
    uses_dropout = any(layer.dropout for layer in spec.hidden)
    callbacks = keras_calls.callback_calls(spec)
    return {
        "exported": exported,
        "spec": spec,
        "augment": spec.augment,
        "figures": exported.figures,
        "explanation": _explanation(exported, translate),
        "description": translate(spec.info.description),
        "constants": _constants(spec),
        "keras_modules": [*(["callbacks"] if callbacks else []), "layers", *(["ops"] if uses_dropout else [])],
        "loader": spec.info.loader,
        "from_sklearn": _from_sklearn(spec),
        "validation_count": spec.validation_count,
        "uses_step": any(layer.activation == "step" for layer in spec.hidden),
        "uses_dropout": uses_dropout,
        "uses_random_bits": uses_dropout or spec.augment is not None,
        "hidden": keras_calls.hidden_layers(spec),
        "output": keras_calls.output_layer(spec),
        "penalty": keras_calls.penalty_call(spec),
        "optimizer": keras_calls.optimizer_call(spec),
        "compile": keras_calls.compile_call(spec),
        "callbacks": callbacks,
        "monitored": keras_calls.monitored_loss(spec),
    }


def _from_sklearn(spec: RunSpec) -> bool:
    return spec.info.loader.startswith("sklearn.")


def _constants(spec: RunSpec) -> list[str]:
    """The constants at the top of the code, by the rows of the table of settings."""
    constants = spec.export_constants()
    lines = [f"{name} = {value!r}" for name, value in constants.items()]
    if spec.members > 1:
        lines[list(constants).index("seed")] = f"seeds = range({spec.seed}, {spec.seed + spec.repeats})"
    return lines


def _explanation(exported: ExportedRun, translate: Translate) -> str:
    """What is printed at the end."""
    if not exported.figures:
        return translate(N_("This run has not finished in MLP Lab, so there are no results to compare with."))
    if exported.spec.members > 1:
        return translate(N_("The mean over the networks ± their standard deviation, compared with that in MLP Lab."))
    return translate(N_("The results of this training, compared with those in MLP Lab."))


def _name_and_note(spec: RunSpec, translate: Translate) -> list[str]:
    """The run's name and note as comment lines; none where it has neither."""
    name = ["#", f"# {translate(N_('Name'))}", *user_comment(spec.name)] if spec.name else []
    note = ["#", f"# {translate(N_('Note'))}", *user_comment(spec.note)] if spec.note else []
    return [*name, *note]


def _heading(section: Section) -> list[str]:
    rule = "-" * (_RULE_COLUMNS - len("# --- ") - width(section.title) - 1)
    blank = [""] if section.code[0].startswith("def ") else []
    return [f"# --- {section.title} {rule}", *map(comment, section.text), "", *blank]
