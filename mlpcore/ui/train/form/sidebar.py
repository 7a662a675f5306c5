"""The whole form, in the order in which one thinks about an experiment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

from mlpcore import datasets
from mlpcore.i18n.messages import N_, Message
from mlpcore.spec import RunSpec
from mlpcore.ui.shell.language import _, escaped, rendered
from mlpcore.ui.train.form import (
    address,
    dataset_field,
    fields,
    layers,
    mirror,
    networks,
    pictures,
    sections,
    values,
    worker_status,
)
from mlpcore.ui.train.form.fields import Problems


@dataclass(frozen=True)
class Form:
    """What the form says: a spec, None where a field is wrong, and what keeps it from being trained."""

    spec: RunSpec | None
    problems: Problems

    def train_button(self, key: str, stretch: bool = True) -> bool:
        """Draw a button that trains this; whether it shall be done. Says what is wrong where it cannot."""
        width: Literal["stretch", "content"] = "stretch" if stretch else "content"
        pressed = st.button(_("Train"), key=key, type="primary", icon=":material/play_arrow:", width=width)
        if pressed and self.problems:
            lines = "\n".join(f"- {escaped(rendered(sentence))}" for sentence in self.problems.values())
            intro = _("This cannot be trained yet:")
            st.error(f"{intro}\n\n{lines}")
        return pressed and not self.problems


def show() -> tuple[Form, bool]:
    """Draw the form in the sidebar; what it says, and whether it shall be trained."""
    values.settle()
    with st.sidebar:
        mirror.show_sentences()
        dataset_place = st.container(gap="small")
        title = _("Hidden layers")
        st.markdown(f"**{title}**", help=_("From the input to the output, one row a layer."))
        rows = layers.edit()
        spec, problems = values.spec(rows)
        fields.show_problems(problems, "hidden")
        sections.warnings()
        with dataset_place:
            here = dataset_field.show(problems)
        sections.essentials(problems)
        _more(problems)
        _tools(spec)
        form = Form(spec, problems if here else {**problems, "": _not_here()})
        with st.container(key="train_bar", gap="small"):
            many = networks.count_text(spec) if spec is not None else None
            if many is not None:
                st.caption(many)
            train = form.train_button("train")
            worker_status.show()
            return form, train


def _more(problems: Problems) -> None:
    with st.container(gap="xsmall"):
        for title, section in _sections().items():
            with st.expander(title):
                section(problems)


def _sections() -> dict[str, Callable[[Problems], None]]:
    optimizer = _("Schedule, more about {optimizer}").format(optimizer=sections.optimizer_label())
    return {
        _("Validation and training examples"): sections.data,
        _("Loss, regularization, early stopping"): sections.regularization,
        **({_("Preparation and augmentation of the pictures"): pictures.show} if values.has_pictures() else {}),
        optimizer: sections.optimizer,
        _("Repeats and cross-validation"): networks.show,
        _("Name, note, seed"): sections.words,
    }


def _tools(spec: RunSpec | None) -> None:
    with st.container(horizontal=True, gap="small"):
        with st.popover(_("Share"), icon=":material/link:", width="stretch", disabled=spec is None):
            st.markdown(_("Whoever opens this link finds the form filled in as it is now:"))
            st.code(link(spec) if spec else "", language=None, wrap_lines=True)
        st.button(
            _("Reset"),
            key=values.key("reset"),
            icon=":material/restart_alt:",
            help=_("Put all settings back to their defaults."),
            on_click=_reset,
            width="stretch",
        )


def link(spec: RunSpec) -> str:
    """The address at which the form opens with this spec."""
    return f"{(st.context.url or '').rstrip('/')}/?{urlencode(address.to_params(spec), safe=',')}"


def _reset() -> None:
    values.fill(RunSpec.from_dict({"dataset": datasets.default()}))


def _not_here() -> Message:
    label = Message(datasets.REGISTRY[values.value("dataset")].label)
    return Message(N_("{label} is not on this machine: download it or choose another dataset."), {"label": label})
