"""Who reads the user's own digits best: all trained runs that read digits, asked and ranked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mlpcore import datasets, formatting, paths
from mlpcore.analysis.answers import Answers
from mlpcore.analysis.reading import best_first, trust
from mlpcore.errors import MLPLabError, SnapshotError
from mlpcore.figures.bar_tables import RankingRow, ranking_list
from mlpcore.pictures.collection import DrawnDigit
from mlpcore.store.connection import opened
from mlpcore.ui.components.pickable import pickable
from mlpcore.ui.predict.answering import ready
from mlpcore.ui.predict.collection_shelf import prepared
from mlpcore.ui.predict.teams import Panel, Team, team
from mlpcore.ui.shell import run_picker
from mlpcore.ui.shell.language import _, ngettext

SOON = 0.7
"""Seconds after which a bar shows how far the asking is."""

_SEARCH = "predict_collection_search"
_CHOSEN = "predict_collection_run"


@dataclass(frozen=True)
class Reading:
    """A run, as its networks that answer together, and its answers to the digits."""

    team: Team
    answers: Answers


def read_by_all(panel: Panel, digits: Sequence[DrawnDigit]) -> tuple[list[Reading], list[MLPLabError]]:
    """The answers of the runs that are offered and of those of the page, the best reader first.

    What kept a run from answering comes beside them.
    """
    with opened() as db:
        text = run_picker.search(db, _SEARCH)
        of_page = [one.run for one in panel.teams]
        offered = {run.id: run for run in [*of_page, *run_picker.offered(db, text)]}
        readers = [run for run in offered.values() if datasets.REGISTRY[run.dataset].draws_digits]
        asked = {run.id: one for run in readers if (one := team(db, run)) is not None}
    labels = np.array([digit.label for digit in digits], np.intp)
    inputs = {}
    for shape in {one.info.input_shape for one in asked.values()}:
        stack = np.stack([prepared(digit, shape) for digit in digits])
        inputs[shape] = sha256(stack.tobytes()).hexdigest(), stack
    problems: list[MLPLabError] = []
    readings: dict[int, Reading] = {}
    started, place = time.monotonic(), st.empty()
    for number, (run_id, one) in enumerate(asked.items()):
        if time.monotonic() - started > SOON:
            place.progress(number / len(asked), _("The networks read your digits …"))
        try:
            told = _told(_files(one), *inputs[one.info.input_shape], one)
        except SnapshotError as problem:
            problems.append(problem)
        else:
            readings[run_id] = Reading(one, Answers(told, labels))
    place.empty()
    order = best_first({run_id: reading.answers for run_id, reading in readings.items()})
    return [readings[run_id] for run_id in order], problems


def show_ranking(panel: Panel, readings: Sequence[Reading]) -> Reading:
    """Draw the ranking; the run that is chosen in it, at first that of the page, else the best."""
    by_run = {str(reading.team.run.id): reading for reading in readings}
    of_page = str(panel.first.run.id)
    chosen = st.session_state.get(_CHOSEN)
    if chosen not in by_run:
        chosen = of_page if of_page in by_run else next(iter(by_run))
    rows = [_row(pick, reading) for pick, reading in by_run.items()]
    pickable("predict_collection_ranking", ranking_list(rows, chosen), _choose)
    return by_run[chosen]


def title(one: Team) -> str:
    """A run in the list, as plain text."""
    layers = _("no hidden layer") if one.run.layers == run_picker.NO_LAYERS else one.run.layers
    return " · ".join((f"#{one.run.id} {one.run.name}".strip(), _(one.info.label), layers))


def _choose(pick: str) -> None:
    st.session_state[_CHOSEN] = pick


def _row(pick: str, reading: Reading) -> RankingRow:
    answers, run = reading.answers, reading.team.run
    right, count = int(answers.right.sum()), len(answers.labels)
    notes = [_("mean probability of the right digit {percent}").format(percent=formatting.percent(trust(answers)))]
    which, accuracy = run_picker.accuracy(run)
    if accuracy is not None:
        notes.append(f"{which} {formatting.percent(accuracy)}")
    if (networks := len(reading.team.members)) > 1:
        notes.append(ngettext("{count} network", "mean of {count} networks", networks).format(count=networks))
    result = _("{right} of {count} right ({percent})").format(
        right=right, count=count, percent=formatting.percent(answers.accuracy)
    )
    return RankingRow(pick, title(reading.team), answers.accuracy, result, notes)


def _files(one: Team) -> tuple[str, ...]:
    """The snapshots of a run that answer, for every data folder others."""
    return tuple(str(paths.data_folder() / file) for file in one.kept.files.values())


@st.cache_data(max_entries=400, show_spinner=False)
def _told(files: tuple[str, ...], digest: str, _inputs: NDArray[np.float32], _one: Team) -> NDArray[np.float32]:
    """The mean of what the networks of a run answer to the digits, (n, classes); kept by their files and the digits."""
    loaded = ready(_one)
    networks = loaded.networks[loaded.frames.index(loaded.team.kept)]
    return np.asarray(np.mean([network.probabilities(_inputs) for network in networks], axis=0))
