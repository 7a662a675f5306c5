"""The calls of Keras by which exported code loads a run's data and builds, compiles and fits its network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mlpcore.keras_export.comments import COLUMNS
from mlpcore.spec import RunSpec
from mlpcore.spec.choices import OPTIMIZERS
from mlpcore.spec.parameters import layer_parameters

_LOSSES = {"crossentropy": "sparse_categorical_crossentropy", "mse": "mean_squared_error"}
_FUNCTION_INDENT, _MODEL_INDENT = 4, 8


@dataclass(frozen=True)
class LayerCall:
    """A layer: the call of `layers.Dense`, the calculation of its parameters, its activation and its dropout rate."""

    dense: str
    arithmetic: str
    activation: str = ""
    dropout: float = 0.0


def hidden_layers(spec: RunSpec) -> list[LayerCall]:
    """The hidden layers in order. PReLU has weights of its own and follows its dense layer as a layer."""
    return [
        LayerCall(
            _dense(spec, index, layer.units, None if layer.activation == "prelu" else _activation(layer.activation)),
            counted.arithmetic,
            layer.activation,
            layer.dropout,
        )
        for index, (layer, counted) in enumerate(zip(spec.hidden, layer_parameters(spec), strict=False))
    ]


def output_layer(spec: RunSpec) -> LayerCall:
    """The layer with one unit per class."""
    return LayerCall(
        _dense(spec, len(spec.hidden), spec.info.classes, '"softmax"'), layer_parameters(spec)[-1].arithmetic
    )


def penalty_call(spec: RunSpec) -> str:
    """The regularizer of every kernel; empty where there is none."""
    if spec.l1 and spec.l2:
        return f"keras.regularizers.L1L2(l1={spec.l1!r}, l2={spec.l2!r})"
    if spec.l1:
        return f"keras.regularizers.L1({spec.l1!r})"
    return f"keras.regularizers.L2({spec.l2!r})" if spec.l2 else ""


def optimizer_call(spec: RunSpec) -> str:
    """The optimizer with its learning rate and those settings that differ from Keras's defaults."""
    optimizer = spec.optimizer
    defaults = OPTIMIZERS[optimizer.name].parameters
    changed = {name: value for name, value in optimizer.parameters.items() if value != defaults[name].default}
    arguments = [f"{name}={value!r}" for name, value in {"learning_rate": optimizer.learning_rate, **changed}.items()]
    return _call(f"optimizer = keras.optimizers.{OPTIMIZERS[optimizer.name].label}", arguments, _FUNCTION_INDENT)


def compile_call(spec: RunSpec) -> str:
    """`model.compile` with optimizer, loss and accuracy."""
    arguments = ["optimizer=optimizer", f'loss="{_LOSSES[spec.loss]}"', 'metrics=["accuracy"]']
    return _call("model.compile", arguments, _FUNCTION_INDENT)


def callback_calls(spec: RunSpec) -> list[str]:
    """The callbacks of `model.fit` for the learning-rate schedule and early stopping."""
    rate, settings = spec.optimizer.learning_rate, spec.schedule.parameters
    monitor = "" if spec.validation_count else '"loss", '
    calls = []
    if spec.schedule.name == "exponential":
        calls.append(f"callbacks.LearningRateScheduler(lambda epoch: {rate!r} * {settings['decay']!r}**epoch)")
    elif spec.schedule.name == "cosine":
        calls.append("callbacks.LearningRateScheduler(cosine)")
    elif spec.schedule.name == "plateau":
        arguments = f"factor={settings['factor']!r}, patience={settings['patience']!r}"
        calls.append(f"callbacks.ReduceLROnPlateau({monitor}{arguments})")
    if spec.early_stopping is not None:
        calls.append(f"callbacks.EarlyStopping({monitor}patience={spec.early_stopping}, restore_best_weights=True)")
    return calls


def monitored_loss(spec: RunSpec) -> str:
    """Keras's name of the loss that early stopping and the schedule depend on."""
    return "val_loss" if spec.validation_count else "loss"


def _activation(name: str) -> str:
    """An activation as an argument: the step function, which Keras does not have, is a function in the code."""
    return name if name == "step" else f'"{name}"'


def _dense(spec: RunSpec, index: int, units: int, activation: str | None) -> str:
    arguments = [str(units)]
    if activation is not None:
        arguments.append(f"activation={activation}")
    arguments.append(f"kernel_initializer=glorot(seed, {index})")
    if spec.l1 or spec.l2:
        arguments.append("kernel_regularizer=penalty")
    return _call("layers.Dense", arguments, _MODEL_INDENT, ",")


def _call(name: str, arguments: Iterable[str], indent: int, end: str = "") -> str:
    """A call on one line where it fits after `indent` columns, otherwise with one argument per line."""
    listed = list(arguments)
    line = f"{name}({', '.join(listed)}){end}"
    if indent + len(line) <= COLUMNS:
        return line
    return "\n".join([f"{name}(", *(f"    {argument}," for argument in listed), f"){end}"])
