"""Seconds an epoch against the lectures' notebook: `python -m benchmarks.epoch`.

784-128(ReLU, dropout 0.2)-10, Adam, batch 32, 60,000 MNIST images, cross-entropy. Each contender runs in a
process of its own, one after the other: the notebook's plain `model.fit` with all cores, as TensorFlow does by
itself, and MLP Lab's training as a worker does it, with checkpoints, snapshots and records.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from benchmarks.report import Figure, show

EPOCHS = 5


def notebook() -> list[float]:
    """The seconds of each epoch of `model.fit`, as in the TensorFlow quickstart."""
    import keras  # noqa: PLC0415

    from mlpcore import datasets  # noqa: PLC0415

    data = datasets.load("mnist")
    model = keras.Sequential(
        [
            keras.layers.Input((28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    seconds = []
    images = data.train_inputs / 255.0
    for _ in range(EPOCHS):
        started = time.perf_counter()
        model.fit(images, data.train_labels, batch_size=32, epochs=1, verbose=0)
        seconds.append(time.perf_counter() - started)
    return seconds


def worker() -> list[float]:
    """The seconds of each epoch of MLP Lab, recorded."""
    from mlpcore import training  # noqa: PLC0415
    from mlpcore.events import EpochEnd  # noqa: PLC0415
    from mlpcore.spec import RunSpec  # noqa: PLC0415
    from mlpcore.store import metrics, queue  # noqa: PLC0415
    from mlpcore.store.connection import opened  # noqa: PLC0415

    settings = {"dataset": "mnist", "hidden": [{"units": 128, "dropout": 0.2}], "validation_split": 0, "epochs": EPOCHS}
    seconds = []
    with opened() as db:
        queue.enqueue(db, RunSpec.from_dict(settings))
        claim = queue.claim(db, "benchmark")
        assert claim is not None
        started = time.perf_counter()
        for event in training.train(claim.spec, str(claim.run)):
            metrics.record(db, claim, event)
            if isinstance(event, EpochEnd):
                seconds.append(time.perf_counter() - started)
                started = time.perf_counter()
    return seconds


CONTENDERS = {"notebook": notebook, "worker": worker}


def measured(name: str) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"MLPCORE_DATA": folder, "TF_CPP_MIN_LOG_LEVEL": "3"}
        command = [sys.executable, "-m", "benchmarks.epoch", name]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return [float(second) for second in json.loads(done.stdout.splitlines()[-1])]


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(CONTENDERS[sys.argv[1]]()))
        return
    seconds = {name: measured(name) for name in CONTENDERS}
    median = {name: statistics.median(found[1:]) for name, found in seconds.items()}
    notebook_median = median["notebook"]
    figures = [
        Figure(
            "an epoch, median after the first",
            median["worker"],
            "s",
            notebook_median / 3,
            [("plain model.fit", notebook_median)],
        ),
        Figure("the first epoch", seconds["worker"][0], "s", None, [("plain model.fit", seconds["notebook"][0])]),
    ]
    show("An epoch on MNIST, 784-128-10", figures, ["tensorflow", "keras"])


if __name__ == "__main__":
    main()
