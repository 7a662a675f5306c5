"""A run's script and notebook, run by themselves: they reach the figures that the run reached."""

from __future__ import annotations

import gzip
import json
import os
import re
import struct
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from mlpcore import datasets
from mlpcore.paths import PROJECT
from mlpcore.spec import RunSpec

pytestmark = pytest.mark.slow

ROUNDING = 1e-3
IMAGES = 2
"""So many images more or fewer may be right where sums are added up in another order."""

_LAYERS = [{"units": 16, "activation": "prelu"}, {"units": 12, "activation": "selu"}]
_STRONG = {"shift": 0.1, "rotation": 15, "shear": 0.2, "zoom": 0.2}
SPECS = {
    "two layers with penalties": {
        "hidden": [{"units": 24}, {"units": 16, "activation": "step"}], "l1": 1e-5, "l2": 1e-4, "epochs": 4,
        "optimizer": {"name": "adamw", "learning_rate": 0.003},
    },
    "dropout": {"hidden": [{"units": 48, "dropout": 0.3}], "epochs": 5},
    "straightened, with all augmentation": {
        "hidden": [{"units": 32}], "prepare": "deskew", "augment": {**_STRONG, "elastic": 0.1, "pen": 0.4},
        "epochs": 5, "batch_size": 50,
    },
    "dropout in two layers, augmentation and repeats": {
        "hidden": [{"units": 40, "activation": "prelu", "dropout": 0.25}, {"units": 20, "dropout": 0.5}],
        "augment": {"rotation": 10, "zoom": 0.1}, "repeats": 2, "epochs": 4, "seed": 7,
    },
    "no validation, squared error": {
        "dataset": "breast_cancer", "hidden": _LAYERS, "loss": "mse", "validation_split": 0, "epochs": 6,
        "batch_size": 30, "optimizer": {"name": "sgd", "momentum": 0.9, "nesterov": True},
        "schedule": {"name": "cosine", "floor": 0.1}, "seed": 2**31 - 1,
    },
    "plateau and early stopping": {
        "dataset": "wine", "hidden": [{"units": 16, "activation": "tanh"}], "epochs": 40, "early_stopping": 3,
        "optimizer": {"name": "nadam", "learning_rate": 0.1}, "validation_split": 0.3,
        "schedule": {"name": "plateau", "factor": 0.1, "patience": 1},
    },
    "repeats and folds": {
        "dataset": "iris", "hidden": [{"units": 8, "activation": "gelu"}], "epochs": 5, "batch_size": 16, "seed": 0,
        "repeats": 2, "folds": 2, "optimizer": {"name": "rmsprop", "learning_rate": 0.01},
        "schedule": {"name": "exponential", "decay": 0.8}, "early_stopping": 2, "training_images": 101,
    },
}  # fmt: skip


def run(*command: str, given: str = "", **environment: str) -> str:
    env = {**os.environ, **environment}
    done = subprocess.run(command, cwd=PROJECT, env=env, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def trained(settings: dict) -> None:
    """The first run of this test's data folder."""
    run(sys.executable, "-m", "mlpcore", "train", "-", "--json", given=json.dumps(settings))


def exported(path: Path, *options: str) -> Path:
    run(sys.executable, "-m", "mlpcore", "export", "1", *options, "--out", str(path))
    return path


def executed(path: Path, **environment: str) -> dict[str, list[tuple[float, float]]]:
    """The figures that a script prints: its own and the run's, the mean and perhaps the deviation."""
    printed = run(sys.executable, str(path), **environment)
    matches = re.findall(
        r"^(\w+) +([\d.]+)(?: ± ([\d.]+))? \(MLP Lab: ([\d.]+)(?: ± ([\d.]+))?\)$", printed, re.MULTILINE
    )
    return {
        name: [(float(own), float(lab)) for own, lab in ((mean, lab_mean), (spread, lab_spread)) if own]
        for name, mean, spread, lab_mean, lab_spread in matches
    }


def assert_agreement(figures: dict[str, list[tuple[float, float]]], spec: RunSpec) -> None:
    counts = {"test": spec.info.test_count, "val": spec.validation_count}
    expected = {"loss", "accuracy", "test_loss", "test_accuracy"}
    assert set(figures) == expected | ({"val_loss", "val_accuracy"} if spec.validation_count else set())
    for name, pairs in figures.items():
        assert len(pairs) == (1 if spec.members == 1 else 2)
        count = counts.get(name.split("_", maxsplit=1)[0], spec.train_count)
        for own, lab in pairs:
            most = IMAGES / count if name.endswith("accuracy") else ROUNDING * lab
            assert own == pytest.approx(lab, abs=most + 1e-4), name


@pytest.mark.parametrize("settings", SPECS.values(), ids=SPECS)
def test_a_script_reaches_the_figures_of_its_run(data_folder: Path, tmp_path: Path, settings: dict) -> None:
    trained(settings)

    figures = executed(exported(tmp_path / "run.py"))

    assert_agreement(figures, RunSpec.from_dict(settings))


@pytest.mark.skipif(find_spec("jax") is None, reason="JAX is not installed")
def test_a_script_follows_the_engine_of_its_run(
    data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = [{"units": 32, "activation": "mish", "dropout": 0.2}, {"units": 16, "dropout": 0.1}]
    settings = {"epochs": 3, "hidden": hidden, "augment": _STRONG, "early_stopping": 1}
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    trained(settings)
    monkeypatch.delenv("KERAS_BACKEND")
    script = exported(tmp_path / "run.py")

    assert 'KERAS_BACKEND"] = "jax"' in script.read_text()
    assert_agreement(executed(script), RunSpec.from_dict(settings))


def test_a_notebooks_cells_reach_the_figures_of_its_run(data_folder: Path, tmp_path: Path) -> None:
    settings = {"epochs": 3, "name": "%magic\n!ls", "note": '"""\nimport nothing', "optimizer": "lion"}
    trained(settings)
    notebook = json.loads(exported(tmp_path / "run.ipynb", "--notebook").read_text())
    cells = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    (tmp_path / "cells.py").write_text("\n".join(cells), encoding="utf-8")

    assert_agreement(executed(tmp_path / "cells.py"), RunSpec.from_dict(settings))


def test_a_script_finds_its_images_where_keras_keeps_them(data_folder: Path, tmp_path: Path) -> None:
    settings = {"dataset": "fashion_mnist", "epochs": 2, "training_images": 3000, "batch_size": 64}
    trained(settings)
    cache_as_keras_does(tmp_path / "keras" / "datasets" / "fashion-mnist")

    figures = executed(exported(tmp_path / "run.py"), KERAS_HOME=str(tmp_path / "keras"))

    assert_agreement(figures, RunSpec.from_dict(settings))


def cache_as_keras_does(folder: Path) -> None:
    """Write Fashion-MNIST's files in the format in which it is published."""
    folder.mkdir(parents=True)
    data = datasets.load("fashion_mnist")
    parts = {"train": (data.train_inputs, data.train_labels), "t10k": (data.test_inputs, data.test_labels)}
    for part, arrays in parts.items():
        for kind, array in zip(("images-idx3", "labels-idx1"), arrays, strict=True):
            header = struct.pack(">BBBB", 0, 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
            file = folder / f"{part}-{kind}-ubyte.gz"
            file.write_bytes(gzip.compress(header + np.ascontiguousarray(array).tobytes(), 1))
