"""The view Neurons: which neurons are dead, how weights and activations are distributed, and what training changed."""

from __future__ import annotations

import streamlit as st

from mlpcore.ui.inspect.inspected_network import InspectedNetwork
from mlpcore.ui.inspect.neurons.dead_neurons import show_dead_neurons
from mlpcore.ui.inspect.neurons.distributions_by_epoch import show_distributions
from mlpcore.ui.inspect.neurons.training_changes import show_changes
from mlpcore.ui.shell.language import _


def neurons_view(inspected: InspectedNetwork) -> None:
    """The three sections, one below the other."""
    st.subheader(_("Dead and saturated neurons"), anchor=False)
    show_dead_neurons(inspected)
    st.subheader(_("Weights and activations by epoch"), anchor=False)
    show_distributions(inspected)
    st.subheader(_("What training changed"), anchor=False)
    show_changes(inspected)
