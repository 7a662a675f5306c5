"""Test examples as small pictures: cards with the prediction, and rows of examples that lead to the network view."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from mlpcore import formatting
from mlpcore.analysis.sampling import Indices, scaled
from mlpcore.figures.example_cards import ActivatingExample, ExampleCard, activating_examples
from mlpcore.figures.feature_bars import Feature
from mlpcore.ui.components.pickable import pickable
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.inspected_network import InspectedNetwork
from mlpcore.ui.inspect.neuron_selection import scroll_into_view
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.test_sets import measured_values


def cards(inspected: InspectedNetwork, examples: Indices) -> list[ExampleCard]:
    """A card for each of these test examples: what the network receives, and what it predicts."""
    received = inspected.network.received(scaled(inspected.test_set, examples))
    return [_card(inspected, int(index), values) for index, values in zip(examples, received, strict=True)]


def example_row(key: str, inspected: InspectedNetwork, examples: Indices, notes: Sequence[str]) -> None:
    """A row of test examples, each with its true class and a note; one that is picked opens in the network view."""
    count = len(inspected.test_set.labels)
    pickable(key, _row(inspected, examples, notes), lambda text: _open_in_network(text, count))


def _card(inspected: InspectedNetwork, index: int, received: NDArray[np.float32]) -> ExampleCard:
    predictions, names = inspected.predictions, inspected.class_names
    label, predicted = int(predictions.labels[index]), int(predictions.predicted[index])
    words = {
        "number": formatting.count(index + 1),
        "predicted": names[predicted],
        "percent": formatting.probability(float(predictions.confidence[index])),
        "truth": names[label],
    }
    if label == predicted:
        notes: tuple[str, ...] = ("· {percent}",)
        description = _("Example {number}: the network predicts {predicted} ({percent}), which is right.")
    else:
        notes = ("· {percent}", _("(true: {truth})"))
        description = _("Example {number}: the network predicts {predicted} ({percent}), but it is {truth}.")
    return ExampleCard(
        index + 1,
        _drawable(inspected, index, received),
        [float(share) for share in predictions.probabilities[index]],
        label,
        predicted,
        names[predicted],
        tuple(note.format(**words) for note in notes),
        description.format(**words),
    )


def _row(inspected: InspectedNetwork, examples: Indices, notes: Sequence[str]) -> Markup:
    test, names = inspected.test_set, inspected.class_names
    received = inspected.network.received(scaled(test, examples))
    items = []
    for index, values, note in zip(map(int, examples), received, notes, strict=True):
        name = names[int(test.labels[index])]
        hint = _("Example {number}: {name}").format(number=index + 1, name=name)
        items.append(
            ActivatingExample(_drawable(inspected, index, values), name, note, str(index + 1), f"{hint}, {note}")
        )
    return activating_examples(items)


def _drawable(
    inspected: InspectedNetwork, index: int, received: NDArray[np.float32]
) -> NDArray[np.float32] | list[Feature]:
    """The image of a test example as received; of measurements bars, in their own units and as received."""
    if inspected.has_images:
        return received
    measured = measured_values(inspected.info.name)[index]
    title = _("{name}: {value}, {deviations} standard deviations from the mean")
    bars = []
    for name, value, standardised in zip(inspected.feature_names, measured, received, strict=True):
        text = formatting.raw(value)
        hint = title.format(name=name, value=text, deviations=formatting.signed(standardised, 2))
        bars.append(Feature(name, float(standardised), text, hint))
    return bars


def _open_in_network(text: str, count: int) -> None:
    """Show the picked example, counted from 1, in the view of the network; `text` comes from a browser."""
    if text.isdecimal() and text.isascii() and 1 <= int(text) <= count:
        page_address.go_to_example(int(text) - 1, view="network", source=None)
        scroll_into_view("network")
