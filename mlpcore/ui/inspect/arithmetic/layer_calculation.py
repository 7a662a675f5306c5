"""One layer: the calculation of one of its units with all its numbers, and a table of all units."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from mlpcore import formatting
from mlpcore.analysis.calculations import UnitCalculation, calculate_unit
from mlpcore.figures import images
from mlpcore.figures.calculation_table import CalculationLine, applied_formula, calculation_table, variable
from mlpcore.figures.images import TitledPicture
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.example_context import ExampleContext
from mlpcore.ui.inspect.example_selection import select_class
from mlpcore.ui.inspect.neuron_selection import layer_name
from mlpcore.ui.shell.language import _, ngettext, paragraph

_TERMS = 5
_IMAGE = 160
_TABLE_HEIGHT = 300


def show_layer_calculation(context: ExampleContext, layer: int) -> None:
    """The layer with this index, from 0 on."""
    st.subheader(layer_name(layer, context.network), anchor=False)
    st.caption(_size(context, layer))
    left, right = st.columns([4, 3], gap="large")
    with right:
        units = len(context.network.layers[layer].bias)
        text = _("All {count} classes") if layer == context.output else _("All {count} neurons of this layer")
        text = text.format(count=formatting.count(units))
        key = f"inspect_all_units_{layer}"
        # The table is drawn only where it is open: a browser takes longer for it than for the rest of the page.
        table = st.expander(text, icon=":material/table_rows:", key=key, on_change="rerun")
    with left:
        unit = _select_unit(context, layer, table if table.open else None)
        _unit_calculation(context, layer, unit)
    if layer == 0 and context.inspected.has_images:
        _images(context, unit)


def _size(context: ExampleContext, layer: int) -> str:
    inputs, units = context.network.layers[layer].kernel.shape
    sizes = _("{inputs} inputs, {units} outputs: {inputs} × {units} weights and {units} biases.").format(
        inputs=formatting.count(inputs), units=formatting.count(units)
    )
    name = _("Activation: {name}.").format(name=context.activation_name(layer))
    return paragraph(sizes, name)


def _unit_calculation(context: ExampleContext, layer: int, unit: int) -> None:
    weights, forward = context.network.layers[layer], context.forward
    z, a = (float(values[layer][0, unit]) for values in (forward.preactivations, forward.activations))
    numbers = calculate_unit(weights, context.layer_input(layer), z, a, unit, _TERMS)
    formula = None if layer == context.output else applied_formula(weights.activation, numbers.z, numbers.alpha)
    picture(f"inspect_sum_{layer}", calculation_table(_lines(context, layer, numbers, formula)))
    if numbers.zeros:
        text = ngettext(
            "{zeros} of {count} inputs is 0 and adds nothing.",
            "{zeros} of {count} inputs are 0 and add nothing.",
            numbers.zeros,
        )
        st.caption(text.format(zeros=formatting.count(numbers.zeros), count=formatting.count(len(weights.kernel))))


def _lines(
    context: ExampleContext, layer: int, numbers: UnitCalculation, formula: Markup | None
) -> list[CalculationLine]:
    """The terms, the rest, the sum, the bias, and the activation, of which the output has none."""
    z, a = variable("z"), variable("a")
    product = Markup("{} × {}").format(variable("x"), variable("w"))
    lines = [CalculationLine(_("Input"), product, _("Product"), faint=True)]
    lines += [
        CalculationLine(
            context.input_name(layer, term.index),
            f"{formatting.exact(term.value)} × {formatting.factor(term.weight)}",
            formatting.exact(term.product),
        )
        for term in numbers.terms
    ]
    if numbers.omitted:
        text = ngettext("… and {count} more term", "… and {count} more terms", numbers.omitted)
        lines.append(
            CalculationLine(text.format(count=formatting.count(numbers.omitted)), "", formatting.exact(numbers.rest))
        )
    if numbers.rounding:
        lines.append(CalculationLine(_("rounding error"), "", formatting.exact(numbers.rounding)))
    lines += [
        CalculationLine(_("Weighted sum"), "", formatting.exact(numbers.weighted), ruled=True),
        CalculationLine(_("Bias"), variable("b"), formatting.exact(numbers.bias)),
        CalculationLine(_("Sum with bias"), z, formatting.exact(numbers.z), ruled=True, strong=not formula),
    ]
    if formula:
        applied = Markup("{} = {}").format(a, formula)
        lines.append(CalculationLine(_("Activation"), applied, formatting.exact(numbers.a), strong=True))
    return lines


def _images(context: ExampleContext, unit: int) -> None:
    """For images the whole sum can be seen at once: input, weights, and products, pixel by pixel."""
    image = context.received
    weights = context.as_image(context.network.layers[0].kernel[:, unit])
    titles = _("Input"), _("Weights"), _("Input × weight")
    panels = [TitledPicture(titles[0], images.input_picture(image, titles[0]))]
    maps = (np.zeros_like(image), weights), (image, image * weights)
    for title, (background, values) in zip(titles[1:], maps, strict=True):
        largest = float(abs(values).max())
        below = (
            images.color_scale(formatting.number(largest), "", "") if largest else images.all_zero(_("0 everywhere"))
        )
        panels.append(TitledPicture(title, images.heat_map(background, values, title), below))
    picture("inspect_products", images.titled_pictures(panels, _IMAGE))
    st.caption(
        _(
            "How to read it: each pixel of the input is multiplied by the weight at the same place; blue weights are"
            " positive, amber ones negative. The weighted sum is all blue minus all amber of the third image."
        )
    )


def _select_unit(context: ExampleContext, layer: int, container: DeltaGenerator | None) -> int:
    """The unit that is calculated, and in `container`, if there is one, a table of all units whose rows can be picked.

    At first it is the most active neuron, and in the output layer the predicted class.
    """
    if layer == context.output:
        parameter = "output"
        unit = select_class(_("The class whose sum is calculated"), parameter, context, "")
        default = context.predicted
    else:
        parameter = f"n{layer + 1}"
        unit, default = _select_neuron(context, layer, parameter)
    if container is not None:
        first = 0 if layer == context.output else 1
        with container:
            _table(context, layer, unit, lambda row: _put(parameter, row, default, first))
    return unit


def _select_neuron(context: ExampleContext, layer: int, parameter: str) -> tuple[int, int]:
    """A field for a neuron of a hidden layer, counted from 1; its index, and that of the most active one."""
    outputs = context.forward.activations[layer][0]
    count, default = len(outputs), int(np.argmax(outputs))
    key = f"inspect_unit_{layer}"
    st.session_state[key] = page_address.number(parameter, 1, count) or default + 1
    number = st.number_input(
        _("Neuron, from 1 to {count}").format(count=formatting.count(count)),
        1,
        count,
        key=key,
        on_change=lambda: _put(parameter, st.session_state[key] - 1, default, 1),
        help=_("The neuron that is calculated: at first the most active one for this example."),
        width=220,
    )
    return int(number) - 1, default


def _put(parameter: str, unit: int, default: int, first: int) -> None:
    """Write a unit into the address, which counts it from `first` on; the default one is left out."""
    page_address.put(**{parameter: None if unit == default else unit + first})


def _table(context: ExampleContext, layer: int, unit: int, picked: Callable[[int], None]) -> None:
    """All units with their numbers, the calculated one marked; `picked` is called with another row."""
    z, a = context.forward.preactivations[layer][0], context.forward.activations[layer][0]
    bias = context.network.layers[layer].bias
    is_output = layer == context.output
    names = list(context.class_names) if is_output else [str(number + 1) for number in range(len(z))]
    heads = (_("Class") if is_output else _("Neuron"), _("Weighted sum"), _("Bias"), "z", "p" if is_output else "a")
    columns = (names, z - bias, bias, z, a)
    key = _table_key(layer, unit)
    text = _("All classes; select a row to calculate it.")
    st.caption(text if is_output else _("All neurons; select a row to calculate it."))

    def selected() -> None:
        row = _selected_row(key)
        if row is not None and 0 <= row < len(z):
            picked(row)

    st.dataframe(
        pd.DataFrame(dict(zip(heads, columns, strict=True))),
        hide_index=True,
        height=min(_TABLE_HEIGHT, 36 * (len(names) + 1)),
        column_config={head: st.column_config.NumberColumn(format="%.3f") for head in heads[1:]},
        key=key,
        on_select=selected,
        selection_mode="single-row",
        selection_default={"selection": {"rows": [unit]}},
    )


def _table_key(layer: int, unit: int) -> str:
    """The table's key: another one once the unit was chosen elsewhere, so that a new table marks it."""
    name = f"inspect_table_{layer}"
    version = st.session_state.setdefault(f"{name}_version", 0)
    selected = _selected_row(f"{name}_{version}")
    if selected is not None and selected != unit:
        version = st.session_state[f"{name}_version"] = version + 1
    return f"{name}_{version}"


def _selected_row(key: str) -> int | None:
    """The row that is selected in a table, None without one."""
    state = st.session_state.get(key)
    rows = state.selection.rows if state is not None else []
    return rows[0] if isinstance(rows, list) and rows and type(rows[0]) is int else None
