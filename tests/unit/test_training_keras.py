"""The engine learns what `model.fit` of plain Keras learns from the same start with the same batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlpcore import datasets
from mlpcore.events import Metrics
from mlpcore.inference import Network
from mlpcore.spec import RunSpec
from mlpcore.training.member_seeds import draw_split, epoch_order
from tests.factory.trainings import OPTIMIZERS, PENALISED, assert_alike, assert_close, optimized, recorded

pytestmark = pytest.mark.slow

CASES = {
    **{name: optimized(name) for name in OPTIMIZERS},
    "mean squared error": PENALISED | {"loss": "mse", "optimizer": {"name": "sgd", "learning_rate": 0.5}},
    "two hidden layers": PENALISED
    | {"hidden": [{"units": 12, "activation": "tanh"}, {"units": 8, "activation": "elu"}]},
}


def plain_model(spec: RunSpec) -> Any:
    """The network as anyone would write it in Keras."""
    from mlpcore.training.backend import keras

    layers: list[Any] = [keras.Input((64,))]
    for layer in spec.hidden:
        learns = layer.activation == "prelu"
        name = None if learns else layer.activation
        penalty = keras.regularizers.L1L2(l1=spec.l1, l2=spec.l2)
        layers.append(keras.layers.Dense(layer.units, activation=name, kernel_regularizer=penalty))
        if learns:
            layers.append(keras.layers.PReLU())
    penalty = keras.regularizers.L1L2(l1=spec.l1, l2=spec.l2)
    layers.append(keras.layers.Dense(10, activation="softmax", kernel_regularizer=penalty))
    model = keras.Sequential(layers)
    optimizer = type(keras.optimizers.get(spec.optimizer.name))
    model.compile(
        optimizer(learning_rate=spec.optimizer.learning_rate, **spec.optimizer.parameters),
        "categorical_crossentropy" if spec.loss == "crossentropy" else "mean_squared_error",
        metrics=["accuracy"],
        run_eagerly=True,
    )
    return model


def weights(network: Network) -> list[np.ndarray]:
    arrays = [array for layer in network.layers for array in (layer.kernel, layer.bias, layer.alpha)]
    return [array for array in arrays if array is not None]


def fitted(spec: RunSpec, start: Network) -> tuple[list[Metrics | None], list[np.ndarray]]:
    """The curve of plain Keras, one epoch at a time in the run's order, and its weights."""
    data = datasets.load("digits")
    inputs = data.train_inputs.reshape(-1, 64).astype(np.float32) / data.info.scale
    targets = np.eye(10, dtype=np.float32)[data.train_labels]
    training, validation = draw_split(spec.seed, len(inputs), spec.examples, spec.validation_count)
    held_out = (inputs[validation], targets[validation]) if len(validation) else None
    model = plain_model(spec)
    model.set_weights(weights(start))
    curve: list[Metrics | None] = []
    for epoch in range(1, spec.epochs + 1):
        seen = training[epoch_order(spec.seed, epoch, len(training))]
        options = {"batch_size": spec.batch_size, "shuffle": False, "verbose": 0, "validation_data": held_out}
        history = model.fit(inputs[seen], targets[seen], **options).history
        names = ("loss", "accuracy", "val_loss", "val_accuracy")
        curve.append(Metrics(*(history[name][0] for name in names if name in history)))
    return curve, model.get_weights()


@pytest.mark.parametrize("case", CASES)
def test_losses_accuracies_and_weights_are_those_of_plain_keras(case: str):
    own = recorded(CASES[case])
    curve, kept = fitted(RunSpec.from_dict(CASES[case]), own.networks[0, 0])

    assert_alike(own.curve(), curve)
    assert_close(own.weights(), kept)
