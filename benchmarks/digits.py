"""How many real pen strokes a network reads: `python -m benchmarks.digits RUN_OR_SNAPSHOT [STROKES]`.

RUN_OR_SNAPSHOT is the number of a run in the data folder or a snapshot file of a network that was trained on digits.
STROKES is `pendigits_sample.json` or its folder; without it, the folder `MLPCORE_STROKES`. Compared are the whole
canvas made small, as many demos do, and what the pages do.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import machine, percentile
from mlpcore import settings
from mlpcore.digits import Prepared, naive, parse_strokes, prepare
from mlpcore.inference import Network, load_network
from mlpcore.store import runs
from mlpcore.store.connection import opened


def snapshot_of(name: str) -> Path:
    """The file of that name, or the last snapshot of the run with that number."""
    if not name.isdecimal():
        return Path(name)
    with opened() as db:
        kept = runs.snapshots(db, int(name))
    if not kept:
        raise SystemExit(f"Run {name} has no snapshot in {settings.data_folder()}.")
    return settings.data_folder() / kept[max(kept)]


def digits_in(path: Path) -> list[dict[str, Any]]:
    file = path / "pendigits_sample.json" if path.is_dir() else path
    return list(json.loads(file.read_text())["digits"])


def read(
    network: Network, digits: Sequence[dict[str, Any]], way: Callable[..., Prepared]
) -> tuple[NDArray[np.intp], list[float]]:
    """What the network says each digit is, and the milliseconds from its strokes to the network's input."""
    inputs, waited = [], []
    for digit in digits:
        start = time.perf_counter()
        inputs.append(way(parse_strokes(digit["strokes"]), network.input_shape).inputs)
        waited.append(1000 * (time.perf_counter() - start))
    return network.probabilities(np.stack(inputs)).argmax(axis=1), waited


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network")
    parser.add_argument("strokes", nargs="?", type=Path)
    arguments = parser.parse_args()
    network = load_network(snapshot_of(arguments.network))
    folder = os.environ.get("MLPCORE_STROKES") or settings.PROJECT.parent / "shared" / "strokes"
    digits = digits_in(arguments.strokes or Path(folder))
    labels = np.array([digit["label"] for digit in digits])
    print(f"## Digits: {len(digits)} drawn by hand, a network trained on {network.dataset}\n")
    print(f"{machine(['numpy', 'pillow'])}\n")
    print("| from the strokes to the network's input | read correctly | ms, median | ms, p95 |\n|---|---|---|---|")
    for what, way in (("the whole canvas made small", naive), ("as the pages do", prepare)):
        said, waited = read(network, digits, way)
        right = int((said == labels).sum())
        figures = f"{statistics.median(waited):.2f} | {percentile(waited, 0.95):.2f}"
        print(f"| {what} | {right} of {len(digits)} ({right / len(digits):.1%}) | {figures} |")
    mistakes = Counter(zip(labels[said != labels].tolist(), said[said != labels].tolist(), strict=True))
    listed = ", ".join(f"{label} as {answer} ({times})" for (label, answer), times in mistakes.most_common(6))
    print(f"\nMost frequent mistakes: {listed or 'none'}.")


if __name__ == "__main__":
    main()
