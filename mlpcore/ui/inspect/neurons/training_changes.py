"""What training changed between two saved epochs: how much the weights of each layer, and which predictions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.predictions import Predictions, predict_test_set
from mlpcore.analysis.sampling import MAX_WORK, Indices, sample
from mlpcore.analysis.weight_change import LayerChange, PredictionChanges, layer_changes, prediction_changes, weights_of
from mlpcore.datasets import TestSet
from mlpcore.figures.bar_tables import WeightChange, weight_change_table
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.example_selection import example_row
from mlpcore.ui.inspect.inspected_network import InspectedNetwork, measured_on
from mlpcore.ui.inspect.neuron_selection import layer_name
from mlpcore.ui.shell.language import _, paragraph

_KEY = "inspect_until"
_MAX_LISTED = 8  # examples of each kind at most
_MAX_WORK = 4 * MAX_WORK  # predictions are compared on all examples where that takes no more than seconds


def show_changes(inspected: InspectedNetwork) -> None:
    """The choice of two saved epochs, and what changed between them."""
    if len(inspected.snapshots) < 2:
        text = _("Only one network of this run was saved, so there is nothing to compare it with.")
        st.info(text, icon=":material/info:")
        return
    before, after = _select_epochs(inspected)
    changes = _layer_changes(*inspected.cache_key(before), *inspected.cache_key(after), inspected, before, after)
    if changes is None:
        st.info(_("The saved network of one of these epochs is missing or damaged."), icon=":material/info:")
        return
    _layers(inspected, *changes)
    _predictions(inspected, before, after)


def _select_epochs(inspected: InspectedNetwork) -> tuple[int, int]:
    """Two saved epochs that follow each other: the last two, or those up to the one in the address."""
    pairs = {after: before for before, after in pairwise(inspected.snapshots)}
    requested = page_address.number("until", 1, max(pairs))
    st.session_state[_KEY] = requested if requested in pairs else max(pairs)
    after = st.selectbox(
        _("Between which epochs"),
        list(reversed(pairs)),
        format_func=lambda epoch: _between(pairs[epoch], epoch),
        key=_KEY,
        on_change=lambda: page_address.put(until=st.session_state[_KEY]),
        width=360,
    )
    return pairs[after], after


def _between(before: int, after: int) -> str:
    if before == 0:
        return _("From the untrained network to epoch {after}").format(after=after)
    return _("Between epoch {before} and epoch {after}").format(before=before, after=after)


def _layers(inspected: InspectedNetwork, whole: bool, changes: Sequence[LayerChange]) -> None:
    network = inspected.network
    rows = [_row(layer_name(number, network), change) for number, change in enumerate(changes)]
    heads = (_("Layer"), _("change of the weights"), _("mean change of the biases"))
    picture("inspect_weight_change", weight_change_table(rows, heads))
    text = _(
        "How much the weights of a layer changed: the length of their change, ‖ΔW‖, in percent of their own length"
        " before, ‖W‖. The layers with the longest bars learned most in this time."
    )
    if not whole:
        text = paragraph(text, _("For large layers, the change is measured on 250,000 evenly spread weights."))
    st.caption(text)


@st.cache_resource(max_entries=64, show_spinner=False)
def _layer_changes(
    path: str, changed: int, later: str, changed_later: int, _inspected: InspectedNetwork, _before: int, _after: int
) -> tuple[bool, tuple[LayerChange, ...]] | None:
    """Whether all weights were compared, and the changes; None where a network cannot be read."""
    weights = []
    for epoch in (_before, _after):  # one after the other: large networks need not lie in memory together
        network = _inspected.readable_network_after(epoch)
        if network is None:
            return None
        weights.append(weights_of(network))
        del network
    before, after = weights
    return all(layer.whole for layer in before), layer_changes(before, after)


def _row(name: str, change: LayerChange) -> WeightChange:
    biases = _("{mean} (largest: {largest}, neuron {number})").format(
        mean=formatting.number(change.biases), largest=formatting.number(change.largest), number=change.unit + 1
    )
    if change.weights is None:
        return WeightChange(name, 0.0, formatting.UNKNOWN, biases)
    return WeightChange(name, change.weights, formatting.percent(change.weights), biases)


def _predictions(inspected: InspectedNetwork, before: int, after: int) -> None:
    total = len(inspected.test_set.labels)
    measured = sample(inspected.network, total, max_work=_MAX_WORK)
    old, new = (_predictions_after(inspected, epoch, measured) for epoch in (before, after))
    changes = prediction_changes(old, new)
    st.markdown(_accuracy(changes))
    if len(measured) < total:
        st.caption(measured_on(len(measured), total))
    for side, key, title, examples in zip(
        st.columns(2, gap="large"),
        ("inspect_learned", "inspect_lost"),
        (
            _("Wrong before, right after: {count}").format(count=formatting.count(len(changes.learned))),
            _("Right before, wrong after: {count}").format(count=formatting.count(len(changes.lost))),
        ),
        (changes.learned, changes.lost),
        strict=True,
    ):
        with side:
            st.markdown(f"**{title}**")
            if len(examples):
                listed = examples[:_MAX_LISTED]
                example_row(key, inspected, measured[listed], _notes(inspected, listed, old, new))
    if len(changes.learned) + len(changes.lost):
        st.caption(_how_to_read(changes))


def _predictions_after(inspected: InspectedNetwork, epoch: int, examples: Indices) -> Predictions:
    """The predictions of the network after an epoch for these test examples."""
    if len(examples) == len(inspected.test_set.labels):
        return inspected.predictions_after(epoch)
    return _some_predictions(*inspected.cache_key(epoch), len(examples), inspected, epoch, examples)


@st.cache_resource(max_entries=8, show_spinner=False)
def _some_predictions(
    path: str, changed: int, count: int, _inspected: InspectedNetwork, _epoch: int, _examples: Indices
) -> Predictions:
    test = _inspected.test_set
    subset = TestSet(test.info, test.inputs[_examples], test.labels[_examples])
    return predict_test_set(_inspected.network_after(_epoch), subset)


def _notes(inspected: InspectedNetwork, examples: Indices, old: Predictions, new: Predictions) -> list[str]:
    names = inspected.class_names
    return [f"{names[old.predicted[index]]} → {names[new.predicted[index]]}" for index in examples]


def _accuracy(changes: PredictionChanges) -> str:
    before, after = (f"**{formatting.percent(accuracy)}**" for accuracy in (changes.before, changes.after))
    if before == after:
        return _("On the test set the accuracy is the same before and after: {accuracy}.").format(accuracy=after)
    return _("On the test set the accuracy went from {before} to {after}.").format(before=before, after=after)


def _how_to_read(changes: PredictionChanges) -> str:
    text = _(
        "Below each example: its true class, and the prediction before → after. Click or tap an example to send it"
        " through the network."
    )
    if max(len(changes.learned), len(changes.lost)) <= _MAX_LISTED:
        return text
    note = _("The first {count} of each are shown.").format(count=_MAX_LISTED)
    return paragraph(text, note)
