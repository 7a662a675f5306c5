"""How many parameters each layer of a network has, with the calculation as a lecture shows it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from mlpcore import formatting
from mlpcore.spec import Layer, RunSpec


@dataclass(frozen=True)
class LayerParameters:
    """One row of the parameter table: (inputs + 1) x units, plus a slope for each unit where PReLU learns one."""

    inputs: int
    units: int
    activation: str
    slopes: int = 0

    @property
    def total(self) -> int:
        """Trainable parameters of the layer: weights, biases, and PReLU's slopes."""
        return (self.inputs + 1) * self.units + self.slopes

    @property
    def arithmetic(self) -> str:
        """The calculation as text: `(784 + 1) × 32 = 25,120`."""
        slopes = f" + {formatting.count(self.slopes)}" if self.slopes else ""
        inputs, units, total = map(formatting.count, (self.inputs, self.units, self.total))
        return f"({inputs} + 1) × {units}{slopes} = {total}"


def layer_parameters(spec: RunSpec) -> list[LayerParameters]:
    """A row for each hidden layer and, last, the softmax output."""
    rows = []
    inputs = math.prod(spec.info.input_shape)
    for layer in spec.hidden:
        slopes = layer.units if layer.activation == "prelu" else 0
        rows.append(LayerParameters(inputs, layer.units, layer.activation, slopes))
        inputs = layer.units
    rows.append(LayerParameters(inputs, spec.info.classes, "softmax"))
    return rows


def count_parameters(spec: RunSpec) -> int:
    """All trainable parameters of the network."""
    return _count(spec.dataset, spec.hidden)


@lru_cache(maxsize=1024)
def _count(dataset: str, hidden: tuple[Layer, ...]) -> int:
    return sum(row.total for row in layer_parameters(RunSpec(dataset=dataset, hidden=hidden)))
