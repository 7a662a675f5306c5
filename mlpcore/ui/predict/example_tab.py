"""The tab with one example of the test set: an image, or the measurements of a row."""

from __future__ import annotations

import contextlib
import random

import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.sampling import scaled
from mlpcore.datasets import DatasetInfo, TestSet
from mlpcore.errors import SnapshotError
from mlpcore.serving.ensemble_prediction import next_disagreement, next_mistake
from mlpcore.serving.ensembles import Comparison, Ensemble, load_ensemble
from mlpcore.ui.predict.model_input import from_example
from mlpcore.ui.predict.page_layout import input_and_prediction_columns
from mlpcore.ui.predict.prediction_view import draw_predictions, link_to_look_inside
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences
from mlpcore.ui.shell.shared_datasets import measured_values, shared_test_set


@st.fragment
def example_tab(comparison: Comparison) -> None:
    """The chosen example of the test set beside the networks' predictions for it."""
    with sentences():
        test = shared_test_set(comparison.info.name)
        left, right = input_and_prediction_columns()
        with left:
            index = _choose_example(comparison, test)
            if comparison.info.kind == "tabular":
                _draw_measurements(comparison.info, index)
        inputs = scaled(test, slice(index, index + 1))[0]
        with right:
            draw_predictions(comparison, from_example(comparison.info, inputs, int(test.labels[index])))
            label = _("Why? Look inside the network with this example")
            link_to_look_inside(comparison.first, label, example=str(index + 1))


def _choose_example(comparison: Comparison, test: TestSet) -> int:
    """Buttons and a number, counted from 1, for the example; its index."""
    key, count = f"predict_example_{comparison.info.name}", len(test.labels)
    index = st.session_state.setdefault(key, 1) - 1
    with st.container(horizontal=True, gap="small"):
        if st.button(_("Previous"), icon=":material/chevron_left:"):
            index = (index - 1) % count
        if st.button(_("Next"), icon=":material/chevron_right:"):
            index = (index + 1) % count
        if st.button(_("Random"), icon=":material/shuffle:"):
            index = random.randrange(count)
        if st.button(_("Next mistake"), icon=":material/search:", help=_("The next one that the network gets wrong.")):
            index = _find_mistake(comparison, test, index)
        if len(_of_same_dataset(comparison)) > 1:
            hint = _("The next one on which the networks disagree.")
            if st.button(_("Next disagreement"), icon=":material/call_split:", help=hint):
                index = _find_disagreement(comparison, test, index)
        st.session_state[key] = index + 1
        label = _("Number of the example in the test set")
        number = int(st.number_input(label, 1, count, key=key, width=150, label_visibility="collapsed"))
    text = _("Example {number} of {count} in the test set. No network was trained on it.")
    st.caption(text.format(number=formatting.count(number), count=formatting.count(count)))
    return number - 1


def _find_mistake(comparison: Comparison, test: TestSet, after: int) -> int:
    index = next_mistake(load_ensemble(comparison.first).kept, test, after)
    if index is None:
        st.toast(_("This network gets every example of the test set right."), icon=":material/check:")
        return after
    return index


def _find_disagreement(comparison: Comparison, test: TestSet, after: int) -> int:
    """The next example on which the runs do not agree; those that cannot predict are left out."""
    networks = []
    for ensemble in _of_same_dataset(comparison):
        with contextlib.suppress(SnapshotError):
            networks.append(load_ensemble(ensemble).kept)
    index = next_disagreement(networks, test, after) if len(networks) > 1 else None
    if index is None:
        st.toast(_("These networks agree on every example of the test set."), icon=":material/check:")
        return after
    return index


def _of_same_dataset(comparison: Comparison) -> list[Ensemble]:
    """The runs that read the examples as they are."""
    return [ensemble for ensemble in comparison.ensembles if ensemble.run.dataset == comparison.info.name]


def _draw_measurements(info: DatasetInfo, index: int) -> None:
    """The measurements of one row, and what the network receives of them."""
    raw, standardised = measured_values(info.name)[index], shared_test_set(info.name).inputs[index]
    head = (_("Measurement"), _("Value"), _("Input of the network"))
    lines = [f"| {' | '.join(head)} |", "|:--|--:|--:|"]
    for name, value, received in zip(info.feature_names or (), raw, standardised, strict=True):
        lines.append(f"| {_(name)} | {formatting.raw(value)} | {formatting.signed(received, 2)} |")
    with st.container(height=360 if len(lines) > 12 else "content", border=False):
        st.markdown("\n".join(lines))
    st.caption(_("The network receives each value minus the training set's mean, divided by its standard deviation."))
