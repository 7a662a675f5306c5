"""The test examples that excite a neuron most and least; who chooses one sees the network at work on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mlpcore.figures.excited import Excited, excited_row
from mlpcore.figures.features import Feature
from mlpcore.inference import Network
from mlpcore.insight import scaled
from mlpcore.insight.answers import Indices
from mlpcore.insight.neurons import Reaction
from mlpcore.ui.inspect import address
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.language import _
from mlpcore.ui.pickable import pickable


def count(subject: Subject) -> int:
    """So many examples of each kind are shown."""
    return 8 if subject.info.kind == "image" else 6


def show(subject: Subject, network: Network, found: Reaction, written: Callable[[float], str]) -> None:
    """The most and the least exciting ones, with a sentence how to read them; `written` is an activation as text."""
    sides = st.columns(2, gap="large")
    for side, key, title, examples, values in (
        (sides[0], "inspect_most", _("These test examples excite it most"), found.most, found.highest),
        (sides[1], "inspect_least", _("These excite it least"), found.least, found.lowest),
    ):
        with side:
            st.markdown(f"**{title}**")
            show_examples(key, subject, network, examples, [written(float(value)) for value in values])
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
    cards = []
    for index, shown, note in zip(examples, received, notes, strict=True):
        name = _(subject.info.class_names[int(subject.test.labels[index])])
        hint = _("Example {number}: {name}").format(number=int(index) + 1, name=name)
        cards.append(Excited(_shown(subject, shown), name, note, str(int(index) + 1), f"{hint}, {note}"))
    return excited_row(cards)


def _shown(subject: Subject, received: NDArray[np.float32]) -> NDArray[np.float32] | Sequence[Feature]:
    if subject.info.kind == "image":
        return received
    names = [_(name) for name in subject.info.feature_names or ()]
    values = [f"{value:+.2f}".replace("-", "−") for value in received]
    return [
        Feature(name, float(value), text, f"{name}: {text}")
        for name, value, text in zip(names, received, values, strict=True)
    ]


def _pick(text: str, count: int) -> None:
    """Show the chosen example, counted from 1, in the view of the network."""
    if text.isdecimal() and text.isascii() and 1 <= int(text) <= count:
        address.put(view="network", example=int(text), source=None)
