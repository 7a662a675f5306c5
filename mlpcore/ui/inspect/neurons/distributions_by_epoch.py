"""How the weights and the activations of each layer are distributed, after each epoch whose network was saved."""

from __future__ import annotations

import streamlit as st

from mlpcore.analysis.distributions import Distribution, LayerDistributions, distributions
from mlpcore.figures.quantile_bands import EpochDistribution, quantile_bands_svg, side_by_side
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect.inspected_network import InspectedNetwork, epoch_name, epoch_names
from mlpcore.ui.inspect.neuron_selection import layer_name
from mlpcore.ui.shell.language import _, paragraph
from mlpcore.ui.shell.phone import on_phone


def show_distributions(inspected: InspectedNetwork) -> None:
    """A figure of the weights and one of the activations for each layer, and how to read them."""
    network = inspected.network
    measured = {epoch: _measure(*inspected.cache_key(epoch), inspected, epoch) for epoch in inspected.snapshots}
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
    st.caption(paragraph(_how_to_read(inspected), _about_epochs(list(by_epoch))))


@st.cache_resource(max_entries=128, show_spinner=False)
def _measure(
    path: str, changed: int, _inspected: InspectedNetwork, _epoch: int
) -> tuple[LayerDistributions, ...] | None:
    """The distributions of all layers after an epoch; None where its network cannot be read."""
    network = _inspected.readable_network_after(_epoch)
    return None if network is None else distributions(network, _inspected.test_set)


def _epoch_distribution(epoch: int, values: Distribution) -> EpochDistribution:
    return EpochDistribution(epoch, values.quantiles.tolist(), values.histogram.tolist())


def _how_to_read(inspected: InspectedNetwork) -> str:
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
