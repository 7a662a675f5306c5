"""The view Network: how an example runs through the network, and the details of any of its neurons."""

from __future__ import annotations

import streamlit as st

from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.example_context import headline
from mlpcore.ui.inspect.example_selection import select_example
from mlpcore.ui.inspect.inspected_network import InspectedNetwork
from mlpcore.ui.inspect.network.network_picture import show_network
from mlpcore.ui.inspect.network.neuron_details import show_neuron_details
from mlpcore.ui.inspect.neuron_selection import selected_neuron
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences
from mlpcore.ui.shell.phone import on_phone


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
            show_network(context, neuron, by_contribution=lines == "contributions")
        if neuron is not None:
            show_neuron_details(context, neuron, by_contribution=lines == "contributions")
