"""Who reads the user's own digits best: all trained runs that read digits, asked and ranked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mlpcore import datasets, formatting
from mlpcore.analysis.answers import Answers
from mlpcore.analysis.reading import best_first, trust
from mlpcore.errors import MLPLabError
from mlpcore.figures.bar_tables import RankingRow, ranking_list
from mlpcore.pictures.digit_collection import DrawnDigit
from mlpcore.serving.ensemble_prediction import mean_probabilities
from mlpcore.serving.ensembles import Comparison, Ensemble, ensemble_of, load_exactly, refreshed
from mlpcore.serving.network_cache import FileVersion, snapshot_version
from mlpcore.store.connection import opened
from mlpcore.ui.components.pickable import pickable
from mlpcore.ui.predict.collection_shelf import prepared
from mlpcore.ui.shell import run_picker
from mlpcore.ui.shell.language import _, ngettext

SOON = 0.7
"""Seconds after which a bar shows how far the asking is."""

_SEARCH = "predict_collection_search"
_CHOSEN = "predict_collection_run"


@dataclass(frozen=True)
class Reading:
    """A run, as its networks that answer together, and its answers to the digits."""

    ensemble: Ensemble
    answers: Answers


def read_by_all(comparison: Comparison, digits: Sequence[DrawnDigit]) -> tuple[list[Reading], list[MLPLabError]]:
    """The answers of the runs that are offered and of those of the page, the best reader first.

    What kept a run from answering comes beside them.
    """
    with opened() as db:
        text = run_picker.search(db, _SEARCH)
        of_page = [ensemble.run for ensemble in comparison.ensembles]
        offered = {run.id: run for run in [*of_page, *run_picker.offered(db, text)]}
        readers = [run for run in offered.values() if datasets.REGISTRY[run.dataset].draws_digits]
        ensembles = {run.id: found for run in readers if (found := ensemble_of(db, run)) is not None}
    labels = np.array([digit.label for digit in digits], np.intp)
    inputs = {}
    for shape in {ensemble.info.input_shape for ensemble in ensembles.values()}:
        stack = np.stack([prepared(digit, shape) for digit in digits])
        inputs[shape] = sha256(stack.tobytes()).hexdigest(), stack
    problems: list[MLPLabError] = []
    readings: dict[int, Reading] = {}
    started, progress = time.monotonic(), st.empty()
    for number, (run_id, listed) in enumerate(ensembles.items()):
        if time.monotonic() - started > SOON:
            progress.progress(number / len(ensembles), _("The networks read your digits …"))
        ensemble = refreshed(listed)
        digest, stack = inputs[ensemble.info.input_shape]
        try:
            probabilities = _mean_probabilities(_versions(ensemble), digest, stack, ensemble)
        except MLPLabError as problem:
            problems.append(problem)
        else:
            readings[run_id] = Reading(ensemble, Answers(probabilities, labels))
    progress.empty()
    order = best_first({run_id: reading.answers for run_id, reading in readings.items()})
    return [readings[run_id] for run_id in order], problems


def show_ranking(comparison: Comparison, readings: Sequence[Reading]) -> Reading:
    """Draw the ranking; the run that is chosen in it, at first that of the page, else the best."""
    by_run = {str(reading.ensemble.run.id): reading for reading in readings}
    of_page = str(comparison.first.run.id)
    chosen = st.session_state.get(_CHOSEN)
    if chosen not in by_run:
        chosen = of_page if of_page in by_run else next(iter(by_run))
    rows = [_row(pick, reading) for pick, reading in by_run.items()]
    pickable("predict_collection_ranking", ranking_list(rows, chosen), _choose)
    return by_run[chosen]


def title(ensemble: Ensemble) -> str:
    """A run in the list, as plain text."""
    run = ensemble.run
    layers = _("no hidden layer") if run.layers == run_picker.NO_LAYERS else run.layers
    return " · ".join((f"#{run.id} {run.name}".strip(), _(ensemble.info.label), layers))


def _choose(pick: str) -> None:
    st.session_state[_CHOSEN] = pick


def _row(pick: str, reading: Reading) -> RankingRow:
    answers, run = reading.answers, reading.ensemble.run
    right, count = int(answers.right.sum()), len(answers.labels)
    notes = [_("mean probability of the right digit {percent}").format(percent=formatting.percent(trust(answers)))]
    which, accuracy = run_picker.accuracy(run)
    if accuracy is not None:
        notes.append(f"{which} {formatting.percent(accuracy)}")
    if (networks := len(reading.ensemble.networks)) > 1:
        notes.append(ngettext("{count} network", "mean of {count} networks", networks).format(count=networks))
    result = _("{right} of {count} right ({percent})").format(
        right=right, count=count, percent=formatting.percent(answers.accuracy)
    )
    return RankingRow(pick, title(reading.ensemble), answers.accuracy, result, notes)


def _versions(ensemble: Ensemble) -> tuple[FileVersion, ...]:
    """The saved networks of a run that predict, as they lie on the disk now."""
    return tuple(snapshot_version(snapshot.file) for snapshot in ensemble.kept.networks)


@st.cache_data(max_entries=400, show_spinner=False)
def _mean_probabilities(
    versions: tuple[FileVersion, ...], digest: str, _inputs: NDArray[np.float32], _ensemble: Ensemble
) -> NDArray[np.float32]:
    """What the networks of a run predict for the digits, (n, classes); cached by the networks' files and the digits."""
    loaded = load_exactly(_ensemble)
    if not loaded.networks:
        raise loaded.problems[-1]
    return mean_probabilities(loaded.networks[0], _inputs)
