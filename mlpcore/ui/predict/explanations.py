"""The predictions of networks in sentences, and what the epochs of the slider are."""

from __future__ import annotations

from collections.abc import Sequence

from mlpcore import formatting
from mlpcore.pictures.digit_geometry import DigitGeometry
from mlpcore.serving.ensemble_prediction import Prediction, vote_counts
from mlpcore.serving.ensembles import Ensemble, EnsembleSnapshot
from mlpcore.spec.choices import ENDED
from mlpcore.ui.shell import run_text
from mlpcore.ui.shell.language import _, ngettext, paragraph

CERTAIN = 0.5
"""From this probability on the network is said to have decided: no other class can then be as probable."""


def headline(prediction: Prediction, names: Sequence[str]) -> str:
    """What the networks of one run predict: the top class, or two where they are not sure."""
    single, certain = prediction.count == 1, prediction.probabilities[prediction.top] >= CERTAIN
    if single and certain:
        text = _("The network predicts {name} ({percent}).")
    elif single:
        text = _("The network is not sure: perhaps {name} ({percent}), perhaps {other} ({other_percent}).")
    elif certain:
        text = _("On average the {count} networks predict {name} ({percent}).")
    else:
        text = _(
            "On average the {count} networks are not sure: perhaps {name} ({percent}), perhaps {other}"
            " ({other_percent})."
        )
    return text.format(
        count=prediction.count,
        name=names[prediction.top],
        percent=formatting.probability(prediction.probabilities[prediction.top]),
        other=names[prediction.second],
        other_percent=formatting.probability(prediction.probabilities[prediction.second]),
    )


def agreement(tops: Sequence[int], names: Sequence[str]) -> str:
    """Whether the runs agree, from the top class of each."""
    counts, count = vote_counts(tops), len(tops)
    if len(counts) == 1:
        text = ngettext("The network predicts {name}.", "All {count} agree: {name}.", count)
        return text.format(count=count, name=names[counts[0][0]])
    part = _("{name} ({votes} of {count})")
    parts = [part.format(name=names[top], votes=votes, count=count) for top, votes in counts]
    return _("They disagree: {predictions}.").format(predictions=_(", ").join(parts))


def votes(prediction: Prediction, names: Sequence[str]) -> str:
    """How many of the networks of a run put the top class first."""
    text = _("{votes} of {count} networks predict {name}")
    return text.format(votes=prediction.votes, count=prediction.count, name=names[prediction.top])


def verdict(top: int, truth: int, names: Sequence[str]) -> str:
    """Whether that is right."""
    text = _("Right: the label is {name}.") if top == truth else _("Wrong: the label is {name}.")
    return text.format(name=names[truth])


def difference(naive: DigitGeometry, prepared: DigitGeometry, side: int) -> str:
    """What preparing a digit changed, in a picture of `side` pixels."""
    if naive.size == 0:
        return _(
            "Only scaled down, hardly anything is left of the digit. Prepared, it is {size} pixels large and in the"
            " middle, as in the training images."
        ).format(size=prepared.size)
    off = round(naive.offset)
    if side < 20 and off == 0:
        text = _(
            "Only scaled down, the digit is in the middle, but {naive_size} pixels large. Prepared, it is {size} pixels"
            " large, as in the training images."
        )
    elif side < 20:
        text = ngettext(
            "Only scaled down, the digit is {naive_size} pixels large and {off} pixel off the middle. Prepared, it is"
            " {size} pixels large and in the middle, as in the training images.",
            "Only scaled down, the digit is {naive_size} pixels large and {off} pixels off the middle. Prepared, it is"
            " {size} pixels large and in the middle, as in the training images.",
            off,
        )
    elif off == 0:
        text = _(
            "Only scaled down, the digit is in the middle, but {naive_size} pixels large, and its lines are"
            " {naive_line} pixels wide. Prepared, it is {size} pixels large, and its lines are {line} pixels wide, as"
            " in the training images."
        )
    else:
        text = ngettext(
            "Only scaled down, the digit is {naive_size} pixels large, {off} pixel off the middle, and its lines are"
            " {naive_line} pixels wide. Prepared, it is {size} pixels large, in the middle, and its lines are {line}"
            " pixels wide, as in the training images.",
            "Only scaled down, the digit is {naive_size} pixels large, {off} pixels off the middle, and its lines are"
            " {naive_line} pixels wide. Prepared, it is {size} pixels large, in the middle, and its lines are {line}"
            " pixels wide, as in the training images.",
            off,
        )
    return text.format(
        naive_size=naive.size,
        off=off,
        naive_line=formatting.fixed(naive.line_width, 1),
        size=prepared.size,
        line=formatting.fixed(prepared.line_width, 1),
    )


def epoch_label(ensemble: Ensemble, snapshot: EnsembleSnapshot) -> str:
    """Which networks a position of the slider shows."""
    if snapshot.epoch is None:
        epochs = [network.epoch for network in ensemble.networks]
        text = _("The kept networks, of epochs {first} to {last}")
        return text.format(first=min(epochs), last=max(epochs))
    if snapshot.epoch == 0:
        return _("Epoch 0: before any training")
    if snapshot != ensemble.kept:
        return _("Epoch {epoch}").format(epoch=snapshot.epoch)
    if ensemble.run.status in ENDED:
        return _("Epoch {epoch}: the kept network").format(epoch=snapshot.epoch)
    best = snapshot.epoch == ensemble.run.best_epoch
    text = _("Epoch {epoch}: the best so far") if best else _("Epoch {epoch}: the newest saved network")
    return text.format(epoch=snapshot.epoch)


def which_epochs(ensemble: Ensemble, positions: int, compared: bool) -> str:
    """Which epochs the slider has and which run it changes; with fewer than two `positions` there is none."""
    count = len(ensemble.networks)
    means = [_("The bars are the means of {count} networks.").format(count=count)] if count > 1 else []
    if positions == 1:
        large = len(ensemble.snapshots) < len(ensemble.epochs)
        return paragraph(*means, _("The networks of this run are too large to show its training.") if large else "")
    parts = [_("Saved networks: the untrained one (epoch 0), some of evenly spread epochs, the best and the last.")]
    if positions < len(ensemble.epochs):
        parts.append(_("These networks are large, so only some of the epochs are shown."))
    if compared:
        parts.append(_("The slider changes run {id} only.").format(id=f"#{ensemble.run.id}"))
    return paragraph(*parts, *means)


def facts(ensemble: Ensemble, dataset: str) -> str:
    """How a run differs from others: its layers, its dataset if that is not `dataset`, and which of its networks."""
    sizes = [ensemble.info.inputs, *(layer.units for layer in ensemble.run.spec.hidden), ensemble.info.classes]
    parts = ["-".join(map(str, sizes))]
    if ensemble.run.dataset != dataset:
        parts.insert(0, _(ensemble.info.label))
    if ensemble.alone is not None:
        parts.append(run_text.member_name(ensemble.alone, ensemble.run.spec))
    return " · ".join(parts)
