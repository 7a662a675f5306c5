"""What a neuron receives for an example: its weights as a picture where it reads pixels, else as a list of products."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.paths import contributions
from mlpcore.figures import pixels
from mlpcore.figures.incoming_weights import IncomingWeight, WeightPicture, incoming_weights_list, weight_product
from mlpcore.inference import Network
from mlpcore.inference.network import Pass
from mlpcore.ui.components.pickable import pickable, picture
from mlpcore.ui.inspect import unit_address
from mlpcore.ui.inspect.scroll_into_view import arriving
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.inspect.unit_address import Unit, parsed
from mlpcore.ui.shell.language import _, ngettext

_ALL, _ROWS = 16, 12  # up to so many connections are listed, and of more than these only the strongest


def show(subject: Subject, network: Network, run: Pass, unit: Unit, by_contribution: bool) -> None:
    """Draw it with a sentence how to read it."""
    if unit.layer == 0 and len(network.input_shape) > 1:
        _pictures(network, run, unit)
    else:
        _list(subject, network, run, unit, by_contribution)


def _pictures(network: Network, run: Pass, unit: Unit) -> None:
    heading = _("What it receives, pixel by pixel")
    st.markdown(f"**{heading}**")
    shape, received = network.input_shape, run.received[0]
    weights = network.layers[0].kernel[:, unit.index]
    products = contributions(network.layers[0], received, unit.index)
    markup = weight_product(
        WeightPicture(pixels.grey(received.reshape(shape)), _("the picture")),
        WeightPicture(pixels.signed(weights.reshape(shape)), _("its weights")),
        WeightPicture(pixels.signed(products.reshape(shape)), _("contributions")),
        _("Picture times weights makes contributions"),
    )
    picture("inspect_neuron_inputs", arriving("neuron", markup))
    st.caption(
        _(
            "Each pixel has a weight: where it is blue, a bright pixel excites the neuron, where it is amber, it"
            " inhibits it. Pixel times weight is the pixel's contribution, and the sum of all contributions goes into"
            " z."
        )
    )


def _list(subject: Subject, network: Network, run: Pass, unit: Unit, by_contribution: bool) -> None:
    heading = _("What it receives")
    st.markdown(f"**{heading}**")
    layer = network.layers[unit.layer]
    flow = run.activations[unit.layer - 1][0] if unit.layer else run.received[0]
    weights, products = layer.kernel[:, unit.index], contributions(layer, flow, unit.index)
    ranked = products if by_contribution else weights.astype(np.float64)
    order = np.argsort(-np.abs(ranked), kind="stable")[: _ALL if len(flow) <= _ALL else _ROWS]
    largest = float(np.abs(ranked).max()) or 1.0
    rows = []
    for source in map(int, order):
        name, pick, hint = _source(subject, unit, source)
        length = float(ranked[source]) / largest
        rows.append(IncomingWeight(name, float(flow[source]), float(weights[source]), length, pick, hint))
    heads = (_("from"), _("activation") if unit.layer else _("value"), _("weight"), _("contribution"))
    bias = (_("Bias"), float(layer.bias[unit.index]))
    markup = arriving("neuron", incoming_weights_list(rows, heads, bias))
    pickable("inspect_neuron_list", markup, lambda text: _pick(text, network))
    st.caption(_list_text(len(flow), len(rows), by_contribution))


def _source(subject: Subject, unit: Unit, source: int) -> tuple[str, str, str]:
    """The name of what lies before, and how it is chosen."""
    if unit.layer == 0:
        return _((subject.info.feature_names or ())[source]), "", ""
    name = _("Neuron {number}").format(number=source + 1)
    return name, Unit(unit.layer - 1, source).text, _("Look at {name}").format(name=name)


def _pick(text: str, network: Network) -> None:
    unit = parsed(text, network)
    if unit is not None:
        unit_address.choose(unit)


def _list_text(count: int, shown: int, by_contribution: bool) -> str:
    bars = (
        _("Blue bars to the right raise the weighted sum, amber ones to the left lower it.")
        if by_contribution
        else _("Blue bars to the right are positive weights, amber ones to the left negative ones.")
    )
    if shown == count:
        return bars
    rest = ngettext(
        "The strongest {shown} of {count} connections are listed.",
        "The strongest {shown} of {count} connections are listed.",
        count,
    )
    return f"{bars} {rest.format(shown=shown, count=formatting.count(count))}"
