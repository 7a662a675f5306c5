"""The choice of a run that has a trained network: those offered, and the one in the address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Literal

import streamlit as st

from mlpcore import datasets, formatting
from mlpcore.i18n.messages import N_
from mlpcore.store import leaderboard, runs
from mlpcore.store.connection import Database
from mlpcore.store.leaderboard import Query
from mlpcore.store.runs import Run
from mlpcore.ui.shell.browser import visitor, whole_number
from mlpcore.ui.shell.empty_state import empty_state, nothing_trained_yet
from mlpcore.ui.shell.language import _, escaped, ngettext, rendered
from mlpcore.ui.shell.run_text import run_label

RUNS_PER_DATASET = 50
"""Number of runs of each dataset that are offered, the best ones; all others are found by searching."""

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
    text = st.text_input(label, key=key, placeholder=_("Name, dataset, layers, #number …"), max_chars=80)
    return with_plain_numbers(text)


def with_plain_numbers(text: str) -> str:
    """A search whose numbers are written in ASCII: ＃１２, as Japanese keyboards type it, finds run #12.

    Words stay as they are, since names are searched as they were typed.
    """
    plain = {word: unicodedata.normalize("NFKC", word) for word in text.split()}
    return " ".join(plain[word] if re.fullmatch("[#0-9-]+", plain[word]) else word for word in plain)


def offered_runs(db: Database, text: str) -> list[Run]:
    """Runs with a trained network, the visitor's own before those of others.

    Of each first MNIST, then other digits, then other datasets, and of each dataset the best first.
    """
    me = visitor().id
    own = leaderboard.page(db, Query(statuses=_WITH_NETWORK, text=text, owner=me, limit=RUNS_PER_DATASET))
    found = {run.id: run for run in own}
    for name in datasets.REGISTRY:
        query = Query(datasets=(name,), statuses=_WITH_NETWORK, text=text, limit=RUNS_PER_DATASET)
        found |= {run.id: run for run in leaderboard.page(db, query)}
    usable = [run for run in found.values() if run.epoch > 0 and run.problem is None]
    return sorted(usable, key=lambda run: (run.owner != me, *_dataset_order(run.dataset), *_accuracy_order(run)))


def _dataset_order(name: str) -> tuple[bool, bool, int]:
    return not datasets.REGISTRY[name].draws_digits, name != "mnist", list(datasets.REGISTRY).index(name)


def _accuracy_order(run: Run) -> tuple[bool, float]:
    """The network of the highest validation accuracy first, those without a validation set last."""
    accuracy = run.kept_val_accuracy if run.validated else None
    return accuracy is None, -(accuracy or 0.0)


def run_labels(offered: Iterable[Run]) -> dict[int, str]:
    """The runs' lines in a selection box by their ids; the visitor's own are marked where there are others."""
    listed, me = list(offered), visitor().id
    mixed = len({run.owner == me for run in listed}) > 1
    return {
        run.id: f"{run_label(run)} · {_('mine')}" if mixed and run.owner == me else run_label(run) for run in listed
    }


def requested_run(db: Database, requested: str | None) -> tuple[Run | None, str | None]:
    """The run that an address names, if it has a trained network; otherwise a sentence that says why not."""
    if requested is None:
        return None, None
    number = whole_number(requested)
    run = None if number is None else runs.find(db, number)
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
    labels = run_labels(runs_by_id.values())
    chosen = st.selectbox(
        _("Trained network"),
        list(runs_by_id),
        format_func=labels.__getitem__,
        key=key,
        on_change=changed,
        help=_("Your own runs come first, the best at the top. Type to search by number, name, dataset or layers."),
        width=width,
    )
    return runs_by_id[chosen]


def explain_missing_runs(text: str) -> None:
    """Say, in place of a selection box, that nothing matches the search or that nothing was trained yet."""
    if text:
        empty_state(_("No run matches this search: try another word."), icon=":material/search_off:")
        return
    nothing_trained_yet(
        _("There is no trained network yet"),
        _("Train one first: on the small digits it takes a few seconds. Then come back and draw."),
    )
