"""The strongest paths: the connections through which the evidence for a predicted class reaches the output.

What unit i of a layer adds to the weighted sum of unit j of the next one is its contribution, a_i w_ij. Only positive
contributions to the sum of the predicted class are evidence; each has its share of all evidence, which includes the
bias. A unit with a negative activation contributes by being low, so evidence for it is what makes its own sum lower. A
path's share is the product of the shares along it, as relevance is passed on by the z+ rule (Montavon et al. 2017,
"Explaining nonlinear classification decisions with deep Taylor decomposition").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlpcore.inference import Layer, Network
from mlpcore.inference.network import ForwardPass

WIDTH = 24
"""The search continues from at most this many of the strongest partial paths in each layer (a beam search)."""


@dataclass(frozen=True)
class Path:
    """`units` holds the index of one unit of each layer, the output's last; `share` is its part of all evidence."""

    units: tuple[int, ...]
    share: float


def strongest_paths(network: Network, forward: ForwardPass, predicted: int, count: int) -> tuple[Path, ...]:
    """Up to `count` paths from the first layer to the output unit `predicted`, the strongest first.

    `forward` is the forward pass of one example. There is none where only biases support the prediction.
    """
    paths = [Path((predicted,), 1.0)]
    for depth in range(len(network.layers) - 1, 0, -1):
        longer = [path for end in paths for path in _extended(end, network.layers[depth], forward, depth)]
        paths = sorted(longer, key=lambda path: -path.share)[:WIDTH]
    return tuple(paths[:count])


def strongest_inputs(network: Network, forward: ForwardPass, unit: int, count: int) -> list[int]:
    """Up to `count` inputs of the network with the largest shares in the evidence for a unit of its first layer."""
    return [source for source, _share in _largest(_shares(network.layers[0], forward, 0, unit), count)]


def contributions(layer: Layer, inputs: NDArray[np.float32], unit: int) -> NDArray[np.float64]:
    """What each input adds to the unit's weighted sum, x_i w_ij, (inputs,); `inputs` (inputs,) enter the layer."""
    return inputs.astype(np.float64) * layer.kernel[:, unit]


def _extended(end: Path, layer: Layer, forward: ForwardPass, depth: int) -> Iterator[Path]:
    shares = _shares(layer, forward, depth, end.units[0])
    for source, share in _largest(shares, WIDTH):
        yield Path((source, *end.units), end.share * share)


def _shares(layer: Layer, forward: ForwardPass, depth: int, unit: int) -> NDArray[np.float64]:
    """Each input's share of the evidence for a unit of layer `depth`, (inputs,); evidence against it counts as 0."""
    inputs = forward.activations[depth - 1][0] if depth else forward.received[0]
    sign = -1.0 if forward.activations[depth][0, unit] < 0 else 1.0
    evidence = np.maximum(sign * contributions(layer, inputs, unit), 0)
    total = evidence.sum() + max(sign * float(layer.bias[unit]), 0.0)
    return np.asarray(evidence / total) if total > 0 else evidence


def _largest(shares: NDArray[np.float64], count: int) -> list[tuple[int, float]]:
    order = np.argsort(-shares, kind="stable")[:count]
    return [(int(index), float(shares[index])) for index in order if shares[index] > 0]
