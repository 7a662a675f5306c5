"""The training of the lectures' notebooks: a Sequential model and `model.fit`, in plain Keras."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from mlpcore import datasets
from mlpcore.spec import RunSpec


def model(spec: RunSpec) -> Any:
    """The network of a spec, compiled, as a notebook writes it."""
    import keras  # noqa: PLC0415 - the caller chooses the engine

    layers = [keras.layers.Input(spec.info.input_shape), keras.layers.Flatten()]
    for layer in spec.hidden:
        layers.append(keras.layers.Dense(layer.units, activation=layer.activation))
        if layer.dropout:
            layers.append(keras.layers.Dropout(layer.dropout))
    layers.append(keras.layers.Dense(spec.info.classes, activation="softmax"))
    network = keras.Sequential(layers)
    network.compile(spec.optimizer.name, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return network


def epochs(spec: RunSpec) -> Iterator[tuple[float, float]]:
    """Train by `model.fit` on the whole training set: seconds and training accuracy of each epoch."""
    data = datasets.load(spec.dataset)
    images = data.train_inputs / float(spec.info.scale)
    network = model(spec)
    for _ in range(spec.epochs):
        started = time.perf_counter()
        history = network.fit(images, data.train_labels, batch_size=spec.batch_size, epochs=1, verbose=0)
        yield time.perf_counter() - started, float(history.history["accuracy"][0])


def accuracies(spec: RunSpec) -> tuple[float, float]:
    """Accuracy on the training set in the last epoch, and on the test set, after a training by `model.fit`."""
    import keras  # noqa: PLC0415

    keras.utils.set_random_seed(spec.seed)
    data = datasets.load(spec.dataset)
    network, scale = model(spec), float(spec.info.scale)
    history = network.fit(
        data.train_inputs / scale, data.train_labels, batch_size=spec.batch_size, epochs=spec.epochs, verbose=0
    )
    tested = network.evaluate(data.test_inputs / scale, data.test_labels, verbose=0)
    return float(history.history["accuracy"][-1]), float(tested[1])
