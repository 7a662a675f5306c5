"""What one step of gradient descent on this one example would change: the loss, the prediction, and which weights."""

from __future__ import annotations

import contextlib
import re

import numpy as np
import streamlit as st
from markupsafe import Markup, escape

from mlpcore import formatting
from mlpcore.analysis.gradient_step import GradientStep, gradient_step, largest_changes
from mlpcore.analysis.rounding import compared
from mlpcore.figures import images
from mlpcore.figures.calculation_table import number_table, variable
from mlpcore.figures.images import TitledPicture
from mlpcore.figures.probability_bars import before_after_bars
from mlpcore.spec import RunSpec, choices
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.example_context import ExampleContext
from mlpcore.ui.inspect.neuron_selection import layer_name
from mlpcore.ui.shell.language import _, escaped, paragraph

_KEY = "inspect_rate"
_GOOD = 0.01  # a loss below this belongs to a right and confident prediction
_MAX_CHANGES, _MAX_UNITS, _IMAGE_WIDTH = 5, 4, 130  # listed of a layer, drawn as images, and pixels of an image


def show_training_step(context: ExampleContext, label: int) -> None:
    """The learning rate, the loss and the probabilities before and after, and the weights that change most."""
    st.subheader(_("One step of training on this example"), anchor=False)
    spec = context.inspected.run.spec
    st.markdown(
        _(
            "Backpropagation computes for every weight how the loss changes with it: the gradient. A step of gradient"
            " descent moves every weight a little against its gradient, {formula}, where η is the learning rate. What"
            " if the network took one such step on this example alone, towards **{name}**?"
        ).format(name=escaped(context.class_names[label]), formula="*w* ← *w* − *η* · ∂*L*/∂*w*")
    )
    rate = _select_rate(spec.optimizer.learning_rate)
    step = gradient_step(context.network, context.forward, label, spec.loss, rate)
    _outcome(context, step)
    _changed_weights(context, step)
    st.caption(_left_out(spec))


def _select_rate(default: float) -> float:
    """The field for the learning rate."""
    requested = _rate(page_address.get("rate"))
    st.session_state[_KEY] = default if requested is None else requested
    rate = st.number_input(
        _("Learning rate η"),
        step=default,
        format="%g",
        key=_KEY,
        on_change=lambda: _put_rate(default),
        help=_("At first the run's initial learning rate. Try larger ones to see how large a single step may be."),
        width=220,
    )
    return default if rate is None else float(rate)


def _put_rate(default: float) -> None:
    rate = st.session_state[_KEY]
    if rate is None or rate not in choices.LEARNING_RATE:
        text = _("The learning rate must be above 0 and at most {most}: {default} is used.")
        text = text.format(most=formatting.setting(choices.LEARNING_RATE.high), default=formatting.setting(default))
        st.toast(text, icon=":material/error:")
        rate = default
    page_address.put(rate=None if rate == default else formatting.setting(rate))


def _rate(text: str) -> float | None:
    """A learning rate from the address, None unless it is an allowed one."""
    if not re.fullmatch(r"[0-9]{0,6}\.?[0-9]{0,12}(e-?[0-9]{1,2})?", text):
        return None
    with contextlib.suppress(ValueError):
        if (rate := float(text)) in choices.LEARNING_RATE:
            return rate
    return None


def _outcome(context: ExampleContext, step: GradientStep) -> None:
    left, right = st.columns(2, gap="large")
    label = step.label
    with left:
        heads = ("", _("before"), _("after"), _("change"))
        name = _("Probability of {name}").format(name=context.class_names[label])
        rows = [
            _row(_("Loss"), step.loss_before, step.loss_after),
            _row(name, float(step.before[label]), float(step.after[label])),
        ]
        picture("inspect_step_numbers", number_table(heads, rows))
        st.markdown(_verdict(step))
    with right:
        titles, names = (_("before"), _("after")), context.class_names
        picture("inspect_step", before_after_bars(step.before.tolist(), step.after.tolist(), names, titles, label))


def _row(name: str, before: float, after: float) -> list[str]:
    """A number before and after with its change, which is that of the written ones."""
    first, second, change = compared(before, after)
    return [
        name,
        formatting.exact(first),
        formatting.exact(second),
        f"{'+' if change > 0 else ''}{formatting.exact(change)}",
    ]


def _verdict(step: GradientStep) -> str:
    if not any(slopes.any() for slopes in step.gradients.sums):
        if step.loss_before < _GOOD:
            return _("Nothing changes: the gradient is 0, the prediction could not be better.")
        return _(
            "Nothing changes, though the prediction could be better: the softmax is so confident that it is flat here,"
            " and the gradient is 0."
        )
    if step.loss_after > step.loss_before:
        return _(
            "The loss **rises**: the step was too large. The gradient is the direction of the steepest descent only"
            " close to where it starts; a smaller learning rate helps."
        )
    if step.loss_after == step.loss_before:
        return _("The loss does not change within the precision of the network's numbers: the step is very small.")
    return _(
        "The loss falls: after this step the prediction for this example is better. The predictions for all other"
        " examples may become better or worse: that is why training takes small steps."
    )


def _left_out(spec: RunSpec) -> str:
    """In what this step differs from one of the run's training."""
    parts = [
        _(
            "This is plain gradient descent on one example; a step of the training uses the mean gradient of a whole"
            " batch, here of {size} examples."
        ).format(size=spec.batch_size)
    ]
    name = choices.OPTIMIZERS[spec.optimizer.name].label if spec.optimizer.name in choices.OPTIMIZERS else ""
    if spec.optimizer.name != "sgd" or spec.optimizer.parameters.get("momentum"):
        parts.append(
            _("This run's optimizer, {name}, also uses earlier gradients, so its step differs from this one.").format(
                name=escaped(name or spec.optimizer.name)
            )
        )
    if spec.l1 or spec.l2:
        parts.append(_("The run's penalty on large weights (L1 or L2) is left out."))
    if any(layer.dropout for layer in spec.hidden):
        parts.append(_("Dropout, which switches neurons off at random in training, is off here."))
    return paragraph(*parts)


def _changed_weights(context: ExampleContext, step: GradientStep) -> None:
    """All layers, the last first, as the gradient flows."""
    st.markdown("**" + _("The weights that change most") + "**")
    st.caption(
        _(
            "The gradient of a weight is its input times δ, the derivative of the loss with respect to the weighted sum"
            " that the weight belongs to. δ is calculated from the output backwards, so the layers are listed in this"
            " order."
        )
    )
    if context.inspected.run.spec.loss == "crossentropy":
        st.caption(
            _(
                "With the softmax and the cross-entropy, δ of the output is simply the probability minus its target:"
                " p − 1 for the true class and p for all others."
            )
        )
    for layer in reversed(range(len(context.network.layers))):
        _layer_changes(context, step, layer)
    if context.inspected.has_images:
        _change_images(context, step)


def _layer_changes(context: ExampleContext, step: GradientStep, layer: int) -> None:
    weights = context.network.layers[layer].kernel.size
    st.markdown(
        _("{layer}: {changing} of {count} weights change").format(
            layer=layer_name(layer, context.network),
            changing=formatting.count(step.changed_weights(layer)),
            count=formatting.count(weights),
        )
    )
    changes = largest_changes(context.network, step, layer, _MAX_CHANGES)
    if not changes:
        st.caption(_why_no_change(context, layer))
        return
    x, delta, w = variable("x"), variable("δ"), variable("w")
    heads = (
        _("from → to"),
        x,
        delta,
        Markup("−{} · {} · {}").format(variable("η"), x, delta),
        escape(_("{variable} before")).format(variable=w),
        escape(_("{variable} after")).format(variable=w),
    )
    rows = [
        [
            f"{context.input_name(layer, item.source)} → {context.unit_name(layer, item.unit)}",
            formatting.exact(item.value),
            formatting.exact(item.slope),
            f"{'+' if item.change > 0 else ''}{formatting.exact(item.change)}",
            formatting.exact(item.before),
            formatting.exact(item.after),
        ]
        for item in changes
    ]
    picture(f"inspect_changes_{layer}", number_table(heads, rows))


def _why_no_change(context: ExampleContext, layer: int) -> str:
    if "step" in [item.activation for item in context.network.layers[layer:-1]]:
        return _(
            "No gradient flows back through the step function: its slope is 0 on both sides of the jump, so this layer"
            " learns nothing."
        )
    return _("All δ or all inputs are 0 here: no weight of this layer changes.")


def _change_images(context: ExampleContext, step: GradientStep) -> None:
    """The change of the first layer's weights, for the neurons whose sums matter most to the loss."""
    slopes = step.gradients.sums[0]
    units = [int(unit) for unit in np.argsort(-np.abs(slopes), kind="stable")[:_MAX_UNITS] if slopes[unit]]
    if not units or not step.changed_weights(0):
        return
    changes = {unit: step.kernel_change(0, unit) for unit in units}
    largest = max(float(np.abs(change).max()) for change in changes.values())
    empty = np.zeros(context.inspected.info.input_shape, np.float32)
    panels = [
        TitledPicture(
            context.unit_name(0, unit),
            images.heat_map(empty, context.as_image(change), context.unit_name(0, unit), largest),
            images.color_scale(formatting.number(largest), "", "") if unit == units[0] else "",
        )
        for unit, change in changes.items()
    ]
    st.markdown("**" + _("The change of the first layer as images") + "**")
    picture("inspect_change_images", images.titled_pictures(panels, _IMAGE_WIDTH))
    st.caption(
        _(
            "How to read it: blue weights increase, amber ones decrease. The change of a neuron's weights is always the"
            " input image times a number: training adds images to the weights, one example after the other. Shown are"
            " the neurons with the largest δ."
        )
    )
