"""The whole form: dataset, layers, sections, the Train button, and the workers that will train."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

from mlpcore import datasets
from mlpcore.i18n.messages import N_, Message
from mlpcore.live.workers_line import workers_text
from mlpcore.spec import RunSpec
from mlpcore.spec.fields import SETTINGS
from mlpcore.store import liveness
from mlpcore.store.connection import opened
from mlpcore.ui.components.overview_stream import workers_line
from mlpcore.ui.shell.language import _, paragraph, texts
from mlpcore.ui.shell.links import with_language
from mlpcore.ui.shell.share import draw_link
from mlpcore.ui.train.form import address, sections, values
from mlpcore.ui.train.form.dataset_field import draw_dataset
from mlpcore.ui.train.form.layers_table import edit_layers
from mlpcore.ui.train.form.widgets import Problems, sentence_list, show_problems


@dataclass(frozen=True)
class Form:
    """The contents of the form: a spec (None if a field is wrong), and why it cannot be trained."""

    spec: RunSpec | None
    problems: Problems

    def train_button(self, key: str, stretch: bool = True) -> bool:
        """Draw the Train button; whether it was pressed and the form can be trained. If not, it says what is wrong."""
        width: Literal["stretch", "content"] = "stretch" if stretch else "content"
        pressed = st.button(_("Train"), key=key, type="primary", icon=":material/play_arrow:", width=width)
        if pressed and self.problems:
            intro = _("This cannot be trained yet:")
            st.error(f"{intro}\n\n{sentence_list(list(self.problems.values()))}")
        return pressed and not self.problems


def draw_form() -> tuple[Form, bool]:
    """Draw the form in the sidebar; its contents, and whether Train was pressed."""
    values.reject_unknown_choices()
    with st.sidebar:
        address.show_rejected()
        above_layers = st.container(gap="small")
        hidden = SETTINGS["hidden"]
        st.markdown(f"**{_(hidden.label)}**", help=_(hidden.help))
        spec, problems = values.spec(edit_layers())
        show_problems(problems, "hidden")
        sections.warnings()
        with above_layers:
            available = draw_dataset(problems)
        sections.draw_section(sections.ESSENTIALS, problems)
        sections.draw_folded_sections(problems)
        _tools(spec)
        form = Form(spec, problems if available else {**problems, "": _not_available()})
        with st.container(key="train_bar", gap="small"):
            if spec is not None and spec.members > 1:
                st.caption(_networks_text(spec))
            train = form.train_button("train")
            _draw_worker_status()
            return form, train


def _networks_text(spec: RunSpec) -> str:
    """How many networks a spec trains and what that means for the time, as Markdown."""
    count = spec.members
    if spec.folds and spec.repeats > 1:
        text = _("**{count} networks** will be trained: {repeats} repeats of {folds} folds.").format(
            count=count, repeats=spec.repeats, folds=spec.folds
        )
    else:
        text = _("**{count} networks** will be trained.").format(count=count)
    more = _("This can take up to {count} times as long as a single network.").format(count=count)
    return paragraph(text, more)


def _tools(spec: RunSpec | None) -> None:
    with st.container(horizontal=True, gap="small"):
        with st.popover(_("Share"), icon=":material/link:", width="stretch", disabled=spec is None):
            st.markdown(_("This link opens the form with the settings as they are now:"))
            if spec is not None:
                draw_link(link(spec), st.get_option("server.address"))
        st.button(
            _("Reset"),
            key=values.key("reset"),
            icon=":material/restart_alt:",
            help=_("Reset all settings to their defaults."),
            on_click=_reset,
            width="stretch",
        )


def link(spec: RunSpec) -> str:
    """The address at which the form opens with this spec."""
    return f"{(st.context.url or '').rstrip('/')}/?{urlencode(with_language(address.to_params(spec)), safe=',')}"


def _reset() -> None:
    values.fill(RunSpec.from_dict({"dataset": datasets.default()}))


def _not_available() -> Message:
    label = Message(datasets.REGISTRY[values.value("dataset")].label)
    return Message(N_("{label} is not on this machine: download it or choose another dataset."), {"label": label})


def _draw_worker_status() -> None:
    """A small line about the workers, which the browser keeps up to date."""
    with opened() as db:
        workers_line("workers", workers_text(liveness.workers(db), texts()) or "")
