"""One neuron in detail: its weighted sum, what it receives, and how it responds to the test set."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.network_activity import contributions
from mlpcore.analysis.neuron_response import NeuronResponse, neuron_response
from mlpcore.figures.distribution_plots import ClassRow, class_spread_svg
from mlpcore.figures.images import WeightPicture, grey_url, signed_url, weight_product
from mlpcore.figures.signed_bars import IncomingWeight, incoming_weights_list
from mlpcore.ui.components.pickable import pickable, picture
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.example_context import ExampleContext
from mlpcore.ui.inspect.example_selection import example_row
from mlpcore.ui.inspect.inspected_network import InspectedNetwork, measured_on
from mlpcore.ui.inspect.neuron_selection import Neuron, scroll_target, select_neuron
from mlpcore.ui.shell.browser import on_phone
from mlpcore.ui.shell.language import _, escaped, ngettext, paragraph

_MAX_IMAGES, _MAX_ROWS, _MAX_ROWS_ON_PHONES = 8, 6, 4
"""Examples at each end at most; measurements need more room than images."""

_MAX_LISTED, _LISTED_OF_MANY = 16, 12
"""Up to `_MAX_LISTED` connections are all listed, of more only the `_LISTED_OF_MANY`."""


def show_neuron_details(context: ExampleContext, neuron: Neuron, *, by_contribution: bool) -> None:
    """All about a neuron, for this example and over the test set."""
    inspected = context.inspected
    st.divider()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(_title(context, neuron), anchor=False, width="content")
        st.button(
            _("Close"), icon=":material/close:", key="inspect_close", on_click=lambda: page_address.put(unit=None)
        )
    left, right = st.columns(2, gap="large")
    with left:
        _formulas(context, neuron)
        _incoming_weights(context, neuron, by_contribution=by_contribution)
    response = _response(*inspected.cache_key(), neuron.layer, neuron.index, inspected)
    with right:
        if response.highest[0] == response.lowest[0]:
            text = _("Its activation is the same for every example, so it carries no information.")
            st.info(text, icon=":material/info:")
        _classes(context, neuron, response)
    _activating_examples(context, neuron, response)


def _title(context: ExampleContext, neuron: Neuron) -> str:
    if neuron.layer == context.output:
        name = escaped(context.class_names[neuron.index])
        return _("Output neuron of the class {name}").format(name=name)
    return _("Neuron {number} of hidden layer {layer} ({activation})").format(
        number=neuron.index + 1, layer=neuron.layer + 1, activation=context.activation_name(neuron.layer)
    )


def _formulas(context: ExampleContext, neuron: Neuron) -> None:
    """Its weighted sum and its activation for this example."""
    layer, forward = context.network.layers[neuron.layer], context.forward
    z, a = (float(values[neuron.layer][0, neuron.index]) for values in (forward.preactivations, forward.activations))
    function = r"\mathrm{softmax}(z)" if layer.activation == "softmax" else "f(z)"
    inputs = "a" if neuron.layer else "x"
    added = _sum(z, float(layer.bias[neuron.index]))
    st.markdown(rf"$z = \sum_i {inputs}_i w_i + b = {added}$" + "  \n" + rf"$a = {function} = {formatting.tex(a)}$")
    text = _(
        "The weighted sum of the inputs plus the bias b is z; the activation function turns z into the activation a,"
        " which goes on to the next layer."
    )
    if layer.activation == "softmax":
        text = _(
            "The weighted sum of the inputs plus the bias b is z; the softmax turns the z of all classes into"
            " probabilities that add up to 1."
        )
    st.caption(text)


def _activation_text(context: ExampleContext, neuron: Neuron, activation: float) -> str:
    """An activation as text; those of the output are probabilities."""
    return formatting.probability(activation) if neuron.layer == context.output else formatting.number(activation)


def _sum(z: float, bias: float) -> str:
    """The weighted sum without the bias, the bias and both together, rounded so that the written sum is right."""
    decimals = max(0, min(8, 3 - math.floor(math.log10(max(abs(z), abs(bias), 1e-6)))))
    if max(abs(z), abs(bias)) >= 1e6:
        return formatting.tex(z)
    z, bias = round(z, decimals), round(bias, decimals)
    sign = "-" if bias < 0 else "+"
    return f"{z - bias:,.{decimals}f} {sign} {abs(bias):,.{decimals}f} = {z:,.{decimals}f}".replace(",", "{,}")


@st.cache_resource(max_entries=256, show_spinner=False)
def _response(path: str, changed: int, layer: int, index: int, _inspected: InspectedNetwork) -> NeuronResponse:
    return neuron_response(_inspected.network, _inspected.test_set, layer, index, _MAX_IMAGES)


def _classes(context: ExampleContext, neuron: Neuron, response: NeuronResponse) -> None:
    heading = _("Its activation for each class")
    st.markdown(f"**{heading}**")
    rows = [
        ClassRow(name, spread.mean, spread.quantiles)
        for name, spread in zip(context.class_names, response.classes, strict=True)
    ]
    activation = float(context.forward.activations[neuron.layer][0, neuron.index])
    label = _("this example: {value}").format(value=_activation_text(context, neuron, activation))
    title = _("The neuron's activation for each class of the test set")
    picture("inspect_neuron_classes", class_spread_svg(rows, activation, label, title, narrow=on_phone()))
    text = _(
        "One row per class of the test set: the dot is the mean, the box holds the middle half of the examples, the"
        " line nine of ten. Where boxes do not overlap, the neuron separates these classes."
    )
    st.caption(paragraph(text, measured_on(response.measured, len(context.inspected.test_set.labels))))


def _activating_examples(context: ExampleContext, neuron: Neuron, response: NeuronResponse) -> None:
    """The test examples with the highest and the lowest activation; one that is picked runs through the network."""
    inspected = context.inspected
    count = _MAX_IMAGES if inspected.has_images else _MAX_ROWS_ON_PHONES if on_phone() else _MAX_ROWS
    highest, lowest = (response.highest_examples, response.highest), (response.lowest_examples, response.lowest)
    for side, key, title, (examples, values) in zip(
        st.columns(2, gap="large"),
        ("inspect_highest", "inspect_lowest"),
        (_("Test examples with the highest activation"), _("Test examples with the lowest activation")),
        (highest, lowest),
        strict=True,
    ):
        with side:
            st.markdown(f"**{title}**")
            notes = [_activation_text(context, neuron, float(value)) for value in values[:count]]
            example_row(key, inspected, examples[:count], notes)
    st.caption(
        _(
            "Below each example: its true class and the neuron's activation. What the examples with the highest"
            " activation have in common, and those with the lowest lack, is what the neuron detects. Click or tap an"
            " example to send it through the network."
        )
    )


def _incoming_weights(context: ExampleContext, neuron: Neuron, *, by_contribution: bool) -> None:
    """Draw it with a sentence how to read it; a list is ordered by contribution or else by weight."""
    if neuron.layer == 0 and context.inspected.has_images:
        _weight_images(context, neuron)
    else:
        _weight_list(context, neuron, by_contribution)


def _weight_images(context: ExampleContext, neuron: Neuron) -> None:
    heading = _("Its inputs, pixel by pixel")
    st.markdown(f"**{heading}**")
    layer = context.network.layers[0]
    products = contributions(layer, context.layer_input(0), neuron.index)
    markup = weight_product(
        WeightPicture(grey_url(context.received), _("the image")),
        WeightPicture(signed_url(context.as_image(layer.kernel[:, neuron.index])), _("its weights")),
        WeightPicture(signed_url(context.as_image(products)), _("contributions")),
        _("Image times weights gives contributions"),
    )
    picture("inspect_neuron_inputs", scroll_target("neuron", markup))
    st.caption(
        _(
            "Each pixel has a weight: where it is blue, a bright pixel raises z, where it is amber, it lowers z. Pixel"
            " times weight is the contribution of the pixel; the sum of all contributions and the bias is z."
        )
    )


def _weight_list(context: ExampleContext, neuron: Neuron, by_contribution: bool) -> None:
    heading = _("Its inputs")
    st.markdown(f"**{heading}**")
    layer, inputs = context.network.layers[neuron.layer], context.layer_input(neuron.layer)
    weights, products = layer.kernel[:, neuron.index], contributions(layer, inputs, neuron.index)
    ranked = products if by_contribution else weights.astype(np.float64)
    order = np.argsort(-np.abs(ranked), kind="stable")[: _MAX_LISTED if len(inputs) <= _MAX_LISTED else _LISTED_OF_MANY]
    largest = float(np.abs(ranked).max()) or 1.0
    rows = []
    for source in map(int, order):
        name = context.input_name(neuron.layer, source)
        pick, hint = "", ""
        if neuron.layer:
            pick, hint = Neuron(neuron.layer - 1, source).text, _("Look at {name}").format(name=name)
        length = float(ranked[source]) / largest
        rows.append(IncomingWeight(name, float(inputs[source]), float(weights[source]), length, pick, hint))
    heads = (_("from"), _("activation") if neuron.layer else _("value"), _("weight"), _("contribution"))
    bias = (_("Bias"), float(layer.bias[neuron.index]))
    markup = scroll_target("neuron", incoming_weights_list(rows, heads, bias))
    pickable("inspect_neuron_list", markup, lambda text: select_neuron(text, context.network))
    st.caption(_how_to_read_list(len(inputs), len(rows), by_contribution))


def _how_to_read_list(count: int, shown: int, by_contribution: bool) -> str:
    bars = (
        _("Blue bars to the right raise the weighted sum, amber bars to the left lower it.")
        if by_contribution
        else _("Blue bars to the right are positive weights, amber bars to the left negative ones.")
    )
    if shown == count:
        return bars
    rest = ngettext(
        "The strongest {shown} of {count} connections are listed.",
        "The strongest {shown} of {count} connections are listed.",
        count,
    )
    return paragraph(bars, rest.format(shown=shown, count=formatting.count(count)))
