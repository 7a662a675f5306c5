"""A run's code in sections, from the templates in `templates/`; script and notebook consist of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from mlpcore import formatting
from mlpcore.i18n.messages import N_, Translate
from mlpcore.keras_export import keras_calls
from mlpcore.keras_export.comments import comment, docstring
from mlpcore.keras_export.exported_run import ExportedRun
from mlpcore.spec import RunSpec


@dataclass(frozen=True)
class Section:
    """A title, paragraphs of text, and lines of code."""

    title: str
    text: tuple[str, ...]
    code: tuple[str, ...]


def title(exported: ExportedRun, translate: Translate) -> str:
    """The title of the whole."""
    return translate(N_("MLP Lab, run {run}: the same training in plain Keras")).format(run=exported.run)


def introduction(exported: ExportedRun, translate: Translate) -> list[str]:
    """What the code does and what it needs, one sentence per paragraph."""
    same = N_("The same data, network, settings and seed as in MLP Lab.")
    figures = N_(
        "All random numbers are the same too, so the results agree up to rounding errors, which grow from step to step."
    )
    packages = [
        exported.engine,
        "keras",
        *(["scikit-learn"] if _from_sklearn(exported.spec) else []),
    ]
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
