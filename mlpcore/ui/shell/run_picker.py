"""The choice of a run that has a trained network: those offered, the one in the address, and their names in lists."""

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

RUNS_PER_DATASET = 50
"""Number of runs of each dataset that are offered, the best ones; all others are found by searching."""

NO_LAYERS = "0"
"""The store's text for a network without hidden layers; reading each run's spec would take longer."""

_WITH_NETWORK = ("finished", "stopped")
_NO_SUCH_RUN = N_("The address names a run that does not exist. Here is the best one instead; choose another below.")
_IN_TRASH = N_("Run {id} is in the trash. Here is the best one instead; on the leaderboard you can restore it.")
_UNTRAINED = N_("Run {id} has no trained network yet. Here is the best one instead; choose another below.")


def search_field(db: Database, key: str) -> str:
    """The text to search for; there is a field for it only where there are more runs than a selection box can hold."""
    count = leaderboard.count(db, Query(statuses=_WITH_NETWORK))
    if count <= RUNS_PER_DATASET:
        return ""
    label = ngettext("Search {count} run", "Search {count} runs", count).format(count=formatting.count(count))
    return st.text_input(label, key=key, placeholder=_("Name, dataset, layers, #number …"), max_chars=80)


def offered_runs(db: Database, text: str) -> list[Run]:
    """Runs with a trained network: first MNIST, then other digits, then other datasets; of each the best first."""
    order = sorted(datasets.REGISTRY.values(), key=lambda info: (not info.draws_digits, info.name != "mnist"))
    offered: list[Run] = []
    for info in order:
        query = Query(datasets=(info.name,), statuses=_WITH_NETWORK, text=text, limit=RUNS_PER_DATASET)
        offered += [run for run in leaderboard.page(db, query) if run.epoch > 0 and run.problem is None]
    return offered


def requested_run(db: Database, requested: str | None) -> tuple[Run | None, str | None]:
    """The run that an address names, if it has a trained network; otherwise a sentence that says why not."""
    if requested is None:
        return None, None
    run = runs.find(db, int(requested)) if re.fullmatch("[0-9]{1,15}", requested) else None
    if run is None:
        return None, _(_NO_SUCH_RUN)
    if run.problem is not None:
        return None, escaped(rendered(run.problem))
    if run.trashed_at is not None:
        return None, _(_IN_TRASH).format(id=run.id)
    if run.epoch == 0 or not runs.snapshots(db, run.id):
        return None, _(_UNTRAINED).format(id=run.id)
    return run, None


def choose_run(
    runs_by_id: Mapping[int, Run],
    requested: Run | None,
    key: str,
    changed: Callable[[], None],
    width: int | Literal["stretch"] = "stretch",
) -> Run:
    """The selection box, set to the requested run or else to the best one; `changed` is called after another choice."""
    finished = (run for run in runs_by_id.values() if run.status == "finished")
    best = next(finished, next(iter(runs_by_id.values())))
    st.session_state[key] = (requested or best).id
    labels = {run.id: run_label(run) for run in runs_by_id.values()}
    chosen = st.selectbox(
        _("Trained network"),
        list(runs_by_id),
        format_func=labels.__getitem__,
        key=key,
        on_change=changed,
        help=_("The best one comes first. Type to search by number, name, dataset or layers."),
        width=width,
    )
    return runs_by_id[chosen]


def run_label(run: Run) -> str:
    """One line for a selection box, which shows it as plain text."""
    parts = [network_title(run)]
    _which, share = accuracy(run)
    if share is not None:
        parts.append(formatting.percent(share))
    if run.status != "finished":
        parts.append(_(STATUSES[run.status]))
    return " · ".join(parts)


def network_title(run: Run) -> str:
    """A run in a list: its number and name, its dataset and its hidden layers, as plain text."""
    layers = _("no hidden layer") if run.layers == NO_LAYERS else run.layers
    return " · ".join((f"#{run.id} {run.name}".strip(), _(datasets.REGISTRY[run.dataset].label), layers))


def accuracy(run: Run) -> tuple[str, float | None]:
    """The accuracy of a run in lists, with its name: on the validation set, or without one on the training set.

    It is the one after the best epoch, or where another one was kept, after the last.
    """
    best = run.kept_epoch in (None, run.best_epoch)
    if run.validated:
        return _("Validation accuracy"), run.best_val_accuracy if best else run.val_accuracy
    return _("Training accuracy"), run.best_accuracy if best else run.accuracy


def explain_missing_runs(text: str) -> None:
    """Say, in place of a selection box, that nothing matches the search or that nothing was trained yet."""
    if text:
        st.info(_("No run matches this search: try another word."), icon=":material/search_off:")
        return
    with st.container(border=True):
        st.subheader(_("There is no trained network yet"), anchor=False)
        st.write(_("Train one first: on the small digits it takes a few seconds. Then come back and draw."))
        st.page_link("dashboard.py", label=_("Train a network"), icon=":material/model_training:")


def member_name(index: int, spec: RunSpec) -> str:
    """The name of a network of a run of several: its number from 1 on, its seed and its fold."""
    parts = [_("Network {number}").format(number=index + 1)]
    if spec.repeats > 1:
        parts.append(_("seed {seed}").format(seed=spec.seed + index // max(1, spec.folds)))
    if spec.folds:
        parts.append(_("fold {fold}").format(fold=index % spec.folds + 1))
    return " · ".join(parts)
