"""Does the engine learn what plain Keras learns? `python -m benchmarks.fidelity [SEEDS]`, on `KERAS_BACKEND`.

Three settings on MNIST, ten seeds by `model.fit` and ten by the engine: mean test accuracies with their standard
errors, and their difference in standard errors.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from typing import Any

from benchmarks.report import machine
from benchmarks.training_run import Accuracies, accuracies
from mlpcore.spec import RunSpec

SETTINGS: dict[str, dict[str, Any]] = {
    "64 ReLU, SGD, 5 epochs": {"hidden": [{"units": 64}], "optimizer": "sgd"},
    "128 ReLU, Adam, 5 epochs": {"hidden": [{"units": 128}]},
    "128 ReLU, dropout 0.4, Adam, 5 epochs": {"hidden": [{"units": 128, "dropout": 0.4}]},
}


def _spec(setting: str) -> RunSpec:
    return RunSpec.from_dict({"dataset": "mnist", "validation_split": 0, "epochs": 5, **SETTINGS[setting]})


def plain(setting: str, seeds: int) -> None:
    """Print training and test accuracy of each seed by `model.fit`, as JSON."""
    from benchmarks import plain_keras  # noqa: PLC0415

    print(json.dumps([plain_keras.accuracies(replace(_spec(setting), seed=seed)) for seed in range(seeds)]))


def main() -> None:
    if len(sys.argv) > 2:
        plain(sys.argv[1], int(sys.argv[2]))
        return
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    print(f"## Engine and model.fit, {seeds} seeds each, percent: mean ± deviation\n")
    print("| setting | training: engine | model.fit | test: engine | model.fit | difference of the test means |")
    print("|---|---|---|---|---|---|", flush=True)
    for setting in SETTINGS:
        command = [sys.executable, "-m", "benchmarks.fidelity", setting, str(seeds)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        results = json.loads(done.stdout.splitlines()[-1])
        fit = [Accuracies(tuple(values)) for values in zip(*results, strict=True)]
        with tempfile.TemporaryDirectory() as folder:
            ours = accuracies(replace(_spec(setting), repeats=seeds), folder)
        gap, error = ours[1].mean - fit[1].mean, (ours[1].error ** 2 + fit[1].error ** 2) ** 0.5
        difference = f"{gap:+.2f}, {abs(gap) / error:.1f} standard errors of {error:.2f}"
        print(f"| {setting} | {ours[0]} | {fit[0]} | {ours[1]} | {fit[1]} | {difference} |", flush=True)
    print(f"\n{machine(['keras', 'tensorflow', 'jax'])}")


if __name__ == "__main__":
    main()
