"""The lines that train a network with `model.fit`: batches in the run's own order, schedule, early stopping."""

from __future__ import annotations

from mlpcore.i18n.messages import N_, Translate
from mlpcore.keras_export import augmentation
from mlpcore.keras_export.lines import docstring, indented, remark
from mlpcore.spec import RunSpec


def imports(spec: RunSpec) -> list[str]:
    """The modules of Keras that the lines name."""
    return ["callbacks"] if _callbacks(spec) else []


def helpers(spec: RunSpec, say: Translate) -> list[str]:
    """Functions that the training is called with, and the blank lines behind them."""
    lines = _cosine(spec, say) if spec.schedule.name == "cosine" else []
    if spec.augment is not None:
        lines += [*augmentation.defining(spec.augment, say), "", ""]
    return lines


def _cosine(spec: RunSpec, say: Translate) -> list[str]:
    rate, floor = spec.optimizer.learning_rate, spec.schedule.parameters["floor"]
    return [
        "def cosine(epoch):",
        *docstring(say(N_("The learning rate of an epoch, counted from 0."))),
        "    wave = (1 + math.cos(math.pi * epoch / epochs)) / 2",
        f"    return {rate!r} * ({floor!r} + {1 - floor!r} * wave)" if floor else f"    return {rate!r} * wave",
        "",
        "",
    ]


def batches(spec: RunSpec, say: Translate) -> list[str]:
    """The function that gives `model.fit` its batches, from `x_train`, `y_train` and `seed`."""
    key, images = [], "x_train[batch]"
    if spec.augment is not None:
        key, images = ["        key = random_key(seed, AUGMENT, epoch)"], f"augmented({images}, key, first)"
    return [
        "def batches():",
        *docstring(say(N_("All epochs, batch by batch; each sees the examples in another order."))),
        "    for epoch in range(1, epochs + 1):",
        "        order = shuffled(len(x_train), seed, ORDER, epoch)",
        *key,
        "        for first in range(0, len(order), batch_size):",
        "            batch = order[first : first + batch_size]",
        f"            yield {images}, y_train[batch]",
    ]


def fitting(spec: RunSpec, say: Translate) -> list[str]:
    """`history`: what `model.fit` reports of each epoch of `model`."""
    arguments = ["batches()", "epochs=epochs", "steps_per_epoch=steps"]
    if spec.validation_count:
        arguments.append("validation_data=(x_val, y_val)")
    called = _callbacks(spec)
    if called:
        arguments += ["callbacks=[", *indented(f"{callback}," for callback in called), "]"]
    return [
        *(remark(say(N_("Early stopping keeps the weights of the best epoch."))) if spec.early_stopping else []),
        "history = model.fit(",
        *indented(line if line.endswith(("[", ",")) else f"{line}," for line in [*arguments, "verbose=2"]),
        ").history",
    ]


def watched(spec: RunSpec) -> str:
    """The loss that early stopping and the schedule look at."""
    return "val_loss" if spec.validation_count else "loss"


def _callbacks(spec: RunSpec) -> list[str]:
    rate, settings = spec.optimizer.learning_rate, spec.schedule.parameters
    monitor = "" if spec.validation_count else '"loss", '
    found = []
    if spec.schedule.name == "exponential":
        found.append(f"callbacks.LearningRateScheduler(lambda epoch: {rate!r} * {settings['decay']!r}**epoch)")
    elif spec.schedule.name == "cosine":
        found.append("callbacks.LearningRateScheduler(cosine)")
    elif spec.schedule.name == "plateau":
        how = f"factor={settings['factor']!r}, patience={settings['patience']!r}"
        found.append(f"callbacks.ReduceLROnPlateau({monitor}{how})")
    if spec.early_stopping is not None:
        found.append(f"callbacks.EarlyStopping({monitor}patience={spec.early_stopping}, restore_best_weights=True)")
    return found
