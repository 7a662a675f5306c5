"""Which neurons of each hidden layer are dead or saturated: counts, and a strip of cells that lead to the neuron."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.sampling import Indices, sample
from mlpcore.analysis.unit_statistics import RANGES, LayerUnits, unit_statistics
from mlpcore.figures.dot_strip import UnitCell, unit_strip_svg
from mlpcore.spec import choices
from mlpcore.ui.components.pickable import pickable
from mlpcore.ui.inspect.inspected_network import InspectedNetwork, measured_on
from mlpcore.ui.inspect.neuron_selection import Neuron, select_neuron
from mlpcore.ui.shell.language import _, ngettext, paragraph
from mlpcore.ui.shell.phone import on_phone

CELLS = 1024
"""The neurons of all layers together have at most this many cells."""


def show_dead_neurons(inspected: InspectedNetwork) -> None:
    """A sentence and a strip for each hidden layer."""
    network = inspected.network
    if len(network.layers) == 1:
        st.info(_("This network has no hidden layer, so it has no hidden neurons to look at."), icon=":material/info:")
        return
    examples, layers = _measure(*inspected.cache_key(), inspected)
    cells_per_layer = CELLS // len(layers)
    for number, layer in enumerate(layers):
        st.markdown(_counts(number, layer))
        cells = [_cell(number, layer, int(unit)) for unit in units_to_draw(layer, cells_per_layer)]
        name = _("The neurons of hidden layer {layer}").format(layer=number + 1)
        key = f"inspect_strip_{number}"
        pickable(key, unit_strip_svg(cells, name, narrow=on_phone()), lambda text: select_neuron(text, network))
        if len(cells) < len(layer.lowest):
            st.caption(_about_missing(len(cells), len(layer.lowest)))
    st.caption(paragraph(*_how_to_read(layers, examples, len(inspected.test_set.labels))))


@st.cache_resource(max_entries=32, show_spinner=False)
def _measure(path: str, changed: int, _inspected: InspectedNetwork) -> tuple[int, tuple[LayerUnits, ...]]:
    """On how many test examples the hidden layers were measured, and the measurements."""
    network, test = _inspected.network, _inspected.test_set
    examples = sample(network, len(test.labels))
    return len(examples), unit_statistics(network, test, examples)


def units_to_draw(layer: LayerUnits, most: int) -> Indices:
    """Which units have a cell, in order: the dead and the saturated first, then the others, up to `most`."""
    conspicuous = layer.dead | layer.saturated
    return np.sort(np.argsort(~conspicuous, kind="stable")[:most])


def _counts(number: int, layer: LayerUnits) -> str:
    """How many neurons a layer has, and how many of them are dead or saturated."""
    units, dead, saturated = len(layer.lowest), int(layer.dead.sum()), int(layer.saturated.sum())
    parts = [
        _("**Hidden {number}** ({activation}, {units})").format(
            number=number + 1,
            activation=_(choices.ACTIVATIONS[layer.activation].label),
            units=ngettext("{count} neuron", "{count} neurons", units).format(count=formatting.count(units)),
        ),
        _("{count} dead ({percent})").format(count=formatting.count(dead), percent=formatting.percent(dead / units)),
    ]
    if layer.at_ends is not None:
        parts.append(
            _("{count} saturated ({percent})").format(
                count=formatting.count(saturated), percent=formatting.percent(saturated / units)
            )
        )
    return " · ".join(parts)


def _cell(number: int, layer: LayerUnits, unit: int) -> UnitCell:
    largest = float(layer.deviation.max())
    variation = float(layer.deviation[unit]) / largest if largest > 0 else 0.0
    pick = Neuron(number, unit).text
    name = _("Neuron {number}").format(number=unit + 1)
    if layer.dead[unit]:
        return UnitCell(variation, "dead", pick, _("{name}: dead").format(name=name))
    if layer.saturated[unit]:
        return UnitCell(variation, "saturated", pick, _("{name}: saturated").format(name=name))
    return UnitCell(variation, "", pick, name)


def _about_missing(count: int, units: int) -> str:
    text = _("{count} of {units} neurons are drawn, dead and saturated ones first.")
    return text.format(count=formatting.count(count), units=formatting.count(units))


def _how_to_read(layers: tuple[LayerUnits, ...], examples: int, total: int) -> Iterator[str]:
    names = {layer.activation for layer in layers}
    yield _(
        "Each cell is a neuron; the stronger its blue, the more its activation varies from example to example. Click or"
        " tap a cell to look at the neuron."
    )
    yield _(
        "A red cell with a cross is a dead neuron: its output is the same for every example, so it passes no"
        " information on to the next layer."
    )
    if "relu" in names:
        yield _("A dead ReLU is always 0; its slope is 0 too, so training cannot bring it back.")
    if names & RANGES.keys():
        yield _(
            "An amber cell with two bars is a saturated neuron: for at least 95 % of the examples its output lies"
            " within the outer 5 % of its range, where the slope is so small that the neuron hardly learns."
        )
    if "step" in names:
        yield _(
            "A step is always at one of its ends and its slope is 0 everywhere, so all its neurons are saturated or"
            " dead."
        )
    yield measured_on(examples, total)
