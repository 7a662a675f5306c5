"""One neuron of a network in the page's address: `unit=2-17` is the 17th of the second layer, both counted from 1."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mlpcore.inference import Network
from mlpcore.ui.inspect import address, scroll_into_view
from mlpcore.ui.shell.language import _


@dataclass(frozen=True)
class Unit:
    """A neuron: its layer and its place there, both counted from 0."""

    layer: int
    index: int

    @property
    def text(self) -> str:
        """As it stands in an address and in a picture's `data-pick`."""
        return f"{self.layer + 1}-{self.index + 1}"


def chosen(network: Network) -> Unit | None:
    """The neuron in the address, None where there is none or the network has no such one."""
    return parsed(address.get("unit"), network)


def parsed(text: str, network: Network) -> Unit | None:
    """The neuron that a text names, which may come from anywhere; None unless the network has it."""
    found = re.fullmatch("([0-9]{1,3})-([0-9]{1,6})", text)
    if found is None:
        return None
    layer, index = (int(number) - 1 for number in found.groups())
    exists = 0 <= layer < len(network.layers) and 0 <= index < len(network.layers[layer].bias)
    return Unit(layer, index) if exists else None


def choose(unit: Unit) -> None:
    """Look at a neuron that was picked on the page, in the view of the network."""
    address.put(view="network", unit=unit.text)
    scroll_into_view.announce("neuron")


def layer_name(layer: int, network: Network) -> str:
    """A layer in a heading: hidden layers are numbered from 1 on, the last one is the output."""
    return _("Output") if layer == len(network.layers) - 1 else _("Hidden {number}").format(number=layer + 1)
