"""Which run answers: the best one for digits, the one that the address names, or the one that is picked."""

from __future__ import annotations

import re
from collections.abc import Mapping

import streamlit as st

from mlpcore import datasets
from mlpcore.choices import ACTIVATIONS, STATUSES
from mlpcore.figures.bars import percent
from mlpcore.messages import N_
from mlpcore.store import leaderboard, runs
from mlpcore.store.connection import Database, opened
from mlpcore.store.leaderboard import Query
from mlpcore.store.runs import Run
from mlpcore.ui.language import _, escaped, ngettext
from mlpcore.ui.predict.layout import sides
from mlpcore.ui.predict.networks import Choice, choose

EACH = 50
"""So many runs of each dataset are offered, the best ones; all others are found by searching."""

NO_LAYERS = "0"
"""How the store writes that there is no hidden layer; looking into each run's spec would take longer."""

ADDRESS = "run"
_KEY = "predict_run"
_SEARCH = "predict_search"
_WITH_WEIGHTS = ("finished", "stopped")
_NO_SUCH_RUN = N_("The address names a run that does not exist. Here is the best one instead; choose another below.")
_IN_TRASH = N_("Run {id} is in the trash. Here is the best one instead; on the leaderboard you can restore it.")
_UNTRAINED = N_("Run {id} has no trained network yet. Here is the best one instead; choose another below.")


def pick_run() -> Choice | None:
    """Offer the trained networks; the chosen one, or None where there is none, which the page says itself."""
    with opened() as db:
        asked, problem = _asked_for(db)
        notice = st.container()
        left, right = sides("bottom")
        with left:
            text = _search(leaderboard.count(db, Query(statuses=_WITH_WEIGHTS)))
        offered = {run.id: run for run in [*_offered(db, text), *([asked] if asked else [])]}
        if not offered:
            _say_that_there_is_none(text)
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


def _search(count: int) -> str:
    """What is looked for; a field for it only where there are more runs than the selection box can hold."""
    if count <= EACH:
        return ""
    label = ngettext("Search {count} run", "Search {count} runs", count).format(count=f"{count:,}")
    return st.text_input(label, key=_SEARCH, placeholder=_("Name, dataset, layers, #number …"), max_chars=80)


def _offered(db: Database, text: str) -> list[Run]:
    """Runs with weights, those for drawn digits first, MNIST before all, and the best first of each dataset."""
    order = sorted(datasets.REGISTRY.values(), key=lambda info: (not info.draws_digits, info.name != "mnist"))
    found = []
    for info in order:
        query = Query(datasets=(info.name,), statuses=_WITH_WEIGHTS, text=text, limit=EACH)
        found += [run for run in leaderboard.page(db, query) if run.epoch > 0]
    return found


def _asked_for(db: Database) -> tuple[Run | None, str | None]:
    """The run that the address names, if it can answer, and else a sentence that says why it cannot."""
    asked = st.query_params.get(ADDRESS)
    if asked is None:
        return None, None
    run = runs.find(db, int(asked)) if re.fullmatch("[0-9]{1,15}", asked) else None
    if run is None or run.dataset not in datasets.REGISTRY:
        return None, _(_NO_SUCH_RUN)
    if run.trashed_at is not None:
        return None, _(_IN_TRASH).format(id=run.id)
    if run.epoch == 0 or not runs.snapshots(db, run.id):
        return None, _(_UNTRAINED).format(id=run.id)
    return run, None


def _picked(offered: Mapping[int, Run], asked: Run | None) -> Run:
    """The selection box; what is picked goes into the address, so that it can be shared and survives a reload."""
    best = next((run for run in offered.values() if run.status == "finished"), next(iter(offered.values())))
    st.session_state[_KEY] = (asked or best).id
    labels = {run.id: _label(run) for run in offered.values()}
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


def _label(run: Run) -> str:
    """One line for the selection box, which shows it as plain text."""
    layers = _("no hidden layer") if run.layers == NO_LAYERS else run.layers
    parts = [f"#{run.id} {run.name}".strip(), _(datasets.REGISTRY[run.dataset].label), layers]
    _which, accuracy = _accuracy(run)
    if accuracy is not None:
        parts.append(percent(accuracy))
    if run.status != "finished":
        parts.append(_(STATUSES[run.status]))
    return " · ".join(parts)


def _accuracy(run: Run) -> tuple[str, float | None]:
    """How good the network that answers is: on the validation set, or else on what it was trained on."""
    best = run.kept_epoch in (None, run.best_epoch)
    if run.validated:
        return _("Validation accuracy"), run.best_val_accuracy if best else run.val_accuracy
    return _("Training accuracy"), run.best_accuracy if best else run.accuracy


def _facts(choice: Choice) -> str:
    """The line below the selection box, in Markdown."""
    run = choice.run
    which, accuracy = _accuracy(run)
    parts = [] if accuracy is None else [f"{which} **{escaped(percent(accuracy))}**"]
    layers = [str(choice.info.inputs)]
    layers += [f"{layer.units} {_(ACTIVATIONS[layer.activation].label)}" for layer in run.spec.hidden]
    parts += [escaped(" → ".join([*layers, f"{choice.info.classes} softmax"]))]
    parts += [ngettext("{count} epoch", "{count} epochs", choice.epoch).format(count=choice.epoch)]
    if run.status != "finished":
        parts += [_("this run did not finish") if run.ended else _("this run is still training")]
    return " · ".join(parts)


def _say_that_there_is_none(text: str) -> None:
    if text:
        st.info(_("No run fits this search: try another word."), icon=":material/search_off:")
        return
    with st.container(border=True):
        st.subheader(_("There is no trained network yet"), anchor=False)
        st.write(_("Train one first: on the small digits it takes a few seconds. Then come back and draw."))
        st.page_link("dashboard.py", label=_("Train a network"), icon=":material/model_training:")
