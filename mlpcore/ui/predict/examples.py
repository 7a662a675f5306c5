"""Examples of the test set, one at a time: its images, or the measurements in its rows."""

from __future__ import annotations

import contextlib
import random

import streamlit as st

from mlpcore import formatting
from mlpcore.analysis import scaled
from mlpcore.datasets import DatasetInfo, TestSet
from mlpcore.errors import SnapshotError
from mlpcore.serving.ensemble_prediction import next_disagreement, next_mistake
from mlpcore.serving.ensembles import Comparison, Ensemble, load_ensemble
from mlpcore.ui.predict.model_input import from_example
from mlpcore.ui.predict.page_layout import input_and_prediction_columns
from mlpcore.ui.predict.prediction_view import draw_predictions
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences
from mlpcore.ui.shell.test_sets import own_units, shared_test_set


@st.fragment
def examples(comparison: Comparison) -> None:
    """The chosen example of the test set beside the networks' answers to it."""
    with sentences():
        test = shared_test_set(comparison.info.name)
        left, right = input_and_prediction_columns()
        with left:
            at = _choose(comparison, test)
            if comparison.info.kind == "tabular":
                _table(comparison.info, at)
        inputs = scaled(test, slice(at, at + 1))[0]
        with right:
            draw_predictions(comparison, from_example(comparison.info, inputs, int(test.labels[at])))


def _choose(comparison: Comparison, test: TestSet) -> int:
    """Buttons and a number, counted from 1, for the example; its index."""
    key, count = f"predict_example_{comparison.info.name}", len(test.labels)
    at = st.session_state.setdefault(key, 1) - 1
    with st.container(horizontal=True, gap="small"):
        if st.button(_("Previous"), icon=":material/chevron_left:"):
            at = (at - 1) % count
        if st.button(_("Next"), icon=":material/chevron_right:"):
            at = (at + 1) % count
        if st.button(_("Random"), icon=":material/shuffle:"):
            at = random.randrange(count)
        if st.button(_("Next mistake"), icon=":material/search:", help=_("The next one that the network gets wrong.")):
            at = _mistake(comparison, test, at)
        if len(_of_dataset(comparison)) > 1:
            hint = _("The next one to which the networks give different answers.")
            if st.button(_("Next disagreement"), icon=":material/call_split:", help=hint):
                at = _dispute(comparison, test, at)
        st.session_state[key] = at + 1
        label = _("Number of the example in the test set")
        number = int(st.number_input(label, 1, count, key=key, width=150, label_visibility="collapsed"))
    of_all = _("Example {number} of the {count} in the test set, which no network was trained on.")
    st.caption(of_all.format(number=formatting.count(number), count=formatting.count(count)))
    return number - 1


def _mistake(comparison: Comparison, test: TestSet, at: int) -> int:
    found = next_mistake(load_ensemble(comparison.first).kept, test, at)
    if found is None:
        st.toast(_("This network gets every example of the test set right."), icon=":material/check:")
        return at
    return found


def _dispute(comparison: Comparison, test: TestSet, at: int) -> int:
    """The next example on which the runs do not agree; those that cannot answer are left out."""
    asked = []
    for team in _of_dataset(comparison):
        with contextlib.suppress(SnapshotError):
            asked.append(load_ensemble(team).kept)
    found = next_disagreement(asked, test, at) if len(asked) > 1 else None
    if found is None:
        st.toast(_("These networks agree on every example of the test set."), icon=":material/check:")
        return at
    return found


def _of_dataset(comparison: Comparison) -> list[Ensemble]:
    """The runs that read the examples as they are."""
    return [team for team in comparison.ensembles if team.run.dataset == comparison.info.name]


def _table(info: DatasetInfo, at: int) -> None:
    """The measurements of one row, and what the network receives of them."""
    own, standardised = own_units(info.name)[at], shared_test_set(info.name).inputs[at]
    head = (_("Measurement"), _("Value"), _("Network receives"))
    lines = [f"| {' | '.join(head)} |", "|:--|--:|--:|"]
    for name, value, received in zip(info.feature_names or (), own, standardised, strict=True):
        lines.append(f"| {_(name)} | {formatting.raw(value)} | {formatting.signed(received, 2)} |")
    with st.container(height=360 if len(lines) > 12 else "content", border=False):
        st.markdown("\n".join(lines))
    st.caption(_("The network receives each value minus the training set's mean, divided by its standard deviation."))
