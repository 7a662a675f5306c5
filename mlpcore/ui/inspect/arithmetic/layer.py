"""One layer: the calculation of one of its units with all its numbers, and a table of all units."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.arithmetic import calculation
from mlpcore.figures import saliency_maps
from mlpcore.figures.activation_formulas import applied_formula
from mlpcore.figures.calculation_table import calculation_table
from mlpcore.figures.saliency_maps import TitledPicture
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect.arithmetic import unit_choice
from mlpcore.ui.inspect.arithmetic.lines import calculated
from mlpcore.ui.inspect.arithmetic.sheet import Sheet
from mlpcore.ui.inspect.unit_address import layer_name
from mlpcore.ui.shell.language import _, ngettext

_TERMS = 5
_PICTURE = 160


def show(sheet: Sheet, index: int) -> None:
    """The layer with this index, from 0 on."""
    layer = sheet.network.layers[index]
    st.subheader(layer_name(index, sheet.network), anchor=False)
    st.caption(_facts(sheet, index))
    left, right = st.columns([4, 3], gap="large")
    with right:
        text = _("All {count} classes") if index == sheet.last else _("All {count} neurons of this layer")
        text = text.format(count=formatting.count(len(layer.bias)))
        table = st.expander(text, icon=":material/table_rows:", key=f"inspect_all_units_{index}", on_change="rerun")
    with left:
        unit = unit_choice.choose(sheet, index, table if table.open else None)
        z, a = (float(values[index][0, unit]) for values in (sheet.passed.preactivations, sheet.passed.activations))
        found = calculation(layer, sheet.flow(index), z, a, unit, _TERMS)
        formula = "" if index == sheet.last else applied_formula(layer.activation, found.z, found.alpha)
        picture(f"inspect_sum_{index}", calculation_table(calculated(sheet, index, found, formula)))
        if found.zeros:
            text = ngettext(
                "{zeros} of {count} input is 0 and adds nothing.",
                "{zeros} of {count} inputs are 0 and add nothing.",
                len(layer.kernel),
            )
            st.caption(text.format(zeros=formatting.count(found.zeros), count=formatting.count(len(layer.kernel))))
    if index == 0 and sheet.pictures:
        _pictures(sheet, unit)


def _facts(sheet: Sheet, index: int) -> str:
    inputs, units = sheet.network.layers[index].kernel.shape
    sizes = _("{inputs} numbers come in, {units} come out: {inputs} × {units} weights and {units} biases.").format(
        inputs=formatting.count(inputs), units=formatting.count(units)
    )
    name = _("Activation: {name}.").format(name=sheet.activation(index))
    return f"{sizes} {name}"


def _pictures(sheet: Sheet, unit: int) -> None:
    """For pictures the whole sum can be seen at once: input, weights, and products, pixel by pixel."""
    image = sheet.as_picture(sheet.passed.received[0])
    weights = sheet.as_picture(sheet.network.layers[0].kernel[:, unit])
    titles = _("Input"), _("Weights"), _("Input × weight")
    panels = [TitledPicture(titles[0], saliency_maps.ink_picture(image, titles[0]))]
    below_ink = (np.zeros_like(image), weights), (image, image * weights)
    for title, (ink, values) in zip(titles[1:], below_ink, strict=True):
        largest = float(abs(values).max())
        below = (
            saliency_maps.color_scale(formatting.number(largest), "", "")
            if largest
            else saliency_maps.all_zero(_("0 everywhere"))
        )
        panels.append(TitledPicture(title, saliency_maps.heat_map(ink, values, title), below))
    picture("inspect_products", saliency_maps.titled_pictures(panels, _PICTURE))
    st.caption(
        _(
            "How to read it: each pixel of the input is multiplied by the weight at the same place, blue for positive"
            " and amber for negative weights. The weighted sum is all blue minus all amber of the third picture."
        )
    )
