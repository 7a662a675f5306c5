"""The end of a training: the network that each member keeps is evaluated once on the test set and saved for Keras."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from mlpcore.events import Finished, Result
from mlpcore.import_blocker import without_unused_imports
from mlpcore.spec import RunSpec
from mlpcore.training.backend import keras
from mlpcore.training.group import Group, evaluate_networks
from mlpcore.training.member_progress import MemberProgress
from mlpcore.training.run_files import Arrays, RunFiles
from mlpcore.training.stack import activation, build_optimizer


def evaluate_and_save(
    spec: RunSpec,
    files: RunFiles,
    progress: Sequence[MemberProgress],
    groups: Sequence[Group],
    epoch: int,
    data: Any,
    count: int,
) -> Generator[None, None, Finished]:
    """The results after the last epoch, on the `count` test examples of `data`; yields several times per second.

    Where early stopping has seen a best epoch, the network of that epoch is kept, otherwise the last one.
    """
    kept: dict[int, tuple[int, Arrays]] = {}
    for group in groups:
        for number, weights in zip(group.numbers, group.weights(), strict=True):
            kept[number] = epoch, weights
    for number, member in enumerate(progress):
        if member.stopping.best_weights:
            kept[number] = member.stopping.best_epoch, member.stopping.best_weights
    not_diverged = [number for number, member in enumerate(progress) if not member.diverged]
    sums = yield from evaluate_networks(groups[0].steps, [kept[number][1] for number in not_diverged], data, count)
    results: list[Result | None] = [None] * len(progress)
    model = KerasModel(spec)
    for number, (loss, correct, tested) in zip(not_diverged, sums, strict=True):
        kept_epoch, weights = kept[number]
        file = files.save_model(number, partial(model.save, weights))
        snapshot = progress[number].snapshots.save(kept_epoch, weights)
        results[number] = Result(float(loss / tested), float(correct / tested), kept_epoch, file, snapshot)
        yield
    return Finished(tuple(results), all(member.stopped or member.diverged for member in progress))


class KerasModel:
    """The model of a spec, compiled as the spec says; its inputs are the prepared raw values / `info.scale`."""

    def __init__(self, spec: RunSpec) -> None:
        layers, shape = keras.layers, spec.info.input_shape
        inputs = keras.Input(shape=shape, name="inputs")
        x = layers.Flatten(name="flatten")(inputs) if len(shape) > 1 else inputs
        for number, layer in enumerate(spec.hidden, start=1):
            no_keras_name = layer.activation in ("step", "prelu")
            x = _dense(spec, layer.units, None if no_keras_name else layer.activation, f"dense_{number}")(x)
            if layer.activation == "prelu":
                x = layers.PReLU(name=f"prelu_{number}")(x)
            elif no_keras_name:
                x = activation(layer.activation)(x)
            if layer.dropout:
                x = layers.Dropout(layer.dropout, name=f"dropout_{number}")(x)
        outputs = _dense(spec, spec.info.classes, "softmax", "outputs")(x)
        self._model = keras.Model(inputs, outputs)
        loss = "sparse_categorical_crossentropy" if spec.loss == "crossentropy" else "mean_squared_error"
        self._model.compile(optimizer=build_optimizer(spec.optimizer), loss=loss, metrics=["accuracy"])

    def save(self, weights: Arrays, path: Path) -> None:
        """Write a member to a `.keras` file."""
        for variable, value in zip(self._model.trainable_variables, weights, strict=True):
            variable.assign(value.reshape(variable.shape))
        with without_unused_imports():  # on JAX, saving would load TensorFlow where it is installed: 480 MB
            self._model.save(path)


def _dense(spec: RunSpec, units: int, name: str | None, layer_name: str) -> Any:
    penalty = keras.regularizers.L1L2(l1=spec.l1, l2=spec.l2) if spec.l1 or spec.l2 else None
    return keras.layers.Dense(units, activation=name, kernel_regularizer=penalty, name=layer_name)
