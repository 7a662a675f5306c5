"""One neuron in the page's address (`unit=2-17` is the 17th of the second layer), and scrolling to what was picked."""

from __future__ import annotations

import re
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from mlpcore.figures.markup import tag
from mlpcore.inference import Network
from mlpcore.ui.inspect import page_address
from mlpcore.ui.shell.language import _

_SCROLL = "inspect.scroll"


@dataclass(frozen=True)
class Neuron:
    """A neuron: its layer and its index there, both counted from 0."""

    layer: int
    index: int

    @property
    def text(self) -> str:
        """As written in an address and in a figure's `data-pick`: both counted from 1."""
        return f"{self.layer + 1}-{self.index + 1}"


def selected_neuron(network: Network) -> Neuron | None:
    """The neuron in the address, None where there is none or the network has no such one."""
    return parse_neuron(page_address.get("unit"), network)


def parse_neuron(text: str, network: Network) -> Neuron | None:
    """The neuron that a text names, which may come from anywhere; None unless the network has it."""
    match = re.fullmatch("([0-9]{1,3})-([0-9]{1,6})", text)
    if match is None:
        return None
    layer, index = (int(number) - 1 for number in match.groups())
    exists = 0 <= layer < len(network.layers) and 0 <= index < len(network.layers[layer].bias)
    return Neuron(layer, index) if exists else None


def select_neuron(text: str, network: Network) -> None:
    """Show a neuron that was picked in a figure in the view of the network; `text` comes from a browser."""
    neuron = parse_neuron(text, network)
    if neuron is not None:
        page_address.put(view="network", unit=neuron.text)
        scroll_into_view("neuron")


def layer_name(layer: int, network: Network) -> str:
    """A layer in a heading: hidden layers are numbered from 1 on, the last one is the output."""
    return _("Output") if layer == len(network.layers) - 1 else _("Hidden {number}").format(number=layer + 1)


def scroll_into_view(figure: str) -> None:
    """Let the browser scroll to this figure, which a pick has changed, perhaps far from where one clicked."""
    _figure, count = _last_scroll()
    st.session_state[_SCROLL] = (figure, count + 1)


def scroll_target(figure: str, markup: Markup) -> Markup:
    """The figure's markup, which the browser scrolls to, once, if `scroll_into_view` last named this figure."""
    last, count = _last_scroll()
    if figure != last:
        return markup
    return tag("div", markup, data_scroll=count)


def _last_scroll() -> tuple[str, int]:
    figure, count = st.session_state.get(_SCROLL, ("", 0))
    return str(figure), int(count)
