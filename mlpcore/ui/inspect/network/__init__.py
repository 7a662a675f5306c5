"""The view Network: how an example runs through the network, as a picture, and the details of any of its neurons."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from mlpcore import formatting
from mlpcore.analysis.network_activity import NetworkActivity, network_activity
from mlpcore.figures import activity as figure
from mlpcore.figures import palette
from mlpcore.figures.activity import Column, Line, Picture, activity_svg
from mlpcore.figures.images import grey_url
from mlpcore.ui.components.pickable import pickable
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.example_context import ExampleContext, headline
from mlpcore.ui.inspect.example_selection import select_example
from mlpcore.ui.inspect.inspected_network import InspectedNetwork
from mlpcore.ui.inspect.network.neuron_details import show_neuron_details
from mlpcore.ui.inspect.neuron_selection import (
    Neuron,
    layer_name,
    parse_neuron,
    scroll_target,
    select_neuron,
    selected_neuron,
)
from mlpcore.ui.shell.browser import on_phone
from mlpcore.ui.shell.language import _, ngettext, paragraph
from mlpcore.ui.shell.page_shell import sentences

_UNITS, _UNITS_ON_PHONES = 16, 12  # of a layer at most


@st.fragment
def network_view(inspected: InspectedNetwork) -> None:
    """An example as it runs through the network, and the selected neuron below."""
    with sentences():
        beside = inspected.info.draws_digits and page_address.get("source") == "draw" and not on_phone()
        left, right = st.columns([3, 7], gap="medium") if beside else (st.container(), st.container())
        with left:
            context = select_example(inspected)
        if context is None:
            right.info(_("Draw a digit to see how the network comes to its prediction."), icon=":material/draw:")
            return
        neuron = selected_neuron(context.network)
        with right:
            labels = {"contributions": _("Contributions for this example"), "weights": _("Weights")}
            lines = page_address.choice(_("What the lines show"), "lines", labels, key="inspect_lines")
            st.markdown(headline(context))
            _draw_network(context, neuron, by_contribution=lines == "contributions")
        if neuron is not None:
            show_neuron_details(context, neuron, by_contribution=lines == "contributions")


@dataclass(frozen=True, eq=False)
class _Diagram:
    """What is drawn: an example, what is worth drawing of the network for it, and the selected neuron."""

    context: ExampleContext
    activity: NetworkActivity
    selected: Neuron | None


def _draw_network(context: ExampleContext, selected: Neuron | None, *, by_contribution: bool) -> None:
    """The figure, whose neurons can be picked, and how to read it; lines are contributions or else weights."""
    keep = [] if selected is None else [(selected.layer, selected.index)]
    units = _UNITS_ON_PHONES if on_phone() else _UNITS
    drawn = network_activity(context.network, context.forward, by_contribution, units, keep)
    diagram = _Diagram(context, drawn, selected)
    pickable("inspect_network", scroll_target("network", _svg(diagram)), lambda text: _pick(text, context))
    _how_to_read(diagram, by_contribution)


def _pick(text: str, context: ExampleContext) -> None:
    """Select the neuron that was picked, and no neuron where it was selected already."""
    neuron = parse_neuron(text, context.network)
    if neuron is not None and neuron == selected_neuron(context.network):
        page_address.put(unit=None)
    else:
        select_neuron(text, context.network)


def _svg(diagram: _Diagram) -> Markup:
    layers = range(len(diagram.context.network.layers))
    columns = [_input(diagram), *(_hidden(diagram, layer) for layer in layers[:-1]), _output(diagram)]
    lines = [_lines(diagram, layer) for layer in layers]
    title = _("The network for this example")
    return activity_svg(columns, lines, title, _image(diagram.context), narrow=on_phone())


def _image(context: ExampleContext) -> Picture | None:
    if not context.inspected.has_images:
        return None
    height, width = context.network.input_shape
    return Picture(grey_url(context.received), height, width)


def _lines(diagram: _Diagram, layer: int) -> list[Line]:
    """The connections into a layer, by the positions of the drawn neurons."""
    columns = diagram.activity.layers
    before, after = (
        {int(unit): position for position, unit in enumerate(columns[number].units)} for number in (layer, layer + 1)
    )
    return [
        Line(before.get(line.source, line.source), after[line.target], line.strength, line.marked)
        for line in diagram.activity.connections[layer]
    ]


def _input(diagram: _Diagram) -> Column:
    context, drawn = diagram.context, diagram.activity.layers[0]
    info = context.inspected.info
    if context.inspected.has_images:
        return Column(_("Input"), _("{size} pixels").format(size="×".join(map(str, info.input_shape))), ())
    starts = {line.source for line in diagram.activity.connections[0] if line.marked}
    neurons = []
    for unit, level in zip(drawn.units, drawn.levels, strict=True):
        name, value = context.inspected.feature_names[unit], formatting.signed(float(context.received[unit]))
        hint, marked = f"{name}: {value}", int(unit) in starts
        neurons.append(figure.Neuron("", float(level), hint=hint, name=name, value=value, marked=marked))
    return Column(_("Input"), _("measurements"), tuple(neurons), _rest(info.inputs - len(neurons)))


def _hidden(diagram: _Diagram, layer: int) -> Column:
    context, drawn = diagram.context, diagram.activity.layers[layer + 1]
    outputs = context.forward.activations[layer][0]
    on_path = {path.units[layer] for path in diagram.activity.paths}
    neurons = tuple(
        _neuron(
            diagram,
            Neuron(layer, int(unit)),
            float(level),
            formatting.number(float(outputs[unit])),
            int(unit) in on_path,
        )
        for unit, level in zip(drawn.units, drawn.levels, strict=True)
    )
    note = f"{formatting.count(len(outputs))} {context.activation_name(layer)}"
    return Column(layer_name(layer, context.network), note, neurons, _rest(len(outputs) - len(drawn.units)))


def _neuron(diagram: _Diagram, neuron: Neuron, level: float, value: str, marked: bool) -> figure.Neuron:
    hint = _("{layer}, neuron {number}: activation {value}").format(
        layer=layer_name(neuron.layer, diagram.context.network), number=neuron.index + 1, value=value
    )
    chosen = neuron == diagram.selected
    return figure.Neuron(str(neuron.index + 1), level, neuron.text, hint, marked=marked, chosen=chosen)


def _output(diagram: _Diagram) -> Column:
    context = diagram.context
    neurons = []
    for index, share in enumerate(diagram.activity.layers[-1].levels):
        neuron, name, value = (
            Neuron(context.output, index),
            context.class_names[index],
            formatting.probability(float(share)),
        )
        tone, mark = _verdict(context, index)
        neurons.append(
            figure.Neuron(
                "",
                float(share),
                neuron.text,
                f"{name}: {value}",
                f"{name}{mark}",
                value,
                index == context.predicted,
                neuron == diagram.selected,
                tone,
            )
        )
    return Column(layer_name(context.output, context.network), context.activation_name(context.output), tuple(neurons))


def _verdict(context: ExampleContext, index: int) -> tuple[str, str]:
    """The colour and the mark of a class: the true one, and the predicted one where that is another."""
    if index == context.label:
        return palette.CORRECT_TEXT, f" {palette.CORRECT_MARK}"
    if index == context.predicted:
        return ("currentColor", "") if context.label is None else (palette.WRONG_TEXT, f" {palette.WRONG_MARK}")
    return "", ""


def _rest(count: int) -> str:
    """How many units of a layer are not drawn."""
    return ngettext("{count} more", "{count} more", count).format(count=formatting.count(count)) if count else ""


def _how_to_read(diagram: _Diagram, by_contribution: bool) -> None:
    lines = (
        _(
            "Each line is a contribution: the activation at its left end times its weight. Blue lines raise the"
            " weighted sum of the neuron on the right, amber lines lower it; the thicker the line, the larger the"
            " contribution."
        )
        if by_contribution
        else _(
            "Each line is a weight, the same for every example: blue ones are positive, amber ones negative; the"
            " thicker the line, the larger the weight."
        )
    )
    bright = _(
        "The brighter a neuron, the larger its activation for this example, compared with the largest one of its layer"
        " or with the limit of its activation function; amber means a negative activation."
    )
    layers = _("In large layers only the most active neurons and the strongest lines are drawn.")
    st.caption(paragraph(_("Read it from left to right."), bright, lines, layers))
    paths = [_about_paths(diagram), _("Click or tap a neuron to see below what it does.")]
    if diagram.context.network.prepare == "deskew":
        paths.append(_("This network straightens each image first; the image here is what its first layer receives."))
    st.caption(paragraph(*paths))


def _about_paths(diagram: _Diagram) -> str:
    context, paths = diagram.context, diagram.activity.paths
    if not paths:
        return _("Only biases support this prediction: no path leads to it.")
    if len(context.network.layers) == 1:
        return _("The highlighted lines start at the inputs that contribute most to the prediction.")
    share = sum(path.share for path in paths)
    text = ngettext(
        "Highlighted is the strongest path to the prediction, found backwards: at each neuron it follows the largest"
        " positive contribution. It carries {percent} of all evidence for the predicted class.",
        "Highlighted are the {count} strongest paths to the prediction, found backwards: at each neuron they follow the"
        " largest positive contributions. Together they carry {percent} of all evidence for the predicted class.",
        len(paths),
    ).format(count=len(paths), percent=formatting.probability(share))
    activations = context.forward.activations
    if any(activations[layer][0, unit] < 0 for path in paths for layer, unit in enumerate(path.units)):
        negative = _("At a neuron whose negative activation helps, they follow the contributions that lower it.")
        text = paragraph(text, negative)
    return text
