"""The training engine against the lectures' notebook: `python -m benchmarks.engine`.

784-128(ReLU, dropout 0.2)-10, Adam, batch 32, 60,000 MNIST images, cross-entropy. Each contender runs in a process of
its own, one after another: the notebook's plain `model.fit` with all cores, as TensorFlow does by itself, and MLP
Lab's training as a worker does it, with checkpoints, snapshots and records.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile

from benchmarks.contenders import CONTENDERS, EPOCHS
from benchmarks.report import Figure, print_figures


def measured(name: str, **environment: str) -> list[float]:
    """The figures of a contender, in a process of its own on an empty data folder."""
    with tempfile.TemporaryDirectory() as folder:
        variables = os.environ | {"MLPCORE_DATA": folder, "TF_CPP_MIN_LOG_LEVEL": "3"} | environment
        command = [sys.executable, "-m", "benchmarks.engine", name]
        done = subprocess.run(command, env=variables, check=True, stdout=subprocess.PIPE, text=True)
    return [float(figure) for figure in json.loads(done.stdout.splitlines()[-1])]


def median(epochs: list[float]) -> float:
    """The median epoch after the first."""
    return statistics.median(epochs[1:])


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(CONTENDERS[sys.argv[1]]()))
        return
    tensorflow, jax = {"KERAS_BACKEND": "tensorflow"}, {"KERAS_BACKEND": "jax"}
    notebook = measured("notebook", **tensorflow)
    plain, alone = ("plain model.fit", median(notebook)), sum(notebook)
    ours = {name: measured("epochs", **engine) for name, engine in (("TensorFlow", tensorflow), ("JAX", jax))}
    products = min(median(measured("products", OPENBLAS_NUM_THREADS=str(count))) for count in (1, os.cpu_count() or 1))
    hourly, first, epoch, memory = measured("workers", **tensorflow)
    per_run = 3600 / hourly
    figures = [
        Figure(
            "TensorFlow engine: an epoch, median after the first",
            median(ours["TensorFlow"]),
            "s",
            plain[1] / 5,
            [plain],
        ),
        Figure("JAX engine: an epoch, median after the first", median(ours["JAX"]), "s", plain[1] / 8, [plain]),
        Figure(
            "JAX engine against the matrix products alone in NumPy, the faster of one thread and one per core",
            median(ours["JAX"]),
            "s",
            1.5 * products,
            [("NumPy", products)],
        ),
        Figure(
            "two TensorFlow workers: seconds per finished run", per_run, "s", alone / 9, [("model.fit alone", alone)]
        ),
        Figure("warm worker: queued to the end of the first epoch", first, "s", 1.2 * epoch, [("an epoch", epoch)]),
        Figure("peak memory of a TensorFlow worker", memory, "MB", 900),
    ]
    for name, engine in (("TensorFlow", tensorflow), ("JAX", jax)):
        together, apart = measured("members", **engine)
        others = [("one after another", apart)]
        figures.append(Figure(f"{name} engine: ten repeats as members, 2 epochs", together, "s", apart, others))
    title = f"The engine on MNIST, 784-128-10, {EPOCHS} epochs per run"
    print_figures(title, figures, ["tensorflow", "keras", "jax", "numpy"])


if __name__ == "__main__":
    main()
