"""The network that a spec describes, before it is trained: its picture, its parameters, and what an epoch is."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mlpcore import formatting
from mlpcore.datasets import DatasetInfo
from mlpcore.figures.network_diagram import Column, network_svg
from mlpcore.spec import RunSpec, choices
from mlpcore.spec.parameters import LayerParameters, layer_parameters
from mlpcore.ui.components import component
from mlpcore.ui.shell.browser import on_phone
from mlpcore.ui.shell.language import _, ngettext

_picture = component("network_sketch")

# A three of the digits dataset and a shirt, levels 0 to 9: inputs of networks for images.
_DIGIT = ("00279800", "02898800", "02718400", "00059400", "00069940", "00013740", "00166830", "00299500")
_SHIRT = ("02600620", "59888895", "68999986", "06999960", "00999900", "00899800", "00899800", "00788700")


def draw_network_sketch(spec: RunSpec | None, key: str = "network") -> None:
    """Draw the network, or say why there is none; `key` distinguishes two sketches on one page."""
    if spec is None:
        st.info(_("Correct the settings marked in red to see the network again."), icon=":material/edit:")
        return
    _picture(key=key, data=str(sketch_svg(spec)))
    left, right = st.columns([3, 2], gap="medium")
    with left, st.container(gap="small"):
        _heading(_("Parameters"), _("The numbers that training adjusts: weights and biases."))
        st.table(parameter_table(spec), border="horizontal", hide_index=True)
    with right, st.container(gap="small"):
        _heading(_("One epoch"), _("One pass through the training set."))
        st.markdown(epoch_text(spec))


def _heading(title: str, help_text: str) -> None:
    st.markdown(f"**{title}**", help=help_text)


def sketch_svg(spec: RunSpec) -> str:
    """The SVG of the network, its text in the user's language."""
    info = spec.info
    columns = [Column(info.inputs, _("Input"), (_input_note(info),), _names(info))]
    for number, layer in enumerate(spec.hidden, 1):
        notes = [_(choices.ACTIVATIONS[layer.activation].label)]
        if layer.dropout:
            notes.append(_("dropout {rate}").format(rate=formatting.setting(layer.dropout)))
        columns.append(
            Column(layer.units, _("Hidden {number}").format(number=number), tuple(notes), dropped=layer.dropout)
        )
    columns.append(Column(info.classes, _("Output"), ("softmax",), tuple(_(name) for name in info.class_names)))
    layers = ", ".join(f"{formatting.count(column.units)} {' '.join(column.notes)}" for column in columns)
    return network_svg(columns, _("The network: {layers}.").format(layers=layers), _pixels(info), narrow=on_phone())


def parameter_table(spec: RunSpec) -> pd.DataFrame:
    """One row per layer with the arithmetic, and the sum."""
    rows = layer_parameters(spec)
    texts = [(_layer_name(number, row, spec), row.arithmetic) for number, row in enumerate(rows, 1)]
    total = sum(row.total for row in rows)
    sums = " + ".join(formatting.count(row.total) for row in rows)
    last = (_("Sum"), f"{sums} = {formatting.count(total)}" if len(rows) > 1 else formatting.count(total))
    texts.append((f"**{last[0]}**", f"**{last[1]}**"))
    return pd.DataFrame(texts, columns=[_("Layer"), _("(inputs + 1) × units")])


def epoch_text(spec: RunSpec) -> str:
    """What happens in an epoch, as a few Markdown lines."""
    lines = [
        _("{count} training examples").format(count=f"**{formatting.count(spec.train_count)}**"),
        ngettext(
            "in **{steps}** step of up to {batch} examples",
            "in **{steps}** steps of {batch} examples",
            spec.steps_per_epoch,
        ).format(steps=formatting.count(spec.steps_per_epoch), batch=formatting.count(spec.batch_size)),
        _("then validation on {count} examples").format(count=f"**{formatting.count(spec.validation_count)}**")
        if spec.validation_count
        else _("no validation"),
        ngettext("**{epochs}** epoch in total", "**{epochs}** epochs in total", spec.epochs).format(
            epochs=formatting.count(spec.epochs)
        ),
    ]
    return "\n".join(f"- {line}" for line in lines)


def _layer_name(number: int, row: LayerParameters, spec: RunSpec) -> str:
    if number > len(spec.hidden):
        return _("Output (softmax)")
    label = _(choices.ACTIVATIONS[row.activation].label)
    return _("Hidden {number} ({activation})").format(number=number, activation=label)


def _input_note(info: DatasetInfo) -> str:
    if info.kind == "image":
        return _("{size} pixels").format(size="×".join(map(str, info.input_shape)))
    return _("measurements")


def _names(info: DatasetInfo) -> tuple[str, ...]:
    return tuple(_(name) for name in info.feature_names or ())


def _pixels(info: DatasetInfo) -> tuple[str, ...]:
    if info.kind != "image":
        return ()
    return _DIGIT if info.draws_digits else _SHIRT
