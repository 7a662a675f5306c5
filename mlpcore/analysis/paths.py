"""Along which connections the evidence for an answer came through the network: the strongest paths, backwards.

What unit i of a layer adds to the weighted sum of unit j of the next one is its contribution, a_i w_ij. Towards the
answer's sum, only positive contributions are evidence; of all of it, the bias included, each has its share. A unit
with a negative activation helped by being low, so evidence for it is what made its own sum lower. A path's share is
the product of the shares along it, as relevance is passed on by the z+ rule (Montavon et al. 2017, "Explaining
nonlinear classification decisions with deep Taylor decomposition").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlpcore.inference import Layer, Network
from mlpcore.inference.network import Pass

WIDTH = 24
"""The search goes on from so many of the strongest beginnings in each layer."""


@dataclass(frozen=True)
class Path:
    """`units` holds the index of one unit of each layer, the answer's last; `share` is what it carries, in 0..1."""

    units: tuple[int, ...]
    share: float


def strongest(network: Network, run: Pass, answer: int, count: int) -> tuple[Path, ...]:
    """Up to `count` paths from the first layer to the output unit `answer`, the strongest first.

    `run` is the forward pass of one example. There is none where nothing but biases speaks for the answer.
    """
    begun = [Path((answer,), 1.0)]
    for depth in range(len(network.layers) - 1, 0, -1):
        longer = [path for beginning in begun for path in _prolonged(beginning, network.layers[depth], run, depth)]
        begun = sorted(longer, key=lambda path: -path.share)[:WIDTH]
    return tuple(begun[:count])


def roots(network: Network, run: Pass, unit: int, count: int) -> list[int]:
    """Up to `count` inputs of the network with the largest shares in the evidence for a unit of its first layer."""
    return [source for source, _share in _largest(_shares(network.layers[0], run, 0, unit), count)]


def contributions(layer: Layer, flow: NDArray[np.float32], unit: int) -> NDArray[np.float64]:
    """What each input adds to the unit's weighted sum: the layer's inputs, (inputs,), times its weights."""
    return flow.astype(np.float64) * layer.kernel[:, unit]


def _prolonged(beginning: Path, layer: Layer, run: Pass, depth: int) -> Iterator[Path]:
    shares = _shares(layer, run, depth, beginning.units[0])
    for source, share in _largest(shares, WIDTH):
        yield Path((source, *beginning.units), beginning.share * share)


def _shares(layer: Layer, run: Pass, depth: int, unit: int) -> NDArray[np.float64]:
    """Each input's share in the evidence for a unit of layer `depth`, (inputs,); what speaks against it has 0."""
    flow = run.activations[depth - 1][0] if depth else run.received[0]
    helped_by_being_low = run.activations[depth][0, unit] < 0
    sign = -1.0 if helped_by_being_low else 1.0
    evidence = np.maximum(sign * contributions(layer, flow, unit), 0)
    total = evidence.sum() + max(sign * float(layer.bias[unit]), 0.0)
    return np.asarray(evidence / total) if total > 0 else evidence


def _largest(shares: NDArray[np.float64], count: int) -> list[tuple[int, float]]:
    order = np.argsort(-shares, kind="stable")[:count]
    return [(int(index), float(shares[index])) for index in order if shares[index] > 0]
