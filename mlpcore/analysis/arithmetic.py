"""What one unit computes for one example, as a calculation on paper that anyone can check from the written digits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.rounding import agreeing, places_for, product, rounded, total
from mlpcore.inference import Layer, activate
from mlpcore.inference.activations import Array


@dataclass(frozen=True)
class Term:
    """An input of a unit, by its place from 0 on: its value times its weight."""

    place: int
    value: Decimal
    weight: Decimal
    product: Decimal


@dataclass(frozen=True)
class Calculation:
    """A unit's weighted sum, bias and activation, rounded so that the written numbers agree with each other.

    `terms` are the largest ones that are not 0, the largest first; the `left` other ones come to `rest` together. The
    products are those of the written factors; they, the rest and what `rounding` costs add up to `weighted` exactly,
    that and the bias to `z`, and `a` is what the activation makes of the written `z`, for PReLU with the written
    `alpha`. `zeros` of the inputs are 0 and add nothing.
    """

    unit: int
    terms: tuple[Term, ...]
    left: int
    zeros: int
    rest: Decimal
    rounding: Decimal
    weighted: Decimal
    bias: Decimal
    z: Decimal
    a: Decimal
    alpha: Decimal | None


def calculation(layer: Layer, flow: Array, z: float, a: float, unit: int, terms: int) -> Calculation:
    """The calculation of one unit with its largest `terms`.

    `flow` (inputs,) is what enters the layer; `z` and `a` are what the network computed, before and behind the
    activation. The units of a softmax have no activation of their own: their `a` is their `z`.
    """
    weights = layer.kernel[:, unit].astype(np.float64)
    products = flow.astype(np.float64) * weights
    largest = np.argsort(-np.abs(products), kind="stable")[:terms]
    largest = largest[products[largest] != 0]
    bias = float(layer.bias[unit])
    function = None if layer.activation == "softmax" else _Function(layer, unit, a)
    places = places_for([z, bias, *products[largest]])
    if function is not None:
        places = agreeing(places, lambda more: function.of(rounded(z, more)) == function.true)
    written = _terms(largest.tolist(), flow, weights, places)
    rest = rounded(float(np.delete(products, largest).sum()), places)
    whole = rounded(z, places)
    weighted = total((whole, -rounded(bias, places)))
    return Calculation(
        unit,
        written,
        len(flow) - len(written),
        int(np.count_nonzero(flow == 0)),
        rest,
        total((weighted, -rest, *(-term.product for term in written))),
        weighted,
        rounded(bias, places),
        whole,
        whole if function is None else function.of(whole),
        None if function is None else function.alpha,
    )


class _Function:
    """A unit's activation of written numbers."""

    def __init__(self, layer: Layer, unit: int, a: float) -> None:
        self._layer = layer
        self._places = places_for([a])
        self.true = rounded(a, self._places)
        self.alpha = None if layer.alpha is None else rounded(float(layer.alpha[unit]), 5)

    def of(self, z: Decimal) -> Decimal:
        if self.alpha is not None:
            return product(self.alpha, z, self._places) if z < 0 else rounded(z, self._places)
        return rounded(float(activate(self._layer.activation, np.array([[z]], np.float32))[0, 0]), self._places)


def _terms(chosen: list[int], flow: Array, weights: NDArray[np.float64], places: int) -> tuple[Term, ...]:
    """Terms whose products are those of their written factors, with so many digits that these are the true ones."""
    pairs = [(at, float(flow[at]), float(weights[at])) for at in chosen]
    wide, deep = (places_for(numbers) for numbers in ([x for _, x, _ in pairs], [w for _, _, w in pairs]))

    def with_digits(more: int) -> list[Term]:
        factors = [(at, rounded(x, wide + more), rounded(w, deep + more)) for at, x, w in pairs]
        return [Term(at, x, w, product(x, w, places)) for at, x, w in factors]

    true = [rounded(x * w, places) for _, x, w in pairs]
    return tuple(with_digits(agreeing(1, lambda more: [term.product for term in with_digits(more)] == true, 4)))
