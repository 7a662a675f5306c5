"""How many real pen strokes networks read: `python -m benchmarks.digits RUN_OR_SNAPSHOT... [--strokes FILE]`.

RUN_OR_SNAPSHOT is the number of a run in the data folder, whose networks make one row with their mean and standard
deviation, or a snapshot file of a network that was trained on digits. FILE is `pendigits_sample.json` or its folder, by
default the folder `MLPCORE_STROKES`. The preparation of the pages is compared with shrinking the whole canvas, as many
demos do; the halves are every other writer and the rest. With `--uploads N`, N of MNIST's test images also go through
the upload: enlarged, shifted, inverted.
"""

from __future__ import annotations

import argparse
import io
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.pen_digits import pen_digits
from benchmarks.report import machine, percentile
from mlpcore import datasets, paths
from mlpcore.inference import Network, load_network
from mlpcore.pictures import Prepared, naive, parse_strokes, prepare, read_picture
from mlpcore.serving import network_cache
from mlpcore.serving.kept_networks import kept_networks
from mlpcore.store import runs
from mlpcore.store.connection import opened

TIMES, MARGIN = 6, 60
"""How many times test images are enlarged, and the pixels within which they are shifted."""


def networks_of(name: str) -> list[Network]:
    """The network in the file of that name, or those that predict for the run with that number."""
    if not name.isdecimal():
        return [load_network(name)]
    with opened() as db:
        run = runs.get(db, int(name))
        kept = kept_networks(db, run)
    if not kept:
        raise SystemExit(f"Run {name} has no network in {paths.data_folder()}.")
    return [network_cache.load_network(run, network.snapshot()) for network in kept]


@dataclass(frozen=True)
class Drawn:
    """Digits drawn by hand: strokes, labels, and whether their writers belong to the first of two halves."""

    strokes: list[Any]
    labels: NDArray[np.intp]
    half: NDArray[np.bool_]

    @classmethod
    def in_file(cls, path: Path | None) -> Drawn:
        """Those in a file or folder, as `pen_digits` reads them."""
        digits = pen_digits(path)
        writers = np.array([digit["group"] for digit in digits])
        half = np.isin(writers, np.unique(writers)[::2])
        return cls([digit["strokes"] for digit in digits], np.array([digit["label"] for digit in digits]), half)

    def inputs(
        self, method: Callable[..., Prepared], shape: tuple[int, ...]
    ) -> tuple[NDArray[np.float32], list[float]]:
        """The inputs of networks of this input shape, (n, *shape), and the milliseconds that each took."""
        inputs, times = [], []
        for strokes in self.strokes:
            start = time.perf_counter()
            inputs.append(method(parse_strokes(strokes), shape).inputs)
            times.append(1000 * (time.perf_counter() - start))
        return np.stack(inputs), times


@dataclass(frozen=True)
class Uploads:
    """Test images of MNIST, (n, 28, 28) in 0..1, and what an upload made of them."""

    images: NDArray[np.float32]
    received: NDArray[np.float32]
    labels: NDArray[Any]


def uploaded(count: int) -> Uploads:
    """`count` test images as picture files, each at a random position; every other one is dark on light."""
    test, rng = datasets.load_test("mnist"), np.random.default_rng(0)
    chosen = rng.permutation(len(test.labels))[:count]
    received = []
    for number, image in enumerate(test.inputs[chosen]):
        large = Image.fromarray(image).resize((28 * TIMES, 28 * TIMES), Image.Resampling.BICUBIC)
        canvas = Image.new("L", (28 * TIMES + MARGIN, 28 * TIMES + MARGIN))
        right, down = (int(pixels) for pixels in rng.integers(0, MARGIN, 2))
        canvas.paste(large, (right, down))
        file = io.BytesIO()
        Image.fromarray(255 - np.asarray(canvas) if number % 2 else np.asarray(canvas)).save(file, "PNG")
        received.append(prepare(read_picture(file.getvalue()), (28, 28)).inputs)
    return Uploads(test.inputs[chosen].astype(np.float32) / np.float32(255), np.stack(received), test.labels[chosen])


def predicted_classes(network: Network, inputs: NDArray[np.float32]) -> NDArray[np.intp]:
    """The most probable class of each input, (n,)."""
    classes: NDArray[np.intp] = network.probabilities(inputs).argmax(axis=1)
    return classes


def test_accuracy(network: Network) -> float:
    """The network's accuracy on the test set of its dataset, 0 to 1."""
    test = datasets.load_test(network.dataset)
    return float(
        (predicted_classes(network, test.inputs.astype(np.float32) / np.float32(network.scale)) == test.labels).mean()
    )


def percent(shares: Sequence[float], decimals: int = 1) -> str:
    """A share in percent, or the mean of several with their standard deviation."""
    mean = f"{100 * statistics.mean(shares):.{decimals}f}"
    return mean if len(shares) == 1 else f"{mean} ± {100 * statistics.stdev(shares):.{decimals}f}"


def row(name: str, networks: Sequence[Network], drawn: Drawn, uploads: Uploads | None) -> str:
    """A row of the table; all networks have the same input shape."""
    shape = networks[0].input_shape
    prepared, canvas = (drawn.inputs(method, shape)[0] for method in (prepare, naive))
    right = [predicted_classes(network, prepared) == drawn.labels for network in networks]
    small = [float((predicted_classes(network, canvas) == drawn.labels).mean()) for network in networks]
    halves = [float(np.mean([each[part].mean() for each in right])) for part in (drawn.half, ~drawn.half)]
    cells = [
        name,
        percent([test_accuracy(network) for network in networks], 2),
        percent([float(each.mean()) for each in right]),
        " / ".join(f"{100 * share:.1f}" for share in halves),
        percent(small),
    ]
    if uploads is not None:
        fits = shape == (28, 28)
        variants = [uploads.images, uploads.received] if fits else []
        shares = [
            [float((predicted_classes(network, v) == uploads.labels).mean()) for network in networks] for v in variants
        ]
        cells.append(" → ".join(percent(share) for share in shares) or "–")
    return f"| {' | '.join(cells)} |"


def mistakes(networks: Sequence[Network], drawn: Drawn) -> str:
    """The most frequent pairs of a label and a wrong prediction."""
    inputs = {network.input_shape: drawn.inputs(prepare, network.input_shape)[0] for network in networks}
    pairs: Counter[tuple[int, int]] = Counter()
    for network in networks:
        predictions = predicted_classes(network, inputs[network.input_shape])
        pairs.update(zip(drawn.labels.tolist(), predictions.tolist(), strict=True))
    wrong = Counter({pair: count for pair, count in pairs.items() if pair[0] != pair[1]})
    return ", ".join(f"{label} as {top} ({count})" for (label, top), count in wrong.most_common(6)) or "none"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="+", metavar="RUN_OR_SNAPSHOT")
    parser.add_argument("--strokes", type=Path, metavar="FILE")
    parser.add_argument("--uploads", type=int, default=0, metavar="N")
    arguments = parser.parse_args()
    networks_by_name = {name: networks_of(name) for name in arguments.networks}
    drawn = Drawn.in_file(arguments.strokes)
    uploads = uploaded(arguments.uploads) if arguments.uploads else None
    print(f"## Digits: {len(drawn.labels)} drawn by hand; all figures in percent read correctly\n")
    print(f"{machine(['numpy', 'pillow'])}\n")
    titles = ["network", "test set", "drawn, as the pages do", "halves of the writers", "drawn, canvas shrunk"]
    titles += [f"{arguments.uploads} of MNIST's test images, directly → uploaded"] if uploads else []
    print(f"| {' | '.join(titles)} |\n{'|---' * len(titles)}|")
    for name, networks in networks_by_name.items():
        print(row(name, networks, drawn, uploads), flush=True)
    all_networks = [network for networks in networks_by_name.values() for network in networks]
    times = drawn.inputs(prepare, all_networks[0].input_shape)[1]
    print(f"\nFrom strokes to input: median {statistics.median(times):.2f} ms, p95 {percentile(times, 0.95):.2f} ms.")
    print(f"Most frequent mistakes: {mistakes(all_networks, drawn)}.")


if __name__ == "__main__":
    main()
