"""What is worth drawing of a network for one example: its most active units, and the strongest paths through it.

What unit i of a layer adds to the weighted sum of unit j of the next one is its contribution, a_i w_ij. Only positive
contributions to the sum of the predicted class are evidence; each has its share of all evidence, which includes the
bias. A unit with a negative activation contributes by being low, so evidence for it is what makes its own sum lower. A
path's share is the product of the shares along it, as relevance is passed on by the z+ rule (Montavon et al. 2017,
"Explaining nonlinear classification decisions with deep Taylor decomposition").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.layer_statistics import RANGES
from mlpcore.analysis.sampling import Indices
from mlpcore.inference import Layer, Network
from mlpcore.inference.network import ForwardPass

PATHS = 3
"""How many of the strongest paths are shown."""

_STARTS = {True: 5, False: 3}  # inputs at which a path starts, at most: pixels, and measurements
_PIXEL_LINES, _LINES = 70, 150  # between two columns at most
_FEATURES = 30
_BEAM = 24
"""The search continues from at most this many of the strongest partial paths in each layer (a beam search)."""


@dataclass(frozen=True)
class Path:
    """`units` holds the index of one unit of each layer, the output's last; `share` is its part of all evidence."""

    units: tuple[int, ...]
    share: float


@dataclass(frozen=True, eq=False)
class DrawnLayer:
    """The drawn units of a layer, by index in order, and the activation level of each, in -1..1."""

    units: Indices
    levels: NDArray[np.float64]


@dataclass(frozen=True)
class Connection:
    """From a unit (or a pixel) to a unit of the next layer; `strength` in -1..1, `marked` on a strongest path."""

    source: int
    target: int
    strength: float
    marked: bool


@dataclass(frozen=True, eq=False)
class NetworkActivity:
    """The input and the layers in order; `connections[i]` holds the drawn connections into layer i.

    An image's pixels are no drawn units, but connections may start at any of them.
    """

    layers: tuple[DrawnLayer, ...]
    connections: tuple[tuple[Connection, ...], ...]
    predicted: int
    paths: tuple[Path, ...]


def network_activity(
    network: Network, forward: ForwardPass, by_contribution: bool, limit: int, keep: Iterable[tuple[int, int]]
) -> NetworkActivity:
    """What to draw of the forward pass of one example.

    Of a layer about `limit` units are drawn: those on the strongest paths to the predicted class, those in `keep`, by
    layer and unit, and the most active ones. Connections are weights, or contributions: activation times weight.
    """
    predicted = int(forward.activations[-1][0].argmax())
    paths = strongest_paths(network, forward, predicted, PATHS)
    is_image = len(network.input_shape) > 1
    first_units = {path.units[0] for path in paths}
    starts = {unit: strongest_inputs(network, forward, unit, _STARTS[is_image]) for unit in first_units}
    edges = _edges(paths, starts, len(network.layers))
    drawn = [_drawn_inputs(forward.inputs[0], {source for source, _ in edges[0]}, is_image)]
    for depth, (layer, values) in enumerate(zip(network.layers, forward.activations, strict=True)):
        needed = {path.units[depth] for path in paths} | {unit for kept_in, unit in keep if kept_in == depth}
        last = depth == len(network.layers) - 1
        units = np.arange(len(values[0])) if last else most_active(values[0], needed, limit)
        drawn.append(DrawnLayer(units, levels(layer.activation, values[0])[units]))
    flows = [forward.inputs[0], *(values[0] for values in forward.activations)]
    connections = []
    for depth, layer in enumerate(network.layers):
        pixels = is_image and depth == 0
        sources = np.arange(len(flows[0])) if pixels else drawn[depth].units
        targets = drawn[depth + 1].units
        strengths = layer.kernel[np.ix_(sources, targets)].astype(np.float64)
        if by_contribution:
            strengths *= flows[depth][sources, None]
        max_lines = _PIXEL_LINES if pixels else _LINES
        connections.append(_strongest(strengths, sources, targets, edges[depth], max_lines))
    return NetworkActivity(tuple(drawn), tuple(connections), predicted, paths)


def strongest_paths(network: Network, forward: ForwardPass, predicted: int, count: int) -> tuple[Path, ...]:
    """Up to `count` paths from the first layer to the output unit `predicted`, the strongest first.

    `forward` is the forward pass of one example. There is none where only biases support the prediction.
    """
    paths = [Path((predicted,), 1.0)]
    for depth in range(len(network.layers) - 1, 0, -1):
        longer = [path for end in paths for path in _extended(end, network.layers[depth], forward, depth)]
        paths = sorted(longer, key=lambda path: -path.share)[:_BEAM]
    return tuple(paths[:count])


def strongest_inputs(network: Network, forward: ForwardPass, unit: int, count: int) -> list[int]:
    """Up to `count` inputs of the network with the largest shares in the evidence for a unit of its first layer."""
    return [source for source, _share in _largest(_shares(network.layers[0], forward, 0, unit), count)]


def contributions(layer: Layer, inputs: NDArray[np.float32], unit: int) -> NDArray[np.float64]:
    """What each input adds to the unit's weighted sum, x_i w_ij, (inputs,); `inputs` (inputs,) enter the layer."""
    return inputs.astype(np.float64) * layer.kernel[:, unit]


def levels(activation: str, values: NDArray[np.float32]) -> NDArray[np.float64]:
    """The activation levels of the units of a layer, in -1..1.

    Measured against the end of the activation's range, or, without one, against the most active unit of the layer.
    """
    wide = values.astype(np.float64)
    if activation in RANGES or activation == "softmax":
        return wide
    largest = np.abs(wide).max()
    return wide / largest if largest > 0 else wide


def most_active(values: NDArray[np.float32], needed: Iterable[int], limit: int) -> Indices:
    """All units that are `needed`, and those with the largest magnitudes up to `limit` units, in order."""
    chosen = set(needed)
    for unit in np.argsort(-np.abs(values), kind="stable"):
        if len(chosen) >= limit:
            break
        chosen.add(int(unit))
    return np.array(sorted(chosen), np.intp)


def _drawn_inputs(received: NDArray[np.float32], needed: set[int], is_image: bool) -> DrawnLayer:
    units = np.empty(0, np.intp) if is_image else most_active(received, needed, _FEATURES)
    return DrawnLayer(units, levels("linear", received)[units])


def _edges(paths: Iterable[Path], starts: dict[int, list[int]], depth: int) -> list[set[tuple[int, int]]]:
    """For each layer the connections into it that lie on a path."""
    edges: list[set[tuple[int, int]]] = [set() for _ in range(depth)]
    for path in paths:
        edges[0] |= {(start, path.units[0]) for start in starts[path.units[0]]}
        for layer in range(1, depth):
            edges[layer].add((path.units[layer - 1], path.units[layer]))
    return edges


def _strongest(
    values: NDArray[np.float64], sources: Indices, targets: Indices, edges: set[tuple[int, int]], limit: int
) -> tuple[Connection, ...]:
    """The `limit` largest of the connections, (sources, targets), that are not 0, and those on a path."""
    sizes = np.abs(values)
    largest = sizes.max(initial=0.0)
    if largest == 0:
        return ()
    selected = np.zeros(values.shape, np.bool_)
    selected.ravel()[np.argsort(-sizes, axis=None, kind="stable")[:limit]] = True
    marked = {
        (int(np.searchsorted(sources, source)), int(np.searchsorted(targets, target))) for source, target in edges
    }
    for cell in marked:
        selected[cell] = True
    return tuple(
        Connection(int(sources[i]), int(targets[j]), float(values[i, j] / largest), (int(i), int(j)) in marked)
        for i, j in np.argwhere(selected & (sizes > 0))
    )


def _extended(end: Path, layer: Layer, forward: ForwardPass, depth: int) -> Iterator[Path]:
    shares = _shares(layer, forward, depth, end.units[0])
    for source, share in _largest(shares, _BEAM):
        yield Path((source, *end.units), end.share * share)


def _shares(layer: Layer, forward: ForwardPass, depth: int, unit: int) -> NDArray[np.float64]:
    """Each input's share of the evidence for a unit of layer `depth`, (inputs,); evidence against it counts as 0."""
    inputs = forward.activations[depth - 1][0] if depth else forward.inputs[0]
    sign = -1.0 if forward.activations[depth][0, unit] < 0 else 1.0
    evidence = np.maximum(sign * contributions(layer, inputs, unit), 0)
    total = evidence.sum() + max(sign * float(layer.bias[unit]), 0.0)
    return np.asarray(evidence / total) if total > 0 else evidence


def _largest(shares: NDArray[np.float64], count: int) -> list[tuple[int, float]]:
    order = np.argsort(-shares, kind="stable")[:count]
    return [(int(index), float(shares[index])) for index in order if shares[index] > 0]
