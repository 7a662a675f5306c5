"""The test examples that excite a neuron most and least; who chooses one sees the network at work on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from mlpcore.analysis import scaled
from mlpcore.analysis.answers import Indices
from mlpcore.analysis.neurons import Reaction
from mlpcore.figures.example_cards import ActivatingExample, activating_examples
from mlpcore.inference import Network
from mlpcore.ui.components.pickable import pickable
from mlpcore.ui.inspect import address, scroll_into_view
from mlpcore.ui.inspect.images_cards import features
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.phone import on_phone

MOST = 8
"""So many examples of each kind are shown at most; measurements need more room than pictures."""
_ROWS, _ROWS_ON_PHONES = 6, 4


def show(subject: Subject, network: Network, found: Reaction, written: Callable[[float], str]) -> None:
    """The most and the least exciting ones, with a sentence how to read them; `written` is an activation as text."""
    count = MOST if subject.info.kind == "image" else _ROWS_ON_PHONES if on_phone() else _ROWS
    sides = st.columns(2, gap="large")
    for side, key, title, examples, values in (
        (sides[0], "inspect_most", _("These test examples excite it most"), found.most, found.highest),
        (sides[1], "inspect_least", _("These excite it least"), found.least, found.lowest),
    ):
        with side:
            st.markdown(f"**{title}**")
            notes = [written(float(value)) for value in values[:count]]
            show_examples(key, subject, network, examples[:count], notes)
    st.caption(
        _(
            "Below each example: its true class and the neuron's activation. What the first row has in common, and"
            " the second has not, is what the neuron looks for. Click an example to send it through the network."
        )
    )


def show_examples(key: str, subject: Subject, network: Network, examples: Indices, notes: Sequence[str]) -> None:
    """A row of test examples as the network receives them, each with its true class and a note."""
    pickable(key, _row(subject, network, examples, notes), lambda text: _pick(text, len(subject.test.labels)))


def _row(subject: Subject, network: Network, examples: Indices, notes: Sequence[str]) -> str:
    received = network.received(scaled(subject.test, examples))
    picture, cards = subject.info.kind == "image", []
    for index, shown, note in zip(examples, received, notes, strict=True):
        name = _(subject.info.class_names[int(subject.test.labels[index])])
        hint = _("Example {number}: {name}").format(number=int(index) + 1, name=name)
        cards.append(
            ActivatingExample(
                shown if picture else features(subject, int(index), shown),
                name,
                note,
                str(int(index) + 1),
                f"{hint}, {note}",
            )
        )
    return activating_examples(cards)


def _pick(text: str, count: int) -> None:
    """Show the chosen example, counted from 1, in the view of the network."""
    if text.isdecimal() and text.isascii() and 1 <= int(text) <= count:
        address.put(view="network", example=int(text), source=None)
        scroll_into_view.announce("network")
