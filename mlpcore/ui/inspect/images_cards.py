"""Examples of the test set as cards: what the network receives, and what it answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlpcore import formatting
from mlpcore.analysis import scaled
from mlpcore.analysis.answers import Indices
from mlpcore.figures.example_cards import ExampleCard
from mlpcore.figures.feature_bars import Feature
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.test_sets import own_units


def cards(subject: Subject, chosen: Indices) -> list[ExampleCard]:
    """A card for each of the chosen examples, as the network receives them."""
    received = subject.network.received(scaled(subject.test, chosen))
    return [_card(subject, int(index), one) for index, one in zip(chosen, received, strict=True)]


def _card(subject: Subject, index: int, received: NDArray[np.float32]) -> ExampleCard:
    answers, info = subject.answers, subject.info
    names = [_(name) for name in info.class_names]
    truth, answer = int(answers.labels[index]), int(answers.predicted[index])
    words = {
        "number": formatting.count(index + 1),
        "answer": names[answer],
        "percent": formatting.probability(float(answers.confidence[index])),
        "truth": names[truth],
    }
    if truth == answer:
        notes: tuple[str, ...] = ("· {percent}",)
        description = _("Example {number}: the network says {answer} ({percent}), which is right.")
    else:
        notes = ("· {percent}", _("(true: {truth})"))
        description = _("Example {number}: the network says {answer} ({percent}), but it is {truth}.")
    return ExampleCard(
        index + 1,
        received if info.kind == "image" else features(subject, index, received),
        [float(share) for share in answers.probabilities[index]],
        truth,
        answer,
        names[answer],
        tuple(note.format(**words) for note in notes),
        description.format(**words),
    )


def features(subject: Subject, index: int, received: NDArray[np.float32]) -> list[Feature]:
    """The measurements of a test example, in their own units and as the network receives them."""
    own = own_units(subject.info.name)[index]
    title = _("{name}: {value}, {deviations} standard deviations from the mean")
    found = []
    for feature, value, standardised in zip(subject.info.feature_names or (), own, received, strict=True):
        name, text = _(feature), formatting.raw(value)
        says = title.format(name=name, value=text, deviations=formatting.signed(standardised, 2))
        found.append(Feature(name, float(standardised), text, says))
    return found
