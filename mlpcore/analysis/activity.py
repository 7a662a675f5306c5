"""What is worth drawing of a network at work on one example: its most active units and strongest connections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlpcore.analysis.answers import Indices
from mlpcore.analysis.paths import Path, roots, strongest
from mlpcore.analysis.units import RANGES
from mlpcore.inference import Network
from mlpcore.inference.network import Pass

PATHS = 3
"""So many strongest paths are shown."""

_ROOTS = {True: 5, False: 3}  # inputs at which a path starts: pixels, and features
_PIXEL_LINES, _LINES = 70, 150  # between two columns at most
_FEATURES = 30


@dataclass(frozen=True, eq=False)
class Drawn:
    """The drawn units of a layer, by index in order, and for each how active it is, in -1..1."""

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
class Activity:
    """The input and the layers in order; `gaps[i]` holds the drawn connections into layer i.

    An image's pixels are no drawn units, but connections may start at any of them.
    """

    columns: tuple[Drawn, ...]
    gaps: tuple[tuple[Connection, ...], ...]
    answer: int
    paths: tuple[Path, ...]


def activity(
    network: Network, run: Pass, by_contribution: bool, most: int, keep: Iterable[tuple[int, int]]
) -> Activity:
    """What to draw of the forward pass of one example.

    Of a layer at most about `most` units are drawn: those on the strongest paths to the answer, those in `keep`
    (layer, unit), and the most active ones. Connections are weights, or contributions: activation times weight.
    """
    answer = int(run.activations[-1][0].argmax())
    paths = strongest(network, run, answer, PATHS)
    picture = len(network.input_shape) > 1
    starts = {unit: roots(network, run, unit, _ROOTS[picture]) for unit in {path.units[0] for path in paths}}
    edges = _edges(paths, starts, len(network.layers))
    columns = [_inputs(run.received[0], {source for source, _ in edges[0]}, picture)]
    for depth, (layer, flow) in enumerate(zip(network.layers, run.activations, strict=True)):
        needed = {path.units[depth] for path in paths} | {unit for at, unit in keep if at == depth}
        last = depth == len(network.layers) - 1
        units = np.arange(len(flow[0])) if last else most_active(flow[0], needed, most)
        columns.append(Drawn(units, levels(layer.activation, flow[0])[units]))
    flows = [run.received[0], *(flow[0] for flow in run.activations)]
    gaps = []
    for depth, layer in enumerate(network.layers):
        pixels = picture and depth == 0
        sources = np.arange(len(flows[0])) if pixels else columns[depth].units
        values = layer.kernel[np.ix_(sources, columns[depth + 1].units)].astype(np.float64)
        if by_contribution:
            values *= flows[depth][sources, None]
        targets = columns[depth + 1].units
        gaps.append(_strongest(values, sources, targets, edges[depth], _PIXEL_LINES if pixels else _LINES))
    return Activity(tuple(columns), tuple(gaps), answer, paths)


def levels(activation: str, values: NDArray[np.float32]) -> NDArray[np.float64]:
    """How active the units of a layer are, in -1..1.

    Measured against the end of the activation's range, or, without one, against the most active unit of the layer.
    """
    wide = values.astype(np.float64)
    if activation in RANGES or activation == "softmax":
        return wide
    largest = np.abs(wide).max()
    return wide / largest if largest > 0 else wide


def most_active(values: NDArray[np.float32], needed: Iterable[int], most: int) -> Indices:
    """The units with the largest magnitudes, `most` with those that are `needed` in any case, in order."""
    chosen = set(needed)
    for unit in np.argsort(-np.abs(values), kind="stable"):
        if len(chosen) >= most:
            break
        chosen.add(int(unit))
    return np.array(sorted(chosen), np.intp)


def _inputs(received: NDArray[np.float32], needed: set[int], picture: bool) -> Drawn:
    units = np.empty(0, np.intp) if picture else most_active(received, needed, _FEATURES)
    return Drawn(units, levels("linear", received)[units])


def _edges(paths: Iterable[Path], starts: dict[int, list[int]], depth: int) -> list[set[tuple[int, int]]]:
    """For each layer the connections into it that lie on a path."""
    edges: list[set[tuple[int, int]]] = [set() for _ in range(depth)]
    for path in paths:
        edges[0] |= {(start, path.units[0]) for start in starts[path.units[0]]}
        for at in range(1, depth):
            edges[at].add((path.units[at - 1], path.units[at]))
    return edges


def _strongest(
    values: NDArray[np.float64], sources: Indices, targets: Indices, edges: set[tuple[int, int]], most: int
) -> tuple[Connection, ...]:
    """The `most` largest of the connections, (sources, targets), that are not 0, and those on a path."""
    sizes = np.abs(values)
    largest = sizes.max(initial=0.0)
    if largest == 0:
        return ()
    wanted = np.zeros(values.shape, np.bool_)
    wanted.ravel()[np.argsort(-sizes, axis=None, kind="stable")[:most]] = True
    marked = {
        (int(np.searchsorted(sources, source)), int(np.searchsorted(targets, target))) for source, target in edges
    }
    for place in marked:
        wanted[place] = True
    return tuple(
        Connection(int(sources[i]), int(targets[j]), float(values[i, j] / largest), (int(i), int(j)) in marked)
        for i, j in np.argwhere(wanted & (sizes > 0))
    )
