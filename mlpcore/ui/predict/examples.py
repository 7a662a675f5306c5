"""Examples of the test set, one at a time: its images, or the measurements in its rows."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mlpcore import formatting
from mlpcore.analysis import scaled
from mlpcore.datasets import DatasetInfo, TestSet
from mlpcore.errors import SnapshotError
from mlpcore.inference import Network
from mlpcore.ui.predict.answering import ready
from mlpcore.ui.predict.answers import show_answers
from mlpcore.ui.predict.layout import sides
from mlpcore.ui.predict.shown import of_example
from mlpcore.ui.predict.teams import Panel, Team
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences
from mlpcore.ui.shell.test_sets import own_units, shared_test_set

BLOCK = 250
"""So many examples at once go through the network in search of a mistake."""


@st.fragment
def examples(panel: Panel) -> None:
    """The chosen example of the test set beside the networks' answers to it."""
    with sentences():
        test = shared_test_set(panel.info.name)
        left, right = sides()
        with left:
            at = _choose(panel, test)
            if panel.info.kind == "tabular":
                _table(panel.info, at)
        inputs = scaled(test, slice(at, at + 1))[0]
        with right:
            show_answers(panel, of_example(panel.info, inputs, int(test.labels[at])))


def next_mistake(networks: Sequence[Network], test: TestSet, behind: int) -> int | None:
    """The index of the next test example, from `behind` on and round, that the networks' mean gets wrong, or None."""
    return _next(test, behind, lambda block: _tops(networks, test, block) != test.labels[block])


def next_dispute(teams: Sequence[Sequence[Network]], test: TestSet, behind: int) -> int | None:
    """The index of the next test example, as above, on which the teams, each by its mean, do not agree, or None."""

    def disputed(block: NDArray[np.intp]) -> NDArray[np.bool_]:
        first, *others = (_tops(networks, test, block) for networks in teams)
        return np.asarray(np.any([first != other for other in others], axis=0))

    return _next(test, behind, disputed)


def _next(test: TestSet, behind: int, sought: Callable[[NDArray[np.intp]], NDArray[np.bool_]]) -> int | None:
    count = len(test.labels)
    order = (behind + 1 + np.arange(count)) % count
    for start in range(0, count, BLOCK):
        block = order[start : start + BLOCK]
        found = sought(block)
        if found.any():
            return int(block[found.argmax()])
    return None


def _tops(networks: Sequence[Network], test: TestSet, block: NDArray[np.intp]) -> NDArray[np.intp]:
    inputs = scaled(test, block)
    return np.asarray(np.mean([network.probabilities(inputs) for network in networks], axis=0).argmax(axis=1))


def _choose(panel: Panel, test: TestSet) -> int:
    """Buttons and a number, counted from 1, for the example; its index."""
    key, count = f"predict_example_{panel.info.name}", len(test.labels)
    at = st.session_state.setdefault(key, 1) - 1
    with st.container(horizontal=True, gap="small"):
        if st.button(_("Previous"), icon=":material/chevron_left:"):
            at = (at - 1) % count
        if st.button(_("Next"), icon=":material/chevron_right:"):
            at = (at + 1) % count
        if st.button(_("Random"), icon=":material/shuffle:"):
            at = random.randrange(count)
        if st.button(_("Next mistake"), icon=":material/search:", help=_("The next one that the network gets wrong.")):
            at = _mistake(panel, test, at)
        if len(_of_dataset(panel)) > 1:
            hint = _("The next one to which the networks give different answers.")
            if st.button(_("Next disagreement"), icon=":material/call_split:", help=hint):
                at = _dispute(panel, test, at)
        st.session_state[key] = at + 1
        label = _("Number of the example in the test set")
        number = int(st.number_input(label, 1, count, key=key, width=150, label_visibility="collapsed"))
    of_all = _("Example {number} of the {count} in the test set, which no network was trained on.")
    st.caption(of_all.format(number=formatting.count(number), count=formatting.count(count)))
    return number - 1


def _mistake(panel: Panel, test: TestSet, at: int) -> int:
    found = next_mistake(ready(panel.first).networks[0], test, at)
    if found is None:
        st.toast(_("This network gets every example of the test set right."), icon=":material/check:")
        return at
    return found


def _dispute(panel: Panel, test: TestSet, at: int) -> int:
    """The next example on which the runs do not agree; those that cannot answer are left out."""
    asked = []
    for team in _of_dataset(panel):
        with contextlib.suppress(SnapshotError):
            asked.append(ready(team).networks[0])
    found = next_dispute(asked, test, at) if len(asked) > 1 else None
    if found is None:
        st.toast(_("These networks agree on every example of the test set."), icon=":material/check:")
        return at
    return found


def _of_dataset(panel: Panel) -> list[Team]:
    """The runs that read the examples as they are."""
    return [team for team in panel.teams if team.run.dataset == panel.info.name]


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
