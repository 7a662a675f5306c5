"""The form's sections, from what every first experiment needs to what later ones add.

A section draws the settings whose rows name it, in the order of the table. Only what depends on more than a row is
written here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import streamlit as st

from mlpcore import datasets, formatting
from mlpcore.i18n.messages import N_
from mlpcore.spec.choices import ACTIVATIONS, OPTIMIZERS
from mlpcore.spec.fields import every_setting
from mlpcore.spec.setting import Setting
from mlpcore.ui.shell.language import _
from mlpcore.ui.train.form import values
from mlpcore.ui.train.form.widgets import (
    Problems,
    draw_choice,
    draw_in_halves,
    draw_setting,
    draw_switch,
    show_problems,
)

ESSENTIALS = "essentials"
"""The section that is always open."""

SECTIONS: dict[str, str] = {
    "data": N_("Training and validation examples"),
    "regularization": N_("Loss, regularization, early stopping"),
    "images": N_("Preprocessing and augmentation of the images"),
    "optimizer": N_("Learning rate schedule, {optimizer} settings"),
    "networks": N_("Repeats and cross-validation"),
    "texts": N_("Random seed, name, note"),
}
"""The sections that are folded away, in order, with their titles."""


def warnings() -> None:
    """Warn of what is allowed but surprising: an activation that learns nothing."""
    for name in dict.fromkeys(str(row["activation"]) for row in values.rows()):
        if name in ACTIVATIONS and ACTIVATIONS[name].warning:
            st.warning(_(ACTIVATIONS[name].warning), icon=":material/info:")


def draw_folded_sections(problems: Problems) -> None:
    """All sections but the essentials, each in an expander; none that is empty for the chosen dataset."""
    optimizer = OPTIMIZERS[values.value("optimizer")].label
    with st.container(gap="xsmall"):
        for name, title in SECTIONS.items():
            if _settings(name):
                with st.expander(_(title).format(optimizer=optimizer)):
                    draw_section(name, problems)


def draw_section(name: str, problems: Problems) -> None:
    """The settings of a section, with the sentences of those that are wrong below them."""
    if name == "networks":
        st.caption(
            _(
                "A single training proves little, because another seed gives another result. Train several networks to"
                " see the mean and the spread: a difference smaller than the spread may be due to chance."
            )
        )
    for line in _lines(_settings(name)):
        if len(line) > 1:
            draw_in_halves(line, lambda setting: _draw(setting, problems))
        else:
            _draw(line[0], problems)
        show_problems(problems, *(_path(setting) for setting in line))
    if name == "optimizer":
        _optimizer_parameters(problems)


def _settings(section: str) -> list[Setting]:
    return [row for name, row in every_setting().items() if row.section == section and values.applies(name)]


def _lines(settings: list[Setting]) -> Iterator[list[Setting]]:
    """The settings line by line: two that take half a line each, or a single one."""
    line: list[Setting] = []
    for setting in settings:
        if line and not setting.half:
            yield line
            line = []
        line.append(setting)
        if len(line) == 2 or not setting.half:
            yield line
            line = []
    if line:
        yield line


def _path(setting: Setting) -> str:
    """The path of a setting's problems in a spec; those of the optimizer's parameters are shown beside these."""
    return {"optimizer": "optimizer.name", "learning_rate": "optimizer.learning_rate"}.get(setting.name, setting.name)


def _draw(setting: Setting, problems: Problems) -> None:
    if setting.name in DRAWN_SPECIALLY:
        DRAWN_SPECIALLY[setting.name](setting, problems)
        return
    if setting.switch and not draw_switch(setting):
        return
    if setting.kind == "group":
        draw_in_halves(
            list(setting.parts.values()),
            lambda part: draw_setting(part, values.key(f"{setting.name}.{part.name}")),
        )
        return
    draw_setting(setting)
    if setting.kind in ("choice", "variant"):
        name = values.value(setting.name)
        option = setting.options[name]
        if option.description:
            st.caption(_(option.description))
        draw_in_halves(
            list(option.parameters.values()),
            lambda own: draw_setting(own, values.option_key(setting.name, name, own.name)),
        )


def _optimizer(setting: Setting, _problems: Problems) -> None:
    draw_setting(setting, on_change=values.propose_learning_rate)


def _optimizer_parameters(problems: Problems) -> None:
    """The settings that only the chosen optimizer has."""
    name = values.value("optimizer")
    for parameter, setting in OPTIMIZERS[name].parameters.items():
        draw_setting(setting, values.option_key("optimizer", name, parameter))
        show_problems(problems, f"optimizer.{parameter}")


def _batch_size(setting: Setting, _problems: Problems) -> None:
    """Batch sizes are mostly multiples of 16; from any other number the buttons go one by one."""
    draw_setting(setting, step=None if (values.value("batch_size") or 0) % setting.step == 0 else 1)


def _training_images(setting: Setting, _problems: Problems) -> None:
    count = datasets.REGISTRY[values.value("dataset")].train_count
    draw_setting(setting, placeholder=_("all {count}").format(count=formatting.count(count)))


def _validation_split(setting: Setting, problems: Problems) -> None:
    """With folds the split is unused, but a wrong one can still be corrected."""
    folds = values.value("folds")
    draw_setting(setting, disabled=bool(folds) and setting.name not in problems)
    if folds:
        st.caption(
            _("Not used with {folds} folds: each fold is the validation set of one network.").format(folds=folds)
        )


def _folds(setting: Setting, _problems: Problems) -> None:
    draw_choice(setting, lambda count: str(count) if count else _(setting.empty), values.FOLDS)


def _early_stopping(setting: Setting, _problems: Problems) -> None:
    help_text = _(
        "End the training when the validation loss no longer improves (without a validation set: the training loss),"
        " and keep the best network."
    )
    if draw_switch(setting, help_text):
        draw_setting(setting)


DRAWN_SPECIALLY: dict[str, Callable[[Setting, Problems], None]] = {
    "optimizer": _optimizer,
    "batch_size": _batch_size,
    "training_images": _training_images,
    "validation_split": _validation_split,
    "folds": _folds,
    "early_stopping": _early_stopping,
}
"""The settings whose widget depends on more than their row."""
