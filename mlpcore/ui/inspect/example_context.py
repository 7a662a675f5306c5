"""What the network computes for one example, a test example or a drawing, and the class that a view explains."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore import formatting
from mlpcore.inference import Network
from mlpcore.inference.activations import Array
from mlpcore.inference.network import ForwardPass
from mlpcore.spec import choices
from mlpcore.ui.inspect.inspected_network import InspectedNetwork
from mlpcore.ui.shell.language import _, escaped, paragraph


@dataclass(frozen=True, eq=False)
class ExampleContext:
    """One example, what the network computes for it, and the class that is explained.

    `inputs` (input_shape) are in 0..1 or standardised, before the network prepares them. `label` is the true class and
    `index` the index in the test set, from 0 on; both are None for a drawing. `explained` is a class, from 0 on; at
    first the predicted one.
    """

    inspected: InspectedNetwork
    network: Network
    inputs: NDArray[np.float32]
    label: int | None
    index: int | None
    forward: ForwardPass
    explained: int

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """The classes in the user's language."""
        return self.inspected.class_names

    @property
    def epoch(self) -> int:
        """The epoch after which the network was saved."""
        return self.inspected.epoch

    @property
    def probabilities(self) -> Array:
        """The predicted probabilities, (classes,)."""
        return np.asarray(self.forward.activations[-1][0])

    @property
    def predicted(self) -> int:
        """The class with the largest probability."""
        return int(self.probabilities.argmax())

    @property
    def explained_name(self) -> str:
        """The name of the explained class, for Markdown."""
        return escaped(self.class_names[self.explained])

    @property
    def output(self) -> int:
        """The index of the output layer."""
        return len(self.network.layers) - 1

    @property
    def received(self) -> Array:
        """What enters the first layer, in the shape of the dataset's examples."""
        return self.as_image(self.forward.inputs[0])

    def as_image(self, values: Any) -> Array:
        """Numbers of the input, such as the weights of a neuron, in the shape of the dataset's examples."""
        return np.asarray(values).reshape(self.inspected.info.input_shape)

    def layer_input(self, layer: int) -> Array:
        """What enters a layer, (inputs,)."""
        return np.asarray((self.forward.activations[layer - 1] if layer else self.forward.inputs)[0])

    def input_name(self, layer: int, index: int) -> str:
        """The name of an input of a layer: a pixel, a measurement, or a neuron of the layer before."""
        if layer:
            return _("Neuron {number}").format(number=index + 1)
        if self.inspected.has_images:
            row, column = divmod(index, self.inspected.info.input_shape[1])
            return _("Pixel ({row}, {column})").format(row=row + 1, column=column + 1)
        return self.inspected.feature_names[index]

    def unit_name(self, layer: int, unit: int) -> str:
        """The name of a layer's unit: a class in the output."""
        return self.class_names[unit] if layer == self.output else _("Neuron {number}").format(number=unit + 1)

    def activation_name(self, layer: int) -> str:
        """The name of a layer's activation."""
        name = self.network.layers[layer].activation
        return _("softmax") if name == "softmax" else _(choices.ACTIVATIONS[name].label)

    def explaining(self, label: int) -> ExampleContext:
        """The same context with another explained class."""
        return replace(self, explained=label)


def context_for(
    inspected: InspectedNetwork, inputs: NDArray[np.float32], label: int | None, index: int | None
) -> ExampleContext:
    """What the network computes for an example; arguments as the fields of `ExampleContext`."""
    network = inspected.network
    forward = network.forward(inputs[None])
    return ExampleContext(inspected, network, inputs, label, index, forward, int(forward.activations[-1][0].argmax()))


def headline(context: ExampleContext) -> str:
    """Markdown for the prediction, and whether it is correct where the label is known."""
    predicted, label = context.predicted, context.label
    text = _("The network predicts {name} ({percent}).").format(
        name=escaped(context.class_names[predicted]),
        percent=formatting.probability(float(context.probabilities[predicted])),
    )
    if label is None:
        return f"**{text}**"
    verdict = _("Right: the label is {name}.") if label == predicted else _("Wrong: the label is {name}.")
    mark = "✓" if label == predicted else "✗"
    # All of it is bold: where a language has no space between sentences, Markdown would not end bold text between them.
    return f"{mark} **{paragraph(text, verdict.format(name=escaped(context.class_names[label])))}**"
