"""One neuron from near by: what it receives, which examples excite it, and how it tells the classes apart."""

from __future__ import annotations

import math
from functools import partial

import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.neurons import Reaction, reaction
from mlpcore.figures.class_spread import ClassRow, class_spread_svg
from mlpcore.inference import Network
from mlpcore.inference.network import Pass
from mlpcore.spec import choices
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect import address, neuron_examples, neuron_inputs
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.inspect.unit_address import Unit
from mlpcore.ui.shell.language import _, escaped
from mlpcore.ui.shell.phone import on_phone


def show(subject: Subject, network: Network, run: Pass, unit: Unit, contributions: bool) -> None:
    """All about a neuron, for the example of this forward pass and over the test set."""
    st.divider()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(_title(subject, network, unit), anchor=False, width="content")
        st.button(_("Close"), icon=":material/close:", key="inspect_close", on_click=lambda: address.put(unit=None))
    left, right = st.columns(2, gap="large")
    with left:
        _arithmetic(network, run, unit)
        neuron_inputs.show(subject, network, run, unit, contributions)
    found = _reaction(*subject.version(subject.epoch), unit.layer, unit.index, subject)
    with right:
        if found.highest[0] == found.lowest[0]:
            st.info(_("Its activation is the same for every example, so it tells nothing."), icon=":material/info:")
        _classes(subject, network, run, unit, found)
    neuron_examples.show(subject, network, found, partial(_value, network, unit))


def _title(subject: Subject, network: Network, unit: Unit) -> str:
    if unit.layer == len(network.layers) - 1:
        name = escaped(_(subject.info.class_names[unit.index]))
        return _("Output neuron of the class {name}").format(name=name)
    label = _(choices.ACTIVATIONS[network.layers[unit.layer].activation].label)
    return _("Neuron {number} of hidden layer {layer} ({activation})").format(
        number=unit.index + 1, layer=unit.layer + 1, activation=label
    )


def _arithmetic(network: Network, run: Pass, unit: Unit) -> None:
    """Its weighted sum and its activation for this example, as formulas."""
    layer = network.layers[unit.layer]
    z, a = (float(values[unit.layer][0, unit.index]) for values in (run.preactivations, run.activations))
    function = r"\mathrm{softmax}(z)" if layer.activation == "softmax" else "f(z)"
    flow = "a" if unit.layer else "x"
    added = _sum(z, float(layer.bias[unit.index]))
    st.markdown(rf"$z = \sum_i {flow}_i w_i + b = {added}$" + "  \n" + rf"$a = {function} = {formatting.tex(a)}$")
    text = _(
        "The weighted sum z of what comes in, plus the bias b; the activation function turns it into the activation a,"
        " which goes on to the next layer."
    )
    if layer.activation == "softmax":
        text = _(
            "The weighted sum z of what comes in, plus the bias b; the softmax turns the sums of all classes into"
            " probabilities that add up to 1."
        )
    st.caption(text)


def _value(network: Network, unit: Unit, activation: float) -> str:
    """An activation as one reads it; those of the output are probabilities."""
    return (
        formatting.probability(activation)
        if network.layers[unit.layer].activation == "softmax"
        else formatting.number(activation)
    )


def _sum(z: float, bias: float) -> str:
    """The weighted sum without the bias, the bias and both together, rounded so that the written sum is right."""
    places = max(0, min(8, 3 - math.floor(math.log10(max(abs(z), abs(bias), 1e-6)))))
    if max(abs(z), abs(bias)) >= 1e6:
        return formatting.tex(z)
    z, bias = round(z, places), round(bias, places)
    return f"{z - bias:,.{places}f} {'-' if bias < 0 else '+'} {abs(bias):,.{places}f} = {z:,.{places}f}".replace(
        ",", "{,}"
    )


@st.cache_resource(max_entries=256, show_spinner=False)
def _reaction(path: str, changed: int, layer: int, index: int, _subject: Subject) -> Reaction:
    return reaction(_subject.network, _subject.test, layer, index, neuron_examples.MOST)


def _classes(subject: Subject, network: Network, run: Pass, unit: Unit, found: Reaction) -> None:
    heading = _("Its activation for each class")
    st.markdown(f"**{heading}**")
    names = [_(name) for name in subject.info.class_names]
    rows = [ClassRow(name, one.mean, one.quantiles) for name, one in zip(names, found.classes, strict=True)]
    now = float(run.activations[unit.layer][0, unit.index])
    label = _("this example: {value}").format(value=_value(network, unit, now))
    title = _("The neuron's activation for each class of the test set")
    picture("inspect_neuron_classes", class_spread_svg(rows, now, label, title, narrow=on_phone()))
    total = len(subject.test.labels)
    st.caption(
        " ".join(
            (
                _(
                    "Each row is the test examples of one class: the dot is their mean, half of them lie in the box,"
                    " nine of ten on the line. Where boxes lie apart, the neuron tells these classes from others."
                ),
                looked_at(found.looked_at, total),
            )
        )
    )


def looked_at(count: int, total: int) -> str:
    """How many examples of the test set something was measured on."""
    if count == total:
        return _("Measured on all {count} examples of the test set.").format(count=formatting.count(total))
    return _("Measured on {count} evenly spread examples of the {total} in the test set.").format(
        count=formatting.count(count), total=formatting.count(total)
    )
