"""Which example the views explain: a test example or a drawing, and small pictures of test examples to pick from."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence

import numpy as np
import streamlit as st
from markupsafe import Markup
from numpy.typing import NDArray

from mlpcore import formatting
from mlpcore.analysis.sampling import Indices, scaled
from mlpcore.figures.example_cards import ActivatingExample, ExampleCard, activating_examples
from mlpcore.figures.signed_bars import Feature
from mlpcore.pictures import Strokes, parse_strokes, prepare
from mlpcore.ui.components.canvas import SHARED, canvas
from mlpcore.ui.components.pickable import pickable
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.example_context import ExampleContext, context_for, headline
from mlpcore.ui.inspect.inspected_network import InspectedNetwork
from mlpcore.ui.inspect.neuron_selection import scroll_into_view
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences
from mlpcore.ui.shell.shared_datasets import measured_values

_NUMBER, _CLASS = "inspect_example", "inspect_{parameter}"
_DRAWING = "inspect.drawing"


def select_example(inspected: InspectedNetwork) -> ExampleContext | None:
    """Draw the choice of an example, which all views share; None while nothing is drawn on the canvas."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="inspect_choice"):
        drawing = inspected.info.draws_digits and _select_source() == "draw"
        index = None if drawing else _select_number(inspected)
    if index is None:
        inputs = _drawn_inputs(inspected)
        return None if inputs is None else context_for(inspected, inputs, None, None)
    test = inspected.test_set
    return context_for(inspected, scaled(test, slice(index, index + 1))[0], int(test.labels[index]), index)


def introduce_example(inspected: InspectedNetwork, invitation: str) -> ExampleContext | None:
    """How a view of one example begins: its choice and the prediction; `invitation` while there is no drawing."""
    context = select_example(inspected)
    if context is None:
        st.info(invitation, icon=":material/draw:")
        return None
    st.markdown(headline(context))
    return context


def select_class(label: str, parameter: str, context: ExampleContext, help_text: str) -> int:
    """A button for each class; the chosen one, which is the predicted class as long as no other is.

    The address holds, counted from 0 on, only a class other than the predicted one.
    """
    names, predicted = context.class_names, context.predicted
    requested = page_address.number(parameter, 0, len(names) - 1)
    key = _CLASS.format(parameter=parameter)
    st.session_state[key] = predicted if requested is None else requested

    def write() -> None:
        picked = st.session_state[key]
        page_address.put(**{parameter: None if picked == predicted else picked})

    chosen = st.segmented_control(
        label,
        range(len(names)),
        format_func=names.__getitem__,
        key=key,
        on_change=write,
        help=help_text or None,
        required=True,
        wrap=True,
    )
    return predicted if chosen is None else int(chosen)


def _select_source() -> str:
    test, draw = _("Test image"), _("Draw")
    labels = {"test": f":material/image: {test}", "draw": f":material/draw: {draw}"}
    label = _("Example")
    return page_address.choice(label, "source", labels, key="inspect_source", forgets=page_address.ABOUT_EXAMPLE)


def _drawn_inputs(inspected: InspectedNetwork) -> NDArray[np.float32] | None:
    strokes = canvas(SHARED).strokes
    if strokes is None:
        return None
    st.caption(_("The figures show the drawing as the network receives it: white on black."))
    with sentences():
        drawing = parse_strokes(strokes)
        _forget_last_drawing(drawing)
        return prepare(drawing, inspected.info.input_shape).inputs
    return None


def _forget_last_drawing(drawing: Strokes) -> None:
    """Forget what was chosen for another drawing; the address says nothing about the drawing itself."""
    digest = hashlib.sha256(b"|".join(line.tobytes() for line in drawing.lines)).hexdigest()
    if st.session_state.setdefault(_DRAWING, digest) != digest:
        page_address.forget(page_address.ABOUT_EXAMPLE)
    st.session_state[_DRAWING] = digest


def _select_number(inspected: InspectedNetwork) -> int:
    """Buttons and a number, counted from 1, for the test example; its index."""
    count = len(inspected.test_set.labels)
    st.session_state[_NUMBER] = page_address.number("example", 1, count) or 1
    for name, label, icon, step in (
        ("previous", _("Previous"), ":material/chevron_left:", -1),
        ("next", _("Next"), ":material/chevron_right:", 1),
    ):
        st.button(label, icon=icon, key=f"inspect_{name}", on_click=_step, args=(count, step))
    st.button(
        _("Random"),
        icon=":material/shuffle:",
        key="inspect_random",
        on_click=lambda: page_address.go_to_example(random.randrange(count)),
    )
    st.button(
        _("Next mistake"),
        icon=":material/search:",
        key="inspect_next_mistake",
        on_click=_to_next_mistake,
        args=(inspected,),
        help=_("The next one that the network gets wrong."),
    )
    number = st.number_input(
        _("Number of the example in the test set"),
        1,
        count,
        key=_NUMBER,
        on_change=lambda: page_address.go_to_example(st.session_state[_NUMBER] - 1),
        width=150,
        label_visibility="collapsed",
    )
    return int(number) - 1


def _step(count: int, by: int) -> None:
    page_address.go_to_example(((page_address.number("example", 1, count) or 1) - 1 + by) % count)


def _to_next_mistake(inspected: InspectedNetwork) -> None:
    wrong = inspected.predictions.mistakes()
    current = (page_address.number("example", 1, len(inspected.test_set.labels)) or 1) - 1
    if len(wrong) == 0:
        st.toast(_("This network gets every example of the test set right."), icon=":material/check:")
        return
    later = wrong[wrong > current]
    page_address.go_to_example(int(later[0] if len(later) else wrong[0]))


def cards(inspected: InspectedNetwork, examples: Indices) -> list[ExampleCard]:
    """A card for each of these test examples: what the network receives, and what it predicts."""
    received = inspected.network.prepared_inputs(scaled(inspected.test_set, examples))
    return [_card(inspected, int(index), values) for index, values in zip(examples, received, strict=True)]


def example_row(key: str, inspected: InspectedNetwork, examples: Indices, notes: Sequence[str]) -> None:
    """A row of test examples, each with its true class and a note; one that is picked opens in the network view."""
    count = len(inspected.test_set.labels)
    pickable(key, _row(inspected, examples, notes), lambda text: _open_in_network(text, count))


def _card(inspected: InspectedNetwork, index: int, received: NDArray[np.float32]) -> ExampleCard:
    predictions, names = inspected.predictions, inspected.class_names
    label, predicted = int(predictions.labels[index]), int(predictions.predicted[index])
    values = {
        "number": formatting.count(index + 1),
        "predicted": names[predicted],
        "percent": formatting.probability(float(predictions.confidence[index])),
        "label": names[label],
    }
    if label == predicted:
        notes: tuple[str, ...] = ("· {percent}",)
        description = _("Example {number}: the network predicts {predicted} ({percent}), which is right.")
    else:
        notes = ("· {percent}", _("(true: {label})"))
        description = _("Example {number}: the network predicts {predicted} ({percent}), but it is {label}.")
    return ExampleCard(
        index + 1,
        _drawable(inspected, index, received),
        [float(share) for share in predictions.probabilities[index]],
        label,
        predicted,
        names[predicted],
        tuple(note.format(**values) for note in notes),
        description.format(**values),
    )


def _row(inspected: InspectedNetwork, examples: Indices, notes: Sequence[str]) -> Markup:
    test, names = inspected.test_set, inspected.class_names
    received = inspected.network.prepared_inputs(scaled(test, examples))
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
