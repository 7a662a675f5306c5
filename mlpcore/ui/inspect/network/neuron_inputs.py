"""What a neuron receives for an example: its weights as an image where it reads pixels, else as a list of products."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.evidence_paths import contributions
from mlpcore.figures import pixels
from mlpcore.figures.incoming_weights import IncomingWeight, WeightPicture, incoming_weights_list, weight_product
from mlpcore.ui.components.pickable import pickable, picture
from mlpcore.ui.inspect.example_context import ExampleContext
from mlpcore.ui.inspect.neuron_selection import Neuron, scroll_target, select_neuron
from mlpcore.ui.shell.language import _, ngettext, paragraph

_ALL, _STRONGEST = 16, 12
"""Up to `_ALL` connections are all listed, of more only the `_STRONGEST`."""


def show_incoming_weights(context: ExampleContext, neuron: Neuron, *, by_contribution: bool) -> None:
    """Draw it with a sentence how to read it; a list is ordered by contribution or else by weight."""
    if neuron.layer == 0 and context.inspected.has_images:
        _images(context, neuron)
    else:
        _list(context, neuron, by_contribution)


def _images(context: ExampleContext, neuron: Neuron) -> None:
    heading = _("Its inputs, pixel by pixel")
    st.markdown(f"**{heading}**")
    layer = context.network.layers[0]
    products = contributions(layer, context.layer_input(0), neuron.index)
    markup = weight_product(
        WeightPicture(pixels.grey(context.received), _("the image")),
        WeightPicture(pixels.signed(context.as_image(layer.kernel[:, neuron.index])), _("its weights")),
        WeightPicture(pixels.signed(context.as_image(products)), _("contributions")),
        _("Image times weights gives contributions"),
    )
    picture("inspect_neuron_inputs", scroll_target("neuron", markup))
    st.caption(
        _(
            "Each pixel has a weight: where it is blue, a bright pixel raises z, where it is amber, it lowers z. Pixel"
            " times weight is the contribution of the pixel; the sum of all contributions and the bias is z."
        )
    )


def _list(context: ExampleContext, neuron: Neuron, by_contribution: bool) -> None:
    heading = _("Its inputs")
    st.markdown(f"**{heading}**")
    layer, inputs = context.network.layers[neuron.layer], context.layer_input(neuron.layer)
    weights, products = layer.kernel[:, neuron.index], contributions(layer, inputs, neuron.index)
    ranked = products if by_contribution else weights.astype(np.float64)
    order = np.argsort(-np.abs(ranked), kind="stable")[: _ALL if len(inputs) <= _ALL else _STRONGEST]
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
    st.caption(_how_to_read(len(inputs), len(rows), by_contribution))


def _how_to_read(count: int, shown: int, by_contribution: bool) -> str:
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
