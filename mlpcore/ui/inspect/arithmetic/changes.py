"""Which weights a step changes, layer by layer: the largest changes as numbers, for pictures also as pictures."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.step import Step, largest_changes
from mlpcore.figures import saliency_maps
from mlpcore.figures.calculation_table import number_table, variable
from mlpcore.figures.saliency_maps import TitledPicture
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect.arithmetic.sheet import Sheet
from mlpcore.ui.inspect.unit_address import layer_name
from mlpcore.ui.shell.language import _

_ROWS = 5
_UNITS = 4
_PICTURE = 130


def show(sheet: Sheet, taken: Step) -> None:
    """All layers, the last first, as the gradient flows."""
    st.markdown("**" + _("The weights that change most") + "**")
    st.caption(
        _(
            "The gradient of a weight is what comes in at it times δ, the slope of the loss in the sum that it belongs"
            " to. δ is calculated from the output backwards, so the layers are listed in this order."
        )
    )
    if sheet.subject.run.spec.loss == "crossentropy":
        st.caption(
            _(
                "With the softmax and the cross-entropy, δ of the output is simply the probability minus what is"
                " wanted: p − 1 for the true class and p for all others."
            )
        )
    for index in reversed(range(len(sheet.network.layers))):
        _layer(sheet, taken, index)
    if sheet.pictures:
        _pictures(sheet, taken)


def _layer(sheet: Sheet, taken: Step, index: int) -> None:
    weights = sheet.network.layers[index].kernel.size
    st.markdown(
        _("{layer}: {changing} of {count} weights change").format(
            layer=layer_name(index, sheet.network),
            changing=formatting.count(taken.changing(index)),
            count=formatting.count(weights),
        )
    )
    found = largest_changes(sheet.network, taken, index, _ROWS)
    if not found:
        _why_nothing(sheet, taken, index)
        return
    x, delta, w = variable("x"), variable("δ"), variable("w")
    heads = (
        _("from → to"),
        x,
        delta,
        f"−{variable('η')} · {x} · {delta}",
        _("{variable} before").format(variable=w),
        _("{variable} after").format(variable=w),
    )
    rows = [
        [
            f"{escape(sheet.source(index, one.source))} → {escape(sheet.target(index, one.unit))}",
            formatting.exact(one.value),
            formatting.exact(one.slope),
            f"{'+' if one.change > 0 else ''}{formatting.exact(one.change)}",
            formatting.exact(one.before),
            formatting.exact(one.after),
        ]
        for one in found
    ]
    picture(f"inspect_changes_{index}", number_table(heads, rows))


def _why_nothing(sheet: Sheet, taken: Step, index: int) -> None:
    behind = [layer.activation for layer in sheet.network.layers[index:-1]]
    if "step" in behind:
        st.caption(
            _(
                "Nothing flows back through the step function: its slope is 0 on both sides of the jump, so this layer"
                " learns nothing."
            )
        )
    else:
        st.caption(_("Here δ is 0 everywhere, or nothing comes in: no weight of this layer changes."))


def _pictures(sheet: Sheet, taken: Step) -> None:
    """The change of the first layer's weights, for the neurons whose sums matter most to the loss."""
    slopes = taken.gradients.sums[0]
    units = [int(unit) for unit in np.argsort(-np.abs(slopes), kind="stable")[:_UNITS] if slopes[unit]]
    if not units or not taken.changing(0):
        return
    changes = {unit: taken.kernel_change(0, unit) for unit in units}
    largest = max(float(np.abs(change).max()) for change in changes.values())
    empty = np.zeros(sheet.subject.info.input_shape, np.float32)
    panels = [
        TitledPicture(
            sheet.target(0, unit),
            saliency_maps.heat_map(empty, sheet.as_picture(change), sheet.target(0, unit), largest),
            saliency_maps.color_scale(formatting.number(largest), "", "") if unit == units[0] else "",
        )
        for unit, change in changes.items()
    ]
    st.markdown("**" + _("The change of the first layer as pictures") + "**")
    picture("inspect_change_pictures", saliency_maps.titled_pictures(panels, _PICTURE))
    st.caption(
        _(
            "How to read it: blue weights grow, amber ones fall. The change of a neuron's weights is always the picture"
            " that came in itself, times a number: that is how digits get written into the weights, one example after"
            " the other. Shown are those with the largest δ."
        )
    )
