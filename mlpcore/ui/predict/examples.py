"""Examples of the test set, one at a time: its images, or the measurements in its rows."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mlpcore import datasets
from mlpcore.datasets import DatasetInfo, TestSet
from mlpcore.inference import Network
from mlpcore.ui.frame import sentences
from mlpcore.ui.language import _
from mlpcore.ui.predict.answer import Shown, show_answer
from mlpcore.ui.predict.layout import sides
from mlpcore.ui.predict.networks import Choice, network

BLOCK = 250
"""So many examples at once go through the network in search of a mistake."""


@st.fragment
def examples(choice: Choice) -> None:
    """The chosen example of the test set beside the network's answer to it."""
    with sentences():
        net, test = network(choice), _test_set(choice.info.name)
        left, right = sides()
        with left:
            at = _choose(choice.info, test, net)
            if choice.info.kind == "tabular":
                _table(choice.info, at)
        inputs = _scaled(test, slice(at, at + 1))[0]
        with right:
            show_answer("predict_answer", choice.info, net, Shown(inputs, int(test.labels[at])))


def next_mistake(net: Network, test: TestSet, behind: int) -> int | None:
    """The index of the next test example, from `behind` on and round, that the network gets wrong; None if none."""
    count = len(test.labels)
    order = (behind + 1 + np.arange(count)) % count
    for start in range(0, count, BLOCK):
        block = order[start : start + BLOCK]
        wrong = net.probabilities(_scaled(test, block)).argmax(axis=1) != test.labels[block]
        if wrong.any():
            return int(block[wrong.argmax()])
    return None


def _scaled(test: TestSet, chosen: Any) -> NDArray[np.float32]:
    return np.asarray(test.inputs[chosen], np.float32) / np.float32(test.info.scale)


def _choose(info: DatasetInfo, test: TestSet, net: Network) -> int:
    """Buttons and a number, counted from 1, for the example; its index."""
    key, count = f"predict_example_{info.name}", len(test.labels)
    at = st.session_state.setdefault(key, 1) - 1
    with st.container(horizontal=True, gap="small"):
        if st.button(_("Previous"), icon=":material/chevron_left:"):
            at = (at - 1) % count
        if st.button(_("Next"), icon=":material/chevron_right:"):
            at = (at + 1) % count
        if st.button(_("Random"), icon=":material/shuffle:"):
            at = random.randrange(count)
        if st.button(_("Next mistake"), icon=":material/search:", help=_("The next one that the network gets wrong.")):
            at = _mistake(net, test, at)
        st.session_state[key] = at + 1
        label = _("Number of the example in the test set")
        number = int(st.number_input(label, 1, count, key=key, width=150, label_visibility="collapsed"))
    of_all = _("Example {number} of the {count} in the test set, which no network was trained on.")
    st.caption(of_all.format(number=f"{number:,}", count=f"{count:,}"))
    return number - 1


def _mistake(net: Network, test: TestSet, at: int) -> int:
    found = next_mistake(net, test, at)
    if found is None:
        st.toast(_("This network gets every example of the test set right."), icon=":material/check:")
        return at
    return found


@st.cache_resource(max_entries=2, show_spinner=False)
def _test_set(name: str) -> TestSet:
    return datasets.load_test(name)


@st.cache_data(max_entries=6, show_spinner=False)
def _measurements(name: str) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """The test set's rows in their own units, and standardised, as the network receives them."""
    data = datasets.load(name)
    return data.test_inputs * data.feature_deviations + data.feature_means, data.test_inputs


def _table(info: DatasetInfo, at: int) -> None:
    """The measurements of one row, and what the network receives of them."""
    own, standardised = (rows[at] for rows in _measurements(info.name))
    head = (_("Measurement"), _("Value"), _("Network receives"))
    lines = [f"| {' | '.join(head)} |", "|:--|--:|--:|"]
    for name, value, received in zip(info.feature_names or (), own, standardised, strict=True):
        lines.append(f"| {_(name)} | {value:.4g} | {received:+.2f} |")
    with st.container(height=360 if len(lines) > 12 else "content", border=False):
        st.markdown("\n".join(lines))
    st.caption(_("The network receives each value minus the training set's mean, divided by its standard deviation."))
