"""The buttons of the page: train what the form describes, stop the shown run, train it again, copy its settings.

On a phone, where the sidebar with the form covers the page and starts folded away, two of them stand on the page.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from mlpcore import actions
from mlpcore.spec import RunSpec
from mlpcore.spec.choices import SEED
from mlpcore.store.connection import opened
from mlpcore.store.runs import Run
from mlpcore.ui.shell.browser import on_phone, press_where_sidebar_covers, visitor
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.links import page_link
from mlpcore.ui.shell.page_shell import reason_not_to_change, refusals
from mlpcore.ui.train import current_run
from mlpcore.ui.train.form import values
from mlpcore.ui.train.form.sidebar import Form

_FOLD = '[data-testid="stSidebarCollapseButton"] button'
_UNFOLD = '[data-testid="stExpandSidebarButton"]'


def train_run(spec: RunSpec) -> None:
    """Queue a run and show it; where it is refused, `page_shell.show_refusal` says why."""
    with refusals(), opened() as db:
        current_run.select(actions.submit(db, visitor(), spec))


def draw_run_buttons(run: Run) -> None:
    """The buttons for a run; one whose settings cannot be used can only be stopped."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="run_actions"):
        if not run.ended:
            not_mine = reason_not_to_change([run])
            st.button(
                _("Stop"),
                key="stop",
                icon=":material/stop_circle:",
                on_click=_stop,
                args=[run.id],
                disabled=run.cancel_requested or not_mine is not None,
                help=not_mine,
            )
            if run.status == "queued":
                page_link("pages/leaderboard.py", _("Show the queue"), ":material/list:", {"statuses": "queued"})
        elif run.problem is None:
            st.button(
                _("Train again"),
                key="train_again",
                icon=":material/replay:",
                on_click=train_run,
                args=[run.spec],
                help=_("The same settings and seed: on the same machine, the result is the same."),
            )
            st.button(
                _("Another seed"),
                key="train_other_seed",
                icon=":material/casino:",
                on_click=train_run,
                args=[_reseeded(run.spec)],
                help=_("The same settings with another seed: shows how much of the result is due to chance."),
            )
        if run.problem is not None:
            return
        st.button(
            _("Copy into the form"),
            key="clone",
            icon=":material/content_copy:",
            on_click=_clone,
            args=[run.spec],
            help=_("Fill the form with the settings of this run, for example to change one of them."),
        )
        if run.epoch:
            shown = current_run.address_values()
            page_link("pages/predict.py", _("Try it"), ":material/draw:", shown)
            page_link("pages/inspect.py", _("Look inside"), ":material/network_node:", shown)


def draw_phone_bar(form: Form) -> bool:
    """The way to the form and its Train button, which a phone does not show; whether Train was pressed."""
    if not on_phone():
        return False
    with st.container(horizontal=True, gap="small", key="phone_bar"):
        settings = st.button(_("Set up and train"), key="settings", icon=":material/tune:", width="stretch")
        train = form.train_button("train_here")
    if settings:
        press_where_sidebar_covers(_UNFOLD)
    return train


def fold_sidebar() -> None:
    """Fold the sidebar away where it covers the page; elsewhere it stays."""
    press_where_sidebar_covers(_FOLD)


def _reseeded(spec: RunSpec) -> RunSpec:
    """With the seeds after those that the run has used, or from 0 on where there are no more."""
    seed = spec.seed + spec.repeats
    return replace(spec, seed=seed if seed + spec.repeats - 1 <= SEED.high else 0)


def _stop(run_id: int) -> None:
    with refusals(), opened() as db:
        actions.cancel(db, visitor(), run_id)


def _clone(spec: RunSpec) -> None:
    values.fill(spec)
    st.toast(_("The form now holds the settings of this run."), icon=":material/content_copy:")
