"""The tab My digits: what a user drew and saved, which network reads it best, and what a chosen run misreads."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mlpcore import datasets, formatting
from mlpcore.analysis.predictions import Predictions, best_first
from mlpcore.errors import MLPLabError
from mlpcore.figures.bar_tables import RankingRow, ranking_list
from mlpcore.figures.example_cards import MisreadDigit, misread_digits
from mlpcore.pictures.digit_collection import DrawnDigit
from mlpcore.serving.ensemble_prediction import mean_probabilities
from mlpcore.serving.ensembles import Comparison, Ensemble, ensemble_of, load_without_refresh, refreshed
from mlpcore.serving.network_cache import FileVersion, snapshot_version
from mlpcore.store.connection import opened
from mlpcore.ui.components.pickable import pickable, picture
from mlpcore.ui.predict.kept_digits import PICTURE, draw_kept_digits, import_field, kept_digits, prepared
from mlpcore.ui.predict.page_layout import choose_tab
from mlpcore.ui.shell import run_picker, run_text
from mlpcore.ui.shell.empty_state import nothing_trained_yet
from mlpcore.ui.shell.language import _, escaped, ngettext
from mlpcore.ui.shell.page_shell import sentences, show_error

MAX_MISREAD = 60
"""Number of misread digits that are shown at most: those with the highest probability of the wrong class."""

PROGRESS_AFTER_SECONDS = 0.7
"""When a bar begins to show how many networks have read the digits."""

_SEARCH = "predict_collection_search"
_CHOSEN = "predict_collection_run"


@dataclass(frozen=True)
class RunPredictions:
    """The networks of a run that predict together, and their predictions for the digits."""

    ensemble: Ensemble
    predictions: Predictions


@st.fragment
def my_digits_tab(comparison: Comparison) -> None:
    """The saved digits, and below them the ranking of the runs and the mistakes of the chosen one."""
    with sentences():
        kept, digits_container = kept_digits(), st.container()
        with st.container():  # is there also when empty, so that what follows stays the same field
            if kept.revision and not kept.count:
                _invite_to_draw()
        import_field(kept)
        with digits_container:
            draw_kept_digits(kept)
        if kept.digits:
            _draw_results(comparison, kept.digits)


def _invite_to_draw() -> None:
    st.write(_("Draw digits and save them to see which network reads your handwriting best."))
    if st.button(_("Draw digits"), icon=":material/draw:", on_click=choose_tab, args=("draw",)):
        st.rerun()


def _draw_results(comparison: Comparison, digits: tuple[DrawnDigit, ...]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(_("Which network reads your digits best?"), anchor=False)
        readings, problems = read_by_all(comparison, digits)
        if not readings and not problems:
            nothing_trained_yet(
                _("No trained network reads digits yet"), _("Train one on MNIST or on the small digits.")
            )
        chosen = _draw_ranking(comparison, readings) if readings else None
        for problem in problems:
            show_error(problem)
    if chosen is not None:
        with right:
            _draw_mistakes(chosen, digits)


def _draw_mistakes(reading: RunPredictions, digits: tuple[DrawnDigit, ...]) -> None:
    predictions = reading.predictions
    wrong = predictions.confident_mistakes()
    st.subheader(_("Misread digits"), anchor=False)
    run = escaped(run_text.network_title(reading.ensemble.run))
    if len(wrong) == 0:
        st.success(_("{run} reads all your digits correctly.").format(run=run), icon=":material/check_circle:")
        return
    text = ngettext(
        "{run} misreads {count} digit: its label → the prediction, with its probability.",
        "{run} misreads {count} digits: their labels → the predictions, with their probabilities.",
        len(wrong),
    )
    st.caption(text.format(run=run, count=len(wrong)))
    tiles = []
    for index in wrong[:MAX_MISREAD]:
        label, predicted = int(predictions.labels[index]), int(predictions.predicted[index])
        percent = formatting.probability(float(predictions.confidence[index]))
        text = _("A {label}, read as a {predicted} ({percent})").format(
            label=label, predicted=predicted, percent=percent
        )
        tiles.append(MisreadDigit(prepared(digits[index], PICTURE), f"{label} → {predicted}", percent, text))
    picture("predict_collection_misread", misread_digits(tiles))
    if more := len(wrong) - len(tiles):
        st.caption(ngettext("{count} more like this.", "{count} more like these.", more).format(count=more))


def read_by_all(comparison: Comparison, digits: Sequence[DrawnDigit]) -> tuple[list[RunPredictions], list[MLPLabError]]:
    """The predictions of the offered runs and of those of the page, the best first, and the other runs' problems."""
    with opened() as db:
        text = run_picker.search_field(db, _SEARCH)
        of_page = [ensemble.run for ensemble in comparison.ensembles]
        offered = {run.id: run for run in [*of_page, *run_picker.offered_runs(db, text)]}
        readers = [run for run in offered.values() if datasets.REGISTRY[run.dataset].draws_digits]
        ensembles = {run.id: ensemble for run in readers if (ensemble := ensemble_of(db, run)) is not None}
    labels = np.array([digit.label for digit in digits], np.intp)
    inputs = {}
    for shape in {ensemble.info.input_shape for ensemble in ensembles.values()}:
        stack = np.stack([prepared(digit, shape) for digit in digits])
        inputs[shape] = sha256(stack.tobytes()).hexdigest(), stack
    problems: list[MLPLabError] = []
    readings: dict[int, RunPredictions] = {}
    started, progress = time.monotonic(), st.empty()
    for number, (run_id, listed) in enumerate(ensembles.items()):
        if time.monotonic() - started > PROGRESS_AFTER_SECONDS:
            progress.progress(number / len(ensembles), _("The networks are reading your digits …"))
        ensemble = refreshed(listed)
        digest, stack = inputs[ensemble.info.input_shape]
        try:
            probabilities = _mean_probabilities(_versions(ensemble), digest, stack, ensemble)
        except MLPLabError as problem:
            problems.append(problem)
        else:
            readings[run_id] = RunPredictions(ensemble, Predictions(probabilities, labels))
    progress.empty()
    order = best_first({run_id: reading.predictions for run_id, reading in readings.items()})
    return [readings[run_id] for run_id in order], problems


def _draw_ranking(comparison: Comparison, readings: Sequence[RunPredictions]) -> RunPredictions:
    """Draw the ranking; the run that is chosen in it, at first that of the page, otherwise the best."""
    by_run = {str(reading.ensemble.run.id): reading for reading in readings}
    of_page = str(comparison.first.run.id)
    chosen = st.session_state.get(_CHOSEN)
    if chosen not in by_run:
        chosen = of_page if of_page in by_run else next(iter(by_run))
    rows = [_row(pick, reading) for pick, reading in by_run.items()]
    pickable("predict_collection_ranking", ranking_list(rows, chosen), _choose_run)
    return by_run[chosen]


def _choose_run(pick: str) -> None:
    st.session_state[_CHOSEN] = pick


def _row(pick: str, reading: RunPredictions) -> RankingRow:
    predictions, run = reading.predictions, reading.ensemble.run
    right, count = int(predictions.correct.sum()), len(predictions.labels)
    notes = [
        _("mean probability of the correct digit {percent}").format(
            percent=formatting.percent(predictions.mean_true_probability)
        )
    ]
    if (accuracy := run_text.listed_accuracy(run)) is not None:
        notes.append(accuracy)
    if (networks := len(reading.ensemble.networks)) > 1:
        notes.append(ngettext("{count} network", "mean of {count} networks", networks).format(count=networks))
    result = _("{right} of {count} right ({percent})").format(
        right=right, count=count, percent=formatting.percent(predictions.accuracy)
    )
    return RankingRow(pick, run_text.network_title(reading.ensemble.run), predictions.accuracy, result, notes)


def _versions(ensemble: Ensemble) -> tuple[FileVersion, ...]:
    """The saved networks of a run that predict, as they lie on the disk now."""
    return tuple(snapshot_version(snapshot.file) for snapshot in ensemble.kept.networks)


@st.cache_data(max_entries=400, show_spinner=False)
def _mean_probabilities(
    versions: tuple[FileVersion, ...], digest: str, _inputs: NDArray[np.float32], _ensemble: Ensemble
) -> NDArray[np.float32]:
    """What the networks of a run predict for the digits, (n, classes); cached by the networks' files and the digits."""
    loaded = load_without_refresh(_ensemble)
    if not loaded.networks:
        raise loaded.problems[-1]
    return mean_probabilities(loaded.networks[0], _inputs)
