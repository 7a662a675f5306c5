"""The lines that build and compile a spec's network as a Keras Sequential model."""

from __future__ import annotations

from mlpcore.i18n.messages import N_, Translate
from mlpcore.keras_export import dropout
from mlpcore.keras_export.lines import call, docstring, indented, remark
from mlpcore.spec import Layer, OptimizerSpec, RunSpec
from mlpcore.spec.choices import OPTIMIZERS
from mlpcore.spec.parameters import LayerParameters, layer_parameters

_LOSSES = {"crossentropy": "sparse_categorical_crossentropy", "mse": "mean_squared_error"}
_WITHIN, _WITHIN_MODEL = 4, 8


def imports(spec: RunSpec) -> list[str]:
    """The modules of Keras that the lines name, beside `layers`."""
    return ["ops"] if dropout.used(spec) else []


def helpers(spec: RunSpec, say: Translate) -> list[str]:
    """Functions and layers that the network is built with."""
    lines = [
        "def glorot(seed, layer):",
        *docstring(say(N_("The initial weights after Glorot: small random numbers."))),
        "    state = np.random.SeedSequence([seed, WEIGHTS, layer]).generate_state(1)",
        "    return keras.initializers.GlorotUniform(seed=int(state[0] >> 1))",
    ]
    if any(layer.activation == "step" for layer in spec.hidden):
        slope = N_("1 from 0 on, else 0; with 0 * x Keras sees that the slope is 0.")
        step = ["def step(x):", *docstring(say(slope)), '    return keras.ops.cast(x >= 0, "float32") + 0 * x']
        lines += ["", "", *step]
    if dropout.used(spec):
        lines += ["", "", *dropout.defining(say)]
    return lines


def building(spec: RunSpec, say: Translate) -> list[str]:
    """`model`, built with the initial weights of `seed` and compiled."""
    lines = []
    if spec.l1 or spec.l2:
        lines += [*remark(say(N_("Added to the loss, so that weights stay small."))), f"penalty = {_penalty(spec)}"]
    lines += ["model = keras.Sequential(", "    [", *indented(_layers(spec, say), 2), "    ]", ")"]
    lines += remark(say(N_("The loss says how wrong the network is; the optimizer changes the weights to lower it.")))
    lines += call(
        f"optimizer = keras.optimizers.{OPTIMIZERS[spec.optimizer.name].label}", _changed(spec.optimizer), _WITHIN
    )
    loss = f'loss="{_LOSSES[spec.loss]}"'
    return [*lines, *call("model.compile", ["optimizer=optimizer", loss, 'metrics=["accuracy"]'], _WITHIN)]


def _layers(spec: RunSpec, say: Translate) -> list[str]:
    shape = spec.info.input_shape
    lines = [f"keras.Input({shape!r}),"]
    if len(shape) > 1:
        lines += [*remark(say(N_("The pixels in a row."))), "layers.Flatten(),"]
    for index, (layer, counted) in enumerate(zip(spec.hidden, layer_parameters(spec), strict=False)):
        lines += [*_counted(counted, say), *_hidden(spec, index, layer, say)]
    output = say(N_("The output: softmax gives each class a probability."))
    last = [*remark(output), *_counted(layer_parameters(spec)[-1], say)]
    return [*lines, *last, *_dense(spec, len(spec.hidden), spec.info.classes, '"softmax"')]


def _counted(row: LayerParameters, say: Translate) -> list[str]:
    return remark(say(N_("Parameters: {arithmetic}")).format(arithmetic=row.arithmetic))


def _hidden(spec: RunSpec, index: int, layer: Layer, say: Translate) -> list[str]:
    if layer.activation == "prelu":
        lines = [*_dense(spec, index, layer.units, None), "layers.PReLU(),"]
    else:
        named = layer.activation if layer.activation == "step" else f'"{layer.activation}"'
        lines = _dense(spec, index, layer.units, named)
    return [*lines, *dropout.behind(index, layer, say)]


def _dense(spec: RunSpec, index: int, units: int, activation: str | None) -> list[str]:
    arguments = [str(units)]
    if activation is not None:
        arguments.append(f"activation={activation}")
    arguments.append(f"kernel_initializer=glorot(seed, {index})")
    if spec.l1 or spec.l2:
        arguments.append("kernel_regularizer=penalty")
    return call("layers.Dense", arguments, _WITHIN_MODEL, ",")


def _penalty(spec: RunSpec) -> str:
    if not spec.l2:
        return f"keras.regularizers.L1({spec.l1!r})"
    if not spec.l1:
        return f"keras.regularizers.L2({spec.l2!r})"
    return f"keras.regularizers.L1L2(l1={spec.l1!r}, l2={spec.l2!r})"


def _changed(optimizer: OptimizerSpec) -> list[str]:
    """The optimizer's learning rate, and what differs from Keras's defaults."""
    defaults = OPTIMIZERS[optimizer.name].parameters
    others = {name: value for name, value in optimizer.parameters.items() if value != defaults[name].default}
    return [f"{name}={value!r}" for name, value in {"learning_rate": optimizer.learning_rate, **others}.items()]
