"""What is calculated: the pass of one example, with names for everything that enters a layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlpcore.inference import Network
from mlpcore.inference.activations import Array
from mlpcore.inference.network import Pass
from mlpcore.spec import choices
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.shell.language import _


@dataclass(frozen=True)
class Sheet:
    """The pass of one example; `names` are the classes in the user's language."""

    subject: Subject
    network: Network
    passed: Pass
    names: Sequence[str]

    @property
    def last(self) -> int:
        """The index of the output layer."""
        return len(self.network.layers) - 1

    @property
    def pictures(self) -> bool:
        """Whether the examples are pictures."""
        return self.subject.info.kind == "image"

    def flow(self, layer: int) -> Array:
        """What enters a layer, (inputs,)."""
        return np.asarray((self.passed.activations[layer - 1] if layer else self.passed.received)[0])

    def as_picture(self, values: Array) -> Array:
        """Numbers of the input in the shape of its picture."""
        return values.reshape(self.subject.info.input_shape)

    def source(self, layer: int, place: int) -> str:
        """The name of an input of a layer: a pixel, a measurement, or a neuron of the layer before."""
        if layer:
            return _("Neuron {number}").format(number=place + 1)
        if self.pictures:
            row, column = divmod(place, self.subject.info.input_shape[1])
            return _("Pixel ({row}, {column})").format(row=row + 1, column=column + 1)
        return _((self.subject.info.feature_names or ())[place])

    def target(self, layer: int, unit: int) -> str:
        """The name of a layer's unit: a class in the output."""
        return self.names[unit] if layer == self.last else _("Neuron {number}").format(number=unit + 1)

    def activation(self, layer: int) -> str:
        """The name of a layer's activation."""
        name = self.network.layers[layer].activation
        return name if name == "softmax" else _(choices.ACTIVATIONS[name].label)
