"""Which run answers: the best one for digits, the one that the address names, or the one that is picked."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mlpcore.choices import ACTIVATIONS
from mlpcore.figures.bars import percent
from mlpcore.store import runs
from mlpcore.store.connection import opened
from mlpcore.store.runs import Run
from mlpcore.ui import trained_runs
from mlpcore.ui.language import _, escaped, ngettext
from mlpcore.ui.predict.layout import sides
from mlpcore.ui.predict.networks import Choice, choose

ADDRESS = "run"
_KEY = "predict_run"
_SEARCH = "predict_search"


def pick_run() -> Choice | None:
    """Offer the trained networks; the chosen one, or None where there is none, which the page says itself."""
    with opened() as db:
        asked, problem = trained_runs.asked_for(db, st.query_params.get(ADDRESS))
        notice = st.container()
        left, right = sides("bottom")
        with left:
            text = trained_runs.search(db, _SEARCH)
        offered = {run.id: run for run in [*trained_runs.offered(db, text), *([asked] if asked else [])]}
        if not offered:
            trained_runs.say_that_there_is_none(text)
            return None
        if problem:
            notice.warning(problem, icon=":material/info:")
        with left:
            run = _picked(offered, asked)
        choice = choose(run, runs.snapshots(db, run.id))
    with right:
        if choice is None:
            st.error(_("This run has no saved network: choose another one."), icon=":material/error:")
        else:
            with st.container(key="predict_facts"):
                st.caption(_facts(choice))
    return choice


def _picked(offered: Mapping[int, Run], asked: Run | None) -> Run:
    """The selection box; what is picked goes into the address, so that it can be shared and survives a reload."""
    best = next((run for run in offered.values() if run.status == "finished"), next(iter(offered.values())))
    st.session_state[_KEY] = (asked or best).id
    labels = {run.id: trained_runs.label(run) for run in offered.values()}
    picked = st.selectbox(
        _("Trained network"),
        list(offered),
        format_func=labels.__getitem__,
        key=_KEY,
        on_change=_put_into_address,
        help=_("The best one comes first. Type to search by number, name, dataset or layers."),
    )
    return offered[picked]


def _put_into_address() -> None:
    st.query_params[ADDRESS] = str(st.session_state[_KEY])


def _facts(choice: Choice) -> str:
    """The line below the selection box, in Markdown."""
    run = choice.run
    which, accuracy = trained_runs.accuracy(run)
    parts = [] if accuracy is None else [f"{which} **{escaped(percent(accuracy))}**"]
    layers = [str(choice.info.inputs)]
    layers += [f"{layer.units} {_(ACTIVATIONS[layer.activation].label)}" for layer in run.spec.hidden]
    parts += [escaped(" → ".join([*layers, f"{choice.info.classes} softmax"]))]
    parts += [ngettext("{count} epoch", "{count} epochs", choice.epoch).format(count=choice.epoch)]
    if run.status != "finished":
        parts += [_("this run did not finish") if run.ended else _("this run is still training")]
    return " · ".join(parts)
