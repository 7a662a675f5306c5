"""What the training changed between two kept epochs: how far the layers moved, and which answers came out otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import streamlit as st

from mlpcore import analysis, formatting
from mlpcore.analysis.answers import Answers, Indices
from mlpcore.analysis.changes import AnswerChanges, LayerChange, answer_changes, layer_changes, weights_of
from mlpcore.analysis.neurons import sample
from mlpcore.datasets import TestSet
from mlpcore.figures.bar_tables import WeightChange, weight_change_table
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect import address, kept, neuron
from mlpcore.ui.inspect.neuron_examples import show_examples
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.inspect.unit_address import layer_name
from mlpcore.ui.shell.language import _

_KEY = "inspect_upto"
_SHOWN = 8
_PATIENCE = 4  # what changed is counted on all examples where that takes no more than seconds


def show(subject: Subject) -> None:
    """The choice of two kept epochs, and what changed between them."""
    if len(subject.files) < 2:
        st.info(
            _("Only one network of this run is kept, so there is nothing to compare it with."), icon=":material/info:"
        )
        return
    before, after = _pair(subject)
    found = _layer_changes(*subject.version(before), *subject.version(after), subject, before, after)
    if found is None:
        st.info(_("The saved network of one of these epochs is missing or damaged."), icon=":material/info:")
        return
    _layers(subject, *found)
    _answers(subject, before, after)


def _pair(subject: Subject) -> tuple[int, int]:
    """Two kept epochs that follow each other: the last two, or those up to the one in the address."""
    pairs = {after: before for before, after in pairwise(subject.files)}
    asked = address.number("upto", 1, max(pairs))
    st.session_state[_KEY] = asked if asked in pairs else max(pairs)
    after = st.selectbox(
        _("Between which epochs"),
        list(reversed(pairs)),
        format_func=lambda epoch: between(pairs[epoch], epoch),
        key=_KEY,
        on_change=lambda: address.put(upto=st.session_state[_KEY]),
        width=360,
    )
    return pairs[after], after


def between(before: int, after: int) -> str:
    """Two epochs as one says them."""
    if before == 0:
        return _("From the untrained network to epoch {after}").format(after=after)
    return _("Between epoch {before} and epoch {after}").format(before=before, after=after)


def _layers(subject: Subject, whole: bool, changes: Sequence[LayerChange]) -> None:
    network = subject.network
    rows = [_moved(layer_name(number, network), change) for number, change in enumerate(changes)]
    heads = (_("Layer"), _("weights moved by"), _("biases moved on average by"))
    picture("inspect_moved", weight_change_table(rows, heads))
    text = _(
        "How far the weights of a layer moved: the length of their change, ‖ΔW‖, in percent of their own length before,"
        " ‖W‖. Layers with long bars learnt most in this time."
    )
    if not whole:
        text += " " + _("In large layers, 250,000 evenly spread weights stand for all.")
    st.caption(text)


@st.cache_resource(max_entries=64, show_spinner=False)
def _layer_changes(
    path: str, changed: int, later: str, changed_later: int, _subject: Subject, _before: int, _after: int
) -> tuple[bool, tuple[LayerChange, ...]] | None:
    """Whether all weights were compared, and the changes; None where a network cannot be read."""
    found = []
    for epoch in (_before, _after):  # one after the other: large networks need not lie in memory together
        network = kept.network_of(_subject, epoch)
        if network is None:
            return None
        found.append(weights_of(network))
        del network
    one, other = found
    return all(layer.whole for layer in one), layer_changes(one, other)


def _moved(name: str, change: LayerChange) -> WeightChange:
    biases = _("{mean} (most: {largest}, neuron {number})").format(
        mean=formatting.number(change.biases), largest=formatting.number(change.largest), number=change.unit + 1
    )
    if change.weights is None:
        return WeightChange(name, 0.0, formatting.UNKNOWN, biases)
    return WeightChange(name, change.weights, formatting.percent(change.weights), biases)


def _answers(subject: Subject, before: int, after: int) -> None:
    chosen, total = sample(subject.network, len(subject.test.labels), patience=_PATIENCE), len(subject.test.labels)
    old, new = (_answers_to(subject, epoch, chosen) for epoch in (before, after))
    changes = answer_changes(old, new)
    st.markdown(_accuracy(changes))
    if len(chosen) < total:
        st.caption(neuron.looked_at(len(chosen), total))
    for side, key, title, examples in zip(
        st.columns(2, gap="large"),
        ("inspect_learnt", "inspect_lost"),
        (
            _("Was wrong, is right: {count}").format(count=formatting.count(len(changes.learnt))),
            _("Was right, is wrong: {count}").format(count=formatting.count(len(changes.lost))),
        ),
        (changes.learnt, changes.lost),
        strict=True,
    ):
        with side:
            st.markdown(f"**{title}**")
            if len(examples):
                some = examples[:_SHOWN]
                show_examples(key, subject, subject.network, chosen[some], _notes(subject, some, old, new))
    if len(changes.learnt) + len(changes.lost):
        st.caption(_read(changes))


def _answers_to(subject: Subject, epoch: int, chosen: Indices) -> Answers:
    """The answers of the network behind an epoch to these test examples."""
    if len(chosen) == len(subject.test.labels):
        return subject.answers_of(epoch)
    return _some_answers(*subject.version(epoch), len(chosen), subject, epoch, chosen)


@st.cache_resource(max_entries=8, show_spinner=False)
def _some_answers(path: str, changed: int, count: int, _subject: Subject, _epoch: int, _chosen: Indices) -> Answers:
    test = _subject.test
    some = TestSet(test.info, test.inputs[_chosen], test.labels[_chosen])
    return analysis.answers(_subject.network_of(_epoch), some)


def _notes(subject: Subject, examples: Indices, old: Answers, new: Answers) -> list[str]:
    names = [_(name) for name in subject.info.class_names]
    return [f"{names[old.predicted[index]]} → {names[new.predicted[index]]}" for index in examples]


def _accuracy(changes: AnswerChanges) -> str:
    return _("On the test set the accuracy went from {before} to {after}.").format(
        before=f"**{formatting.percent(changes.before)}**", after=f"**{formatting.percent(changes.after)}**"
    )


def _read(changes: AnswerChanges) -> str:
    text = _("Below each example: its true class, and the answer before → after. Click one to see the network at work.")
    if max(len(changes.learnt), len(changes.lost)) <= _SHOWN:
        return text
    some = _("The first {count} of each are shown.").format(count=_SHOWN)
    return f"{text} {some}"
