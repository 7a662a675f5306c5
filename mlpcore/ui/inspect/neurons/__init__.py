"""The view Neurons: which neurons are dead, how weights and activations are distributed, and what training changed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.layer_statistics import (
    RANGES,
    Distribution,
    LayerDistributions,
    LayerUnits,
    distributions,
    unit_statistics,
)
from mlpcore.analysis.sampling import Indices, sample
from mlpcore.figures.distribution_plots import EpochDistribution, quantile_bands_svg, side_by_side
from mlpcore.figures.dot_strip import UnitCell, unit_strip_svg
from mlpcore.spec import choices
from mlpcore.ui.components.pickable import pickable, picture
from mlpcore.ui.inspect.inspected_network import InspectedNetwork, epoch_name, epoch_names, measured_on
from mlpcore.ui.inspect.neuron_selection import Neuron, layer_name, select_neuron
from mlpcore.ui.inspect.neurons.training_changes import show_changes
from mlpcore.ui.shell.browser import on_phone
from mlpcore.ui.shell.language import _, ngettext, paragraph

MAX_CELLS = 1024
"""The neurons of all layers together have at most this many cells."""


def neurons_view(inspected: InspectedNetwork) -> None:
    """The three sections, one below the other."""
    st.subheader(_("Dead and saturated neurons"), anchor=False)
    _dead_neurons(inspected)
    st.subheader(_("Weights and activations by epoch"), anchor=False)
    _distributions(inspected)
    st.subheader(_("What training changed"), anchor=False)
    show_changes(inspected)


def _dead_neurons(inspected: InspectedNetwork) -> None:
    """A sentence and a strip for each hidden layer."""
    network = inspected.network
    if len(network.layers) == 1:
        st.info(_("This network has no hidden layer, so it has no hidden neurons to look at."), icon=":material/info:")
        return
    examples, layers = _unit_statistics(*inspected.cache_key(), inspected)
    cells_per_layer = MAX_CELLS // len(layers)
    for number, layer in enumerate(layers):
        st.markdown(_counts(number, layer))
        cells = [_cell(number, layer, int(unit)) for unit in units_to_draw(layer, cells_per_layer)]
        name = _("The neurons of hidden layer {layer}").format(layer=number + 1)
        key = f"inspect_strip_{number}"
        pickable(key, unit_strip_svg(cells, name, narrow=on_phone()), lambda text: select_neuron(text, network))
        if len(cells) < len(layer.lowest):
            st.caption(_about_missing(len(cells), len(layer.lowest)))
    st.caption(paragraph(*_how_to_read_cells(layers, examples, len(inspected.test_set.labels))))


@st.cache_resource(max_entries=32, show_spinner=False)
def _unit_statistics(path: str, changed: int, _inspected: InspectedNetwork) -> tuple[int, tuple[LayerUnits, ...]]:
    """On how many test examples the hidden layers were measured, and the measurements."""
    network, test = _inspected.network, _inspected.test_set
    examples = sample(network, len(test.labels))
    return len(examples), unit_statistics(network, test, examples)


def units_to_draw(layer: LayerUnits, limit: int) -> Indices:
    """Which units have a cell, in order: the dead and the saturated first, then the others, up to `limit`."""
    conspicuous = layer.dead | layer.saturated
    return np.sort(np.argsort(~conspicuous, kind="stable")[:limit])


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


def _how_to_read_cells(layers: tuple[LayerUnits, ...], examples: int, total: int) -> Iterator[str]:
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


def _distributions(inspected: InspectedNetwork) -> None:
    """A figure of the weights and one of the activations for each layer, and how to read them."""
    network = inspected.network
    measured = {
        epoch: _saved_distributions(*inspected.cache_key(epoch), inspected, epoch) for epoch in inspected.snapshots
    }
    by_epoch = {epoch: layers for epoch, layers in measured.items() if layers is not None}
    missing = [epoch for epoch in measured if epoch not in by_epoch]
    if missing:
        text = _("These saved networks are missing or damaged and left out: {epochs}.")
        st.info(text.format(epochs=epoch_names(missing)), icon=":material/info:")
    if inspected.epoch not in by_epoch:
        return
    figures = []
    for number in range(len(network.layers)):
        name = layer_name(number, network)
        weights = {epoch: layers[number].weights for epoch, layers in by_epoch.items()}
        activations = {epoch: layers[number].activations for epoch, layers in by_epoch.items()}
        for title, values in (
            (_("{layer}: weights").format(layer=name), weights),
            (_("{layer}: activations").format(layer=name), activations),
        ):
            points = [_epoch_distribution(epoch, value) for epoch, value in values.items()]
            figures.append(quantile_bands_svg(points, inspected.epoch, title, _("Epoch"), title, narrow=on_phone()))
    picture("inspect_distributions", side_by_side(figures))
    st.caption(paragraph(_how_to_read_bands(inspected), _about_epochs(list(by_epoch))))


@st.cache_resource(max_entries=128, show_spinner=False)
def _saved_distributions(
    path: str, changed: int, _inspected: InspectedNetwork, _epoch: int
) -> tuple[LayerDistributions, ...] | None:
    """The distributions of all layers after an epoch; None where its network cannot be read."""
    network = _inspected.readable_network_after(_epoch)
    return None if network is None else distributions(network, _inspected.test_set)


def _epoch_distribution(epoch: int, values: Distribution) -> EpochDistribution:
    return EpochDistribution(epoch, values.quantiles.tolist(), values.histogram.tolist())


def _how_to_read_bands(inspected: InspectedNetwork) -> str:
    return _(
        "For each epoch, half of all values lie in the dark band, nine of ten in the light one, all between the"
        " dashed lines; the thick line is the median. The amber histogram shows {epoch}, where the amber"
        " line stands. Weights that grow ever wider, or activations that crowd at the ends, are worth a closer look."
    ).format(epoch=epoch_name(inspected.epoch))


def _about_epochs(epochs: list[int]) -> str:
    if len(epochs) == 1:
        text = _("Only one network of this run was saved ({epochs}), so there is no change over the epochs to see.")
    else:
        text = _(
            "Saved epochs: {epochs}. Between them the lines are straight; a run saves the untrained network, some"
            " evenly spread epochs, the best and the last one."
        )
    return text.format(epochs=epoch_names(epochs))
