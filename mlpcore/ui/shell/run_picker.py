"""The runs that have a trained network: which are offered, which the address names, and how a list calls them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

import streamlit as st

from mlpcore import datasets, formatting
from mlpcore.i18n.messages import N_
from mlpcore.spec import RunSpec
from mlpcore.spec.choices import STATUSES
from mlpcore.store import leaderboard, runs
from mlpcore.store.connection import Database
from mlpcore.store.leaderboard import Query
from mlpcore.store.runs import Run
from mlpcore.ui.shell.language import _, escaped, ngettext, rendered

EACH = 50
"""So many runs of each dataset are offered, the best ones; all others are found by searching."""

NO_LAYERS = "0"
"""How the store writes that there is no hidden layer; looking into each run's spec would take longer."""

_WITH_WEIGHTS = ("finished", "stopped")
_NO_SUCH_RUN = N_("The address names a run that does not exist. Here is the best one instead; choose another below.")
_IN_TRASH = N_("Run {id} is in the trash. Here is the best one instead; on the leaderboard you can restore it.")
_UNTRAINED = N_("Run {id} has no trained network yet. Here is the best one instead; choose another below.")


def search(db: Database, key: str) -> str:
    """What is looked for; a field for it only where there are more runs than a selection box can hold."""
    count = leaderboard.count(db, Query(statuses=_WITH_WEIGHTS))
    if count <= EACH:
        return ""
    label = ngettext("Search {count} run", "Search {count} runs", count).format(count=formatting.count(count))
    return st.text_input(label, key=key, placeholder=_("Name, dataset, layers, #number …"), max_chars=80)


def offered(db: Database, text: str) -> list[Run]:
    """Runs with weights, those for drawn digits first, MNIST before all, and the best first of each dataset."""
    order = sorted(datasets.REGISTRY.values(), key=lambda info: (not info.draws_digits, info.name != "mnist"))
    found = []
    for info in order:
        query = Query(datasets=(info.name,), statuses=_WITH_WEIGHTS, text=text, limit=EACH)
        found += [run for run in leaderboard.page(db, query) if run.epoch > 0 and run.problem is None]
    return found


def asked_for(db: Database, asked: str | None) -> tuple[Run | None, str | None]:
    """The run that an address names, if it can answer, and else a sentence that says why it cannot."""
    if asked is None:
        return None, None
    run = runs.find(db, int(asked)) if re.fullmatch("[0-9]{1,15}", asked) else None
    if run is None:
        return None, _(_NO_SUCH_RUN)
    if run.problem is not None:
        return None, escaped(rendered(run.problem))
    if run.trashed_at is not None:
        return None, _(_IN_TRASH).format(id=run.id)
    if run.epoch == 0 or not runs.snapshots(db, run.id):
        return None, _(_UNTRAINED).format(id=run.id)
    return run, None


def choose(
    runs_by_id: Mapping[int, Run],
    asked: Run | None,
    key: str,
    picked: Callable[[], None],
    width: int | Literal["stretch"] = "stretch",
) -> Run:
    """The selection box, on the run that was asked for, else on the best one; `picked` is called when another is."""
    finished = (run for run in runs_by_id.values() if run.status == "finished")
    best = next(finished, next(iter(runs_by_id.values())))
    st.session_state[key] = (asked or best).id
    labels = {run.id: label(run) for run in runs_by_id.values()}
    chosen = st.selectbox(
        _("Trained network"),
        list(runs_by_id),
        format_func=labels.__getitem__,
        key=key,
        on_change=picked,
        help=_("The best one comes first. Type to search by number, name, dataset or layers."),
        width=width,
    )
    return runs_by_id[chosen]


def label(run: Run) -> str:
    """One line for a selection box, which shows it as plain text."""
    layers = _("no hidden layer") if run.layers == NO_LAYERS else run.layers
    parts = [f"#{run.id} {run.name}".strip(), _(datasets.REGISTRY[run.dataset].label), layers]
    _which, share = accuracy(run)
    if share is not None:
        parts.append(formatting.percent(share))
    if run.status != "finished":
        parts.append(_(STATUSES[run.status]))
    return " · ".join(parts)


def accuracy(run: Run) -> tuple[str, float | None]:
    """How good the network that answers is: on the validation set, or else on what it was trained on."""
    best = run.kept_epoch in (None, run.best_epoch)
    if run.validated:
        return _("Validation accuracy"), run.best_val_accuracy if best else run.val_accuracy
    return _("Training accuracy"), run.best_accuracy if best else run.accuracy


def say_that_there_is_none(text: str) -> None:
    """Instead of a selection box: that nothing fits the search, or that nothing was trained yet."""
    if text:
        st.info(_("No run matches this search: try another word."), icon=":material/search_off:")
        return
    with st.container(border=True):
        st.subheader(_("There is no trained network yet"), anchor=False)
        st.write(_("Train one first: on the small digits it takes a few seconds. Then come back and draw."))
        st.page_link("dashboard.py", label=_("Train a network"), icon=":material/model_training:")


def member_name(index: int, spec: RunSpec) -> str:
    """A network in a list: its number from 1 on, and the seed and fold that tell it from the others."""
    parts = [_("Network {number}").format(number=index + 1)]
    if spec.repeats > 1:
        parts.append(_("seed {seed}").format(seed=spec.seed + index // max(1, spec.folds)))
    if spec.folds:
        parts.append(_("fold {fold}").format(fold=index % spec.folds + 1))
    return " · ".join(parts)
