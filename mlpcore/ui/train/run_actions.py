"""What one can do with the shown run: stop it, train it again, take its settings into the form."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from mlpcore import actions
from mlpcore.spec import RunSpec
from mlpcore.spec.choices import SEED
from mlpcore.store.connection import opened
from mlpcore.store.runs import Run
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import refusals
from mlpcore.ui.shell.visitor import visitor
from mlpcore.ui.train import current_run
from mlpcore.ui.train.form import values


def train(spec: RunSpec) -> None:
    """Queue a run and show it; where it is refused, `page_shell.show_refusal` says why."""
    with refusals(), opened() as db:
        current_run.select(actions.submit(db, visitor(), spec))


def buttons(run: Run) -> None:
    """The buttons for a run; one whose settings cannot be used can only be stopped."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="run_actions"):
        if not run.ended:
            st.button(
                _("Stop"),
                key="stop",
                icon=":material/stop_circle:",
                on_click=_stop,
                args=[run.id],
                disabled=run.cancel_requested,
            )
        elif run.problem is None:
            st.button(
                _("Train again"),
                key="train_again",
                icon=":material/replay:",
                on_click=train,
                args=[run.spec],
                help=_("The same settings and seed: it comes out the same, as long as the machine is the same."),
            )
            st.button(
                _("Other seed"),
                key="train_other_seed",
                icon=":material/casino:",
                on_click=train,
                args=[_reseeded(run.spec)],
                help=_("The same settings with another seed: shows how much of the result is luck."),
            )
        if run.problem is not None:
            return
        st.button(
            _("Copy into the form"),
            key="clone",
            icon=":material/content_copy:",
            on_click=_clone,
            args=[run.spec],
            help=_("Fill the form with the settings of this run, to change one of them."),
        )
        if run.epoch:
            st.page_link(
                "pages/predict.py", label=_("Try it"), icon=":material/draw:", query_params=current_run.shown()
            )
            st.page_link(
                "pages/inspect.py",
                label=_("Look inside"),
                icon=":material/network_node:",
                query_params=current_run.shown(),
            )


def _reseeded(spec: RunSpec) -> RunSpec:
    """With the seeds behind those that the run has used, or from 0 on where there are no more."""
    seed = spec.seed + spec.repeats
    return replace(spec, seed=seed if seed + spec.repeats - 1 <= SEED.high else 0)


def _stop(run_id: int) -> None:
    with refusals(), opened() as db:
        actions.cancel(db, visitor(), run_id)


def _clone(spec: RunSpec) -> None:
    values.fill(spec)
    st.toast(_("The form now holds the settings of this run."), icon=":material/content_copy:")
