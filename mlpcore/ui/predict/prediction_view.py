"""The predictions of the compared runs as the browser draws them: pictures, bars and sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from mlpcore import formatting
from mlpcore.datasets import DatasetInfo
from mlpcore.errors import MLPLabError, PictureError
from mlpcore.pictures.digit_geometry import digit_geometry
from mlpcore.serving.ensemble_prediction import EnsemblePredictions, Prediction, majority_class, predict
from mlpcore.serving.ensembles import Comparison, Ensemble, LoadedEnsemble, load_ensemble
from mlpcore.ui.components import component
from mlpcore.ui.predict import explanations
from mlpcore.ui.predict.model_input import InputFor, ModelInput, empty_picture, received_pictures
from mlpcore.ui.shell.language import _, escaped, rendered
from mlpcore.ui.shell.links import page_link
from mlpcore.ui.shell.page_shell import show_error
from mlpcore.ui.shell.run_text import run_name

Outcome = EnsemblePredictions | MLPLabError
"""The predictions of one run, or why there are none."""

_bars = component("predictions")


def draw_predictions(
    comparison: Comparison, model_input: ModelInput | None, waiting: str = "", *, naive: bool = False
) -> None:
    """Draw what the networks predict for an input; without one, bars without length and the sentence `waiting`.

    SnapshotError where a single run is shown and cannot predict; of several, a sentence above the bars says which one
    cannot, and why.
    """
    loaded = [_load(comparison, index) for index in range(len(comparison.ensembles))]
    if model_input is not None:
        try:
            model_input.prepared(comparison.info)
        except PictureError as problem:
            show_error(problem)
            model_input, waiting = None, ""
    variants = [] if model_input is None else model_input.variants(naive)
    outcomes = [_predict(ensemble, variants) for ensemble in loaded]
    with st.container():  # is there also when empty, so that the bars stay the same element
        for sentence in missing_networks(comparison, outcomes):
            st.warning(escaped(sentence), icon=":material/info:")
    _bars(key="predict_bars", data=prediction_data(comparison, outcomes, model_input, waiting))


def link_to_look_inside(ensemble: Ensemble, label: str, **parameters: str) -> None:
    """A link to the page that shows what happens inside the first network; `parameters` say with which input."""
    member = {"member": str(ensemble.networks[0].member + 1)} if ensemble.run.members > 1 else {}
    address = {"run": str(ensemble.run.id), **member, "view": "network", **parameters}
    page_link("pages/inspect.py", label, ":material/network_node:", address)


def _load(comparison: Comparison, index: int) -> LoadedEnsemble | MLPLabError:
    try:
        return load_ensemble(comparison.ensembles[index], history=index == 0)
    except MLPLabError as problem:
        if not comparison.others:
            raise
        return problem


def _predict(loaded: LoadedEnsemble | MLPLabError, variants: Sequence[InputFor]) -> Outcome:
    if isinstance(loaded, MLPLabError):
        return loaded
    try:
        return predict(loaded, [input_for(loaded.ensemble.info) for input_for in variants])
    except MLPLabError as problem:
        return problem


def missing_networks(comparison: Comparison, outcomes: Sequence[Outcome]) -> list[str]:
    """A sentence for each run that cannot predict, or only without some of its saved networks, with the reason."""
    sentences = []
    for ensemble, outcome in zip(comparison.ensembles, outcomes, strict=True):
        if isinstance(outcome, MLPLabError):
            text, reason = _("Run {run} cannot predict: {reason}"), outcome
        elif outcome.problems:
            text, reason = _("Run {run} predicts without some of its saved networks: {reason}"), outcome.problems[0]
        else:
            continue
        sentences.append(text.format(run=f"#{ensemble.run.id}", reason=rendered(reason)))
    return sentences


def prediction_data(
    comparison: Comparison, outcomes: Sequence[Outcome], model_input: ModelInput | None, waiting: str
) -> dict[str, Any]:
    """What the browser draws of the outcome of each run of the comparison."""
    first = outcomes[0]
    valid = {index: outcome for index, outcome in enumerate(outcomes) if isinstance(outcome, EnsemblePredictions)}
    variants = max((len(outcome.predictions) for outcome in valid.values()), default=0)
    names = [_(name) for name in comparison.info.class_names]
    label = None if model_input is None else model_input.label
    data: dict[str, Any] = {
        "id": f"{comparison.first.run.id}.{comparison.first.alone}",
        "labels": _labels(),
        "headline": waiting if model_input is None else "",
        "classes": names,
        "truth": label,
        "ensembles": [
            _run_data(ensemble, comparison.info, outcome)
            for ensemble, outcome in zip(comparison.ensembles, outcomes, strict=True)
        ],
        "variants": [_variant_data(comparison, valid, variant, names, label) for variant in range(variants)],
    }
    if not variants and comparison.info.kind == "image":
        data["variants"] = [{"pictures": [empty_picture(comparison.info)]}]
    if variants == 2:
        titles = [_("Only scaled down"), _("Prepared like the training images")]
        data["variants"] = [
            {"title": title, **variant} for title, variant in zip(titles, data["variants"], strict=True)
        ]
    if isinstance(first, EnsemblePredictions):
        data["start"] = first.start
        data["which"] = explanations.which_epochs(first.ensemble, len(first.snapshots), bool(comparison.others))
        if len(first.snapshots) > 1:
            data["epochs"] = _epoch_slider(first, bool(comparison.others))
        if variants == 2:
            naive, prepared = (digit_geometry(picture) for picture in first.inputs)
            data["difference"] = explanations.difference(naive, prepared, max(comparison.info.input_shape))
    return data


def _labels() -> dict[str, str]:
    return {
        "bars": _("Probability of each class"),
        "networks": _("Prediction of each network"),
        "truth": _("label"),
        "right": _("right"),
        "wrong": _("wrong"),
    }


def _run_data(ensemble: Ensemble, info: DatasetInfo, outcome: Outcome) -> dict[str, Any]:
    """The name of a run beside its bars; where it has no prediction, a text in their place."""
    run = ensemble.run
    data = {"number": f"#{run.id}", "name": run_name(run), "facts": explanations.facts(ensemble, info.name)}
    return {**data, "problem": _("no prediction")} if isinstance(outcome, MLPLabError) else data


def _variant_data(
    comparison: Comparison,
    valid: Mapping[int, EnsemblePredictions],
    variant: int,
    names: Sequence[str],
    label: int | None,
) -> dict[str, Any]:
    """One variant of the input: what the networks receive and predict, after each epoch of the first run."""
    data: dict[str, Any] = {
        "pictures": received_pictures(comparison, {index: outcome.inputs[variant] for index, outcome in valid.items()}),
        "predictions": [
            [_prediction_data(prediction, names, label) for prediction in valid[index].predictions[variant]]
            if index in valid
            else None
            for index in range(len(comparison.ensembles))
        ],
    }
    if not comparison.others:
        predictions = valid[0].predictions[variant]
        data["headlines"] = [explanations.headline(prediction, names) for prediction in predictions]
        if label is not None:
            data["verdicts"] = [explanations.verdict(prediction.top, label, names) for prediction in predictions]
        return data
    epochs = len(valid[0].snapshots) if 0 in valid else 1
    tops = [
        [outcome.predictions[variant][epoch if index == 0 else 0].top for index, outcome in valid.items()]
        for epoch in range(epochs)
    ]
    data["headlines"] = [explanations.agreement(of_epoch, names) for of_epoch in tops]
    data["agreed"] = [majority_class(of_epoch) for of_epoch in tops]
    return data


def _prediction_data(prediction: Prediction, names: Sequence[str], label: int | None) -> dict[str, Any]:
    """The bars of one prediction."""
    probabilities, deviations = prediction.probabilities, prediction.deviations
    data: dict[str, Any] = {
        "probabilities": [round(probability, 4) for probability in probabilities],
        "percents": list(map(formatting.probability, probabilities, deviations or [None] * len(names))),
        "top": prediction.top,
    }
    if deviations is not None:
        data["deviations"] = [round(deviation, 4) for deviation in deviations]
        data["votes"] = explanations.votes(prediction, names)
    if label is not None:
        data["right"] = prediction.top == label
    return data


def _epoch_slider(first: EnsemblePredictions, compared: bool) -> dict[str, Any]:
    """The slider over the saved epochs of the first run."""
    ensemble = first.ensemble
    prefix = f"#{ensemble.run.id} · " if compared else ""
    return {
        "label": _("Epoch"),
        "play": _("Play the training"),
        "stop": _("Stop"),
        "saved": [
            {
                "short": "…" if snapshot.epoch is None else str(snapshot.epoch),
                "text": prefix + explanations.epoch_label(ensemble, snapshot),
            }
            for snapshot in first.snapshots
        ],
    }
