"""How the weights and the activations of each layer spread, epoch by epoch, as far as epochs are kept."""

from __future__ import annotations

import streamlit as st

from mlpcore.analysis.distributions import Distribution, LayerDistributions, distributions
from mlpcore.figures.quantile_bands import EpochDistribution, quantile_bands_svg, side_by_side
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect import kept
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.inspect.unit_address import layer_name
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.phone import on_phone


def show(subject: Subject) -> None:
    """A figure of the weights and one of the activations for each layer, and how to read them."""
    network = subject.network
    found = {epoch: _distributions(*subject.version(epoch), subject, epoch) for epoch in subject.files}
    layers = {epoch: told for epoch, told in found.items() if told is not None}
    lost = [epoch for epoch in found if epoch not in layers]
    if lost:
        st.info(kept.unreadable(lost), icon=":material/info:")
    if subject.epoch not in layers:
        return
    figures = []
    for number in range(len(network.layers)):
        name = layer_name(number, network)
        for title, values in (
            (_("{layer}: weights").format(layer=name), {e: told[number].weights for e, told in layers.items()}),
            (_("{layer}: activations").format(layer=name), {e: told[number].activations for e, told in layers.items()}),
        ):
            moments = [_moment(epoch, value) for epoch, value in values.items()]
            figures.append(quantile_bands_svg(moments, subject.epoch, title, _("Epoch"), title, narrow=on_phone()))
    picture("inspect_distributions", side_by_side(figures))
    st.caption(" ".join((_read(subject), _kept(list(layers)))))


@st.cache_resource(max_entries=128, show_spinner=False)
def _distributions(path: str, changed: int, _subject: Subject, _epoch: int) -> tuple[LayerDistributions, ...] | None:
    network = kept.network_of(_subject, _epoch)
    return None if network is None else distributions(network, _subject.test)


def _moment(epoch: int, values: Distribution) -> EpochDistribution:
    return EpochDistribution(epoch, values.quantiles.tolist(), values.histogram.tolist())


def _read(subject: Subject) -> str:
    return _(
        "From epoch to epoch: half of all numbers lie in the dark band, nine of ten in the light one, all between the"
        " dashed lines; the thick line is the median. The amber histogram on the right shows {epoch}, where the amber"
        " line stands. Weights that grow ever wider, or activations that crowd at the ends, are worth a closer look."
    ).format(epoch=kept.epoch_name(subject.epoch))


def _kept(epochs: list[int]) -> str:
    if len(epochs) == 1:
        text = _("Only one network of this run is kept ({epochs}), so there is no course over the epochs to see.")
    else:
        text = _(
            "Kept are: {epochs}. Between them the lines are straight; the run keeps the untrained network, some evenly"
            " spread epochs, the best and the last."
        )
    return text.format(epochs=_(", ").join(kept.epoch_name(epoch) for epoch in epochs))
