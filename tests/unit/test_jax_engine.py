"""The other engine: the tests of training pass on JAX too, and both engines draw the same random numbers."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mlpcore.events import Metrics
from mlpcore.paths import PROJECT
from tests.factory.trainings import SMALL, assert_alike, ends, killed_after, trained

HERE = Path(__file__).parent
THIS = os.environ.get("KERAS_BACKEND") or "tensorflow"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(THIS != "tensorflow", reason="this process trains with JAX already"),
    pytest.mark.skipif(
        importlib.util.find_spec("jax") is None, reason="JAX is not installed (requirements-jax.txt has it)"
    ),
]

DRAW = """
import sys
import numpy as np
from mlpcore.spec import Augment
from mlpcore.training import augmentation, counter_rng
from mlpcore.training.member_seeds import epoch_keys, epoch_order
from mlpcore.training.backend import NAME, keras, on_device

assert NAME == sys.argv[1]
numpy = keras.ops.convert_to_numpy
keys = np.stack([epoch_keys(seed, 4, 2) for seed in (5, 6, 7)])
images = np.random.default_rng(1).integers(0, 256, (3, 20, 28, 28), np.uint8)
counters = on_device(np.arange(20_000, dtype=np.uint32)[None, :])
first = on_device(np.uint32(3))
ones = on_device(np.ones((3, 32, 40), np.float32))
strengths = Augment(shift=0.2, rotation=40, shear=0.3, zoom=0.3, elastic=0.1, pen=0.5)
np.savez(
    sys.argv[2],
    bits=numpy(counter_rng.bits(on_device(keys[:, 1])[:, None, :], counters)),
    uniform=numpy(counter_rng.uniform(on_device(keys[:, 1])[:, None, :], counters)),
    masks=numpy(counter_rng.dropout(ones, 0.3, on_device(keys[:, 2]), first)) == 0,
    orders=np.stack([epoch_order(seed, 4, 500) for seed in (5, 6, 7)]),
    augmented=numpy(augmentation.augmented(on_device(images), strengths, on_device(keys[:, 0]), first)),
)
"""
"""What each engine makes of the same seeds."""

GO_ON = """
import json, sys
from mlpcore.events import EpochEnd
from mlpcore.spec import RunSpec
from mlpcore.training import train

started, *events = train(RunSpec.from_json(sys.argv[1]), "1", attempt=2, checkpoint=sys.argv[2])
assert (started.engine, started.epoch) == ("jax", 1)
for event in events:
    if isinstance(event, EpochEnd):
        print(json.dumps([[m.loss, m.accuracy, m.val_loss, m.val_accuracy] for m in event.members]))
"""
"""The rest of a run, written as one line per epoch."""


def on(engine: str, *arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"KERAS_BACKEND": engine, "MLPCORE_DATA": str(data)}
    return subprocess.run(
        [sys.executable, *arguments], check=False, cwd=PROJECT, env=environment, capture_output=True, text=True
    )


def test_the_tests_of_training_pass_on_jax(tmp_path: Path):
    files = sorted(str(path) for path in HERE.glob("test_training*.py"))
    done = on(
        "jax",
        "-m",
        "pytest",
        "-q",
        "-n0",
        "-x",
        "-p",
        "no:cacheprovider",
        "-W",
        "ignore::DeprecationWarning",
        *files,
        data=tmp_path,
    )

    assert len(files) > 10
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-5_000:]


def test_both_engines_draw_the_same_masks_orders_and_changes_of_images(tmp_path: Path):
    arrays = {}
    for engine in ("tensorflow", "jax"):
        path = tmp_path / f"{engine}.npz"
        done = on(engine, "-c", DRAW, engine, str(path), data=tmp_path)
        assert done.returncode == 0, done.stderr
        arrays[engine] = np.load(path)

    tensorflow, jax = arrays["tensorflow"], arrays["jax"]
    for name in ("bits", "uniform", "masks", "orders"):
        np.testing.assert_array_equal(tensorflow[name], jax[name])
    np.testing.assert_allclose(tensorflow["augmented"], jax["augmented"], atol=0.05)


def test_a_run_goes_on_with_the_other_engine(data_folder: Path):
    settings = SMALL | {"repeats": 2, "optimizer": {"name": "nadam"}, "augment": {"rotation": 10}}
    whole = ends(trained(settings, "whole"))
    _, checkpoint = killed_after(settings, 1, "1")
    done = on("jax", "-c", GO_ON, json.dumps(settings), checkpoint, data=data_folder)
    assert done.returncode == 0, done.stderr
    rest = [[Metrics(*values) for values in json.loads(line)] for line in done.stdout.splitlines() if line[:2] == "[["]

    for member in (0, 1):
        assert_alike([epoch[member] for epoch in rest], [end.members[member] for end in whole[1:]], rel=1e-3)
