"""Which weights a step changes, layer by layer: the largest changes as numbers, for images also as images."""

from __future__ import annotations

import numpy as np
import streamlit as st
from markupsafe import Markup, escape

from mlpcore import formatting
from mlpcore.analysis.gradient_step import GradientStep, largest_changes
from mlpcore.figures import saliency_maps
from mlpcore.figures.calculation_table import number_table, variable
from mlpcore.figures.saliency_maps import TitledPicture
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect.example_context import ExampleContext
from mlpcore.ui.inspect.neuron_selection import layer_name
from mlpcore.ui.shell.language import _

_ROWS = 5
_UNITS = 4
_IMAGE = 130


def show_changed_weights(context: ExampleContext, step: GradientStep) -> None:
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
        _layer(context, step, layer)
    if context.inspected.has_images:
        _images(context, step)


def _layer(context: ExampleContext, step: GradientStep, layer: int) -> None:
    weights = context.network.layers[layer].kernel.size
    st.markdown(
        _("{layer}: {changing} of {count} weights change").format(
            layer=layer_name(layer, context.network),
            changing=formatting.count(step.changed_weights(layer)),
            count=formatting.count(weights),
        )
    )
    changes = largest_changes(context.network, step, layer, _ROWS)
    if not changes:
        _explain_no_change(context, layer)
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


def _explain_no_change(context: ExampleContext, layer: int) -> None:
    later = [item.activation for item in context.network.layers[layer:-1]]
    if "step" in later:
        text = _(
            "No gradient flows back through the step function: its slope is 0 on both sides of the jump, so this layer"
            " learns nothing."
        )
    else:
        text = _("All δ or all inputs are 0 here: no weight of this layer changes.")
    st.caption(text)


def _images(context: ExampleContext, step: GradientStep) -> None:
    """The change of the first layer's weights, for the neurons whose sums matter most to the loss."""
    slopes = step.gradients.sums[0]
    units = [int(unit) for unit in np.argsort(-np.abs(slopes), kind="stable")[:_UNITS] if slopes[unit]]
    if not units or not step.changed_weights(0):
        return
    changes = {unit: step.kernel_change(0, unit) for unit in units}
    largest = max(float(np.abs(change).max()) for change in changes.values())
    empty = np.zeros(context.inspected.info.input_shape, np.float32)
    panels = [
        TitledPicture(
            context.unit_name(0, unit),
            saliency_maps.heat_map(empty, context.as_image(change), context.unit_name(0, unit), largest),
            saliency_maps.color_scale(formatting.number(largest), "", "") if unit == units[0] else "",
        )
        for unit, change in changes.items()
    ]
    st.markdown("**" + _("The change of the first layer as images") + "**")
    picture("inspect_change_images", saliency_maps.titled_pictures(panels, _IMAGE))
    st.caption(
        _(
            "How to read it: blue weights increase, amber ones decrease. The change of a neuron's weights is always the"
            " input image times a number: training adds images to the weights, one example after the other. Shown are"
            " the neurons with the largest δ."
        )
    )
